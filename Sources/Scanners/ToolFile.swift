import Glibc
import Model

/// Files of a run's folder; no link is followed.
enum ToolFile {
  /// Writes a new file.
  static func write(_ text: String, to path: String) throws {
    try write(Array(text.utf8), to: path)
  }

  /// Writes a new file.
  static func write(_ bytes: [UInt8], to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw problem("cannot be written", path) }
    defer { close(descriptor) }
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw problem("cannot be written", path) }
      done += count
    }
  }

  /// The bytes of a regular file; `nil` when there is none.
  static func read(_ path: String, limit: Int) throws -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw problem("cannot be read", path)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw Problem(.badInput, "expected a file", at: path)
    }
    guard status.st_size <= limit else {
      throw Problem(.badInput, "it is larger than the \(limit) bytes allowed", at: path)
    }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeMutableBytes {
        Glibc.read(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw problem("cannot be read", path) }
      if count == 0 { break }
      done += count
    }
    return Array(bytes.prefix(done))
  }

  private static func problem(_ what: String, _ path: String) -> Problem {
    Problem(.inputOutput, "the file \(what): \(String(cString: strerror(errno)))", at: path)
  }
}
