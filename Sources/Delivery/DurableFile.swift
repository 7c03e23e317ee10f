import Foundation
import Glibc
import Model

/// Writes files so that after a crash either the old or the new content is there, whole.
enum DurableFile {
  /// Replaces a file: written beside it, synced, renamed, and the folder synced.
  static func replace(_ path: String, with bytes: [UInt8], mode: mode_t = 0o600) throws {
    let folder = URL(filePath: path).deletingLastPathComponent().path
    let temporary = path + ".new"
    let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode)
    guard file >= 0 else { throw problem("written", temporary) }
    do {
      defer { close(file) }
      // A file left by a crash keeps its own mode.
      guard fchmod(file, mode) == 0 else { throw problem("written", temporary) }
      try write(bytes, to: file, path: temporary)
      guard fsync(file) == 0 else { throw problem("synced", temporary) }
    }
    guard rename(temporary, path) == 0 else { throw problem("replaced", path) }
    try syncFolder(folder)
  }

  /// Makes a folder that only its owner can look into.
  static func makeFolder(_ path: String) throws {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw Problem(.inputOutput, "the folder could not be made: \(error)", at: path)
    }
  }

  /// The bytes of a file; `nil` when there is none.
  static func read(_ path: String, limit: Int = 16 << 20) throws -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else {
      if errno == ENOENT { return nil }
      throw problem("read", path)
    }
    defer { close(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(file, &buffer, buffer.count)
      if count == 0 { return bytes }
      guard count > 0 else {
        if errno == EINTR { continue }
        throw problem("read", path)
      }
      bytes.append(contentsOf: buffer.prefix(count))
      guard bytes.count <= limit else {
        throw Problem(.badInput, "the file is larger than \(limit) bytes", at: path)
      }
    }
  }

  private static func write(_ bytes: [UInt8], to file: CInt, path: String) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      guard count >= 0 else {
        if errno == EINTR { continue }
        throw problem("written", path)
      }
      rest = rest.dropFirst(count)
    }
  }

  private static func syncFolder(_ path: String) throws {
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw problem("synced", path) }
    defer { close(folder) }
    guard fsync(folder) == 0 else { throw problem("synced", path) }
  }

  private static func problem(_ verb: String, _ path: String) -> Problem {
    Problem(
      .inputOutput, "the file could not be \(verb): \(String(cString: strerror(errno)))", at: path)
  }
}
