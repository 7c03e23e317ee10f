public import Foundation
import Model

/// Writes files so that they are there whole or not at all, also after a crash.
public enum DurableFile {
  /// Writes beside the place, flushes, renames and flushes the folder.
  ///
  /// - Throws: `Problem` with `inputOutput`, the file unchanged.
  public static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o600) throws {
    let parent = PathText.parent(of: path)
    let temporary = "\(path).\(UUID().uuidString).part"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw failure("the file cannot be made", temporary) }
    do {
      defer { close(descriptor) }
      try writeAll(bytes, to: descriptor, path: temporary)
      guard fsync(descriptor) == 0 else { throw failure("the file cannot be flushed", temporary) }
    } catch {
      unlink(temporary)
      throw error
    }
    guard rename(temporary, path) == 0 else {
      let problem = failure("the file cannot be put in its place", path)
      unlink(temporary)
      throw problem
    }
    try DurableFolder.flush(parent)
  }

  /// Makes a folder, and those above it, that only its owner can look into.
  ///
  /// - Throws: `Problem` with `inputOutput`.
  public static func makeFolder(_ path: String) throws {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw Problem(.inputOutput, "the folder cannot be made", at: path)
    }
  }

  /// The bytes of a file; `nil` when there is none.
  ///
  /// - Throws: `Problem` with `badInput` beyond the limit, or `inputOutput`.
  public static func read(_ path: String, limit: Int = 16 << 20) throws -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw failure("the file cannot be read", path)
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Foundation.read(descriptor, &buffer, buffer.count)
      if count == 0 { return bytes }
      guard count > 0 else {
        if errno == EINTR { continue }
        throw failure("the file cannot be read", path)
      }
      bytes.append(contentsOf: buffer.prefix(count))
      guard bytes.count <= limit else {
        throw Problem(.badInput, "the file is larger than \(limit) bytes", at: path)
      }
    }
  }

  private static func writeAll(_ bytes: [UInt8], to descriptor: Int32, path: String) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw failure("the file cannot be written", path) }
      rest = rest.dropFirst(written)
    }
  }

  private static func failure(_ what: String, _ path: String) -> Problem {
    Problem(.inputOutput, "\(what): \(String(cString: strerror(errno)))", at: path)
  }
}
