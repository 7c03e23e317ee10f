import Model

/// Reads the length-prefixed fields of OpenSSH's binary formats (RFC 4251, section 5).
public struct OpenSSHReader {
  private let bytes: [UInt8]
  private var position = 0

  /// Begins at the first byte.
  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Whether all bytes are read.
  public var isAtEnd: Bool { position == bytes.count }

  /// The bytes that are not read yet.
  public var rest: [UInt8] { Array(bytes[position...]) }

  /// A 32-bit number, most significant byte first.
  public mutating func number() throws -> Int {
    try take(4).reduce(0) { $0 << 8 | Int($1) }
  }

  /// A string of bytes.
  public mutating func string() throws -> [UInt8] {
    let count = try number()
    return Array(try take(count))
  }

  /// A string that must be ASCII.
  public mutating func text() throws -> String {
    let bytes = try string()
    guard bytes.allSatisfy({ (0x20...0x7e).contains($0) }) else {
      throw Problem(.badInput, "a field of the OpenSSH key or signature is not plain text")
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// So many bytes as they are.
  public mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
    guard count >= 0, count <= bytes.count - position else {
      throw Problem(.badInput, "the OpenSSH key or signature is cut off")
    }
    defer { position += count }
    return bytes[position..<position + count]
  }
}
