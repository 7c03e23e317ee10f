public import Foundation
import Model

/// A file that is written piece by piece and is there whole or not at all, also after a crash.
public struct DurableStream {
  private let path: String
  private let temporary: String
  private let descriptor: Int32

  /// Begins a file beside its place, runs `body`, flushes, renames and flushes the folder.
  ///
  /// - Throws: `Problem` with `inputOutput`, or what `body` throws; then nothing is there.
  public static func write<Value>(
    to path: String, mode: mode_t = 0o600, _ body: (DurableStream) async throws -> Value
  ) async throws -> Value {
    let stream = try DurableStream(path, mode)
    do {
      let value = try await body(stream)
      try stream.finish()
      return value
    } catch {
      close(stream.descriptor)
      unlink(stream.temporary)
      throw error
    }
  }

  private init(_ path: String, _ mode: mode_t) throws {
    self.path = path
    temporary = "\(path).\(UUID().uuidString).part"
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw Self.failure("the file cannot be made", path) }
  }

  /// Writes further bytes.
  ///
  /// - Throws: `Problem` with `inputOutput`.
  public func append(_ bytes: [UInt8]) throws {
    var done = 0
    while done < bytes.count {
      let written = bytes.withUnsafeBytes { buffer in
        Foundation.write(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
      }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw Self.failure("the file cannot be written", path) }
      done += written
    }
  }

  private func finish() throws {
    guard fsync(descriptor) == 0 else { throw Self.failure("the file cannot be flushed", path) }
    guard rename(temporary, path) == 0 else {
      throw Self.failure("the file cannot be put in its place", path)
    }
    close(descriptor)
    try DurableFolder.flush(PathText.parent(of: path))
  }

  private static func failure(_ what: String, _ path: String) -> Problem {
    Problem(.inputOutput, "\(what): \(String(cString: strerror(errno)))", at: path)
  }
}

/// A file that is read piece by piece.
public struct FileReader {
  private let path: String
  private let handle: FileHandle

  /// Opens a regular file.
  ///
  /// - Throws: `Problem` with `notFound` or `inputOutput`.
  public init(_ path: String) throws {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      let exists = FileManager.default.fileExists(atPath: path)
      throw Problem(
        exists ? .inputOutput : .notFound,
        exists ? "the file cannot be opened" : "there is no file", at: path)
    }
    self.path = path
    self.handle = handle
  }

  /// The next so many bytes, fewer only at the file's end.
  ///
  /// - Throws: `Problem` with `inputOutput`.
  public func read(_ count: Int) throws -> [UInt8] {
    guard count > 0 else { return [] }
    do {
      var bytes: [UInt8] = []
      while bytes.count < count, let next = try handle.read(upToCount: count - bytes.count),
        !next.isEmpty
      { bytes.append(contentsOf: next) }
      return bytes
    } catch {
      throw Problem(.inputOutput, "the file cannot be read", at: path)
    }
  }
}
