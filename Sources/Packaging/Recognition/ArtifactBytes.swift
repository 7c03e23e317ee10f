import Model

import struct Foundation.Data
import class Foundation.FileHandle

/// A file that is read at places, so that a large one costs little memory.
final class ArtifactBytes {
  let size: Int64
  private let handle: FileHandle

  /// Opens a file.
  ///
  /// - Throws: `Problem` with `notFound` or `inputOutput`.
  init(path: String) throws {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw Problem(.notFound, "there is no such file", at: path)
    }
    self.handle = handle
    size = Int64(try handle.seekToEnd())
  }

  deinit { try? handle.close() }

  /// The bytes at a place; fewer where the file ends.
  func read(at offset: Int64, _ count: Int) throws -> [UInt8] {
    guard offset >= 0, offset < size else { return [] }
    try handle.seek(toOffset: UInt64(offset))
    var bytes: [UInt8] = []
    while bytes.count < count,
      let part = try handle.read(upToCount: count - bytes.count), !part.isEmpty
    {
      bytes += part
    }
    return bytes
  }

  /// SHA-256 of the whole file.
  func digest() throws -> Digest {
    try handle.seek(toOffset: 0)
    var stream = Digest.Stream()
    while let part = try handle.read(upToCount: 1 << 20), !part.isEmpty {
      part.withUnsafeBytes { stream.update($0) }
    }
    return stream.finalize()
  }
}

extension [UInt8] {
  /// A little-endian number of so many bytes at a place; zero where it does not fit.
  func number(at offset: Int, _ width: Int) -> UInt64 {
    guard offset >= 0, offset + width <= count else { return 0 }
    return self[offset..<offset + width].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  func has(_ bytes: [UInt8], at offset: Int) -> Bool {
    offset + bytes.count <= count && self[offset...].starts(with: bytes)
  }
}
