import struct Crypto.SHA256

/// Writes the fields of OpenSSH's binary formats (RFC 4251, section 5).
public enum OpenSSHWriter {
  /// A 32-bit number, most significant byte first; the value must fit.
  public static func number(_ value: Int) -> [UInt8] {
    withUnsafeBytes(of: UInt32(truncatingIfNeeded: value).bigEndian) { Array($0) }
  }

  /// A string with its length before it.
  public static func string(_ bytes: some Collection<UInt8>) -> [UInt8] {
    number(bytes.count) + Array(bytes)
  }

  /// A text as a string.
  public static func string(_ text: String) -> [UInt8] { string(Array(text.utf8)) }

  /// A positive number of any length in its shortest form (`mpint`).
  static func positive(_ digits: some Collection<UInt8>) -> [UInt8] {
    let shortest = Array(digits.drop { $0 == 0 })
    return string((shortest.first ?? 0) >= 0x80 ? [0] + shortest : shortest)
  }

  static func sha256(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }
}
