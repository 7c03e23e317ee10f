import Foundation
import Model

/// A file that holds a passphrase or a PIN in its first line.
public enum SecretFile {
  /// Reads the first line, without its line end.
  ///
  /// A pipe or an open file descriptor, such as `/dev/fd/3`, is taken too: it leaves nothing behind.
  ///
  /// - Throws: `Problem` with `notFound`, `notTrusted` when others can read the file, or `badInput`.
  public static func read(_ path: String) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw errno == ENOENT
        ? Problem(.notFound, "there is no such file with a passphrase or PIN", at: path)
        : Problem(.inputOutput, "the file with a passphrase or PIN cannot be read", at: path)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
      throw Problem(.badInput, "expected a file with a passphrase or PIN", at: path)
    }
    if status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o077 != 0 {
      throw Problem(
        .notTrusted, "the file with a passphrase or PIN can be read by others", at: path,
        advice: "Close it with: chmod 600 \(path)")
    }
    let line = try firstLine(descriptor, path)
    guard !line.isEmpty else {
      throw Problem(
        .badInput, "the first line, where the passphrase or PIN stands, is empty", at: path)
    }
    return line
  }

  private static func firstLine(_ descriptor: Int32, _ path: String) throws -> [UInt8] {
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while true {
      let count = Foundation.read(descriptor, &byte, 1)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw Problem(.inputOutput, "the file with a passphrase or PIN cannot be read", at: path)
      }
      if count == 0 || byte == 0x0a { break }
      line.append(byte)
      guard line.count <= SecretSource.limit + 1 else {
        throw Problem(
          .badInput, "the passphrase or PIN is longer than \(SecretSource.limit) bytes", at: path)
      }
    }
    if line.last == 0x0d { line.removeLast() }
    return line
  }
}
