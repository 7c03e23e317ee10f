/// What stays the same of a finding when its line moves or another tool reports it: the first 128
/// bits of a SHA-256 over what identifies it.
public struct Fingerprint: Hashable, Sendable, Codable, CustomStringConvertible {
  private let high: UInt64
  private let low: UInt64

  /// The fingerprint of the parts that identify a finding, in their order.
  ///
  /// No two lists of parts are written to the same bytes: each part is preceded by its length.
  public init(of parts: [String]) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(parts.reduce(0) { $0 + $1.utf8.count + 4 })
    for part in parts {
      withUnsafeBytes(of: UInt32(truncatingIfNeeded: part.utf8.count).bigEndian) {
        bytes.append(contentsOf: $0)
      }
      bytes.append(contentsOf: part.utf8)
    }
    (high, low) = Digest.firstBits(ofSHA256: bytes)
  }

  /// Thirty-two characters of lower-case hexadecimal.
  public var description: String { Self.text(high) + Self.text(low) }

  private static func text(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// Reads thirty-two hexadecimal characters.
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard text.utf8.count == 32, text.utf8.allSatisfy(Hexadecimal.isLowercaseDigit),
      let high = UInt64(text.prefix(16), radix: 16), let low = UInt64(text.suffix(16), radix: 16)
    else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath, debugDescription: "expected 32 characters of 0-9a-f"))
    }
    self.high = high
    self.low = low
  }

  /// Writes thirty-two hexadecimal characters.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
