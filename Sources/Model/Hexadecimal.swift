/// Hexadecimal in its one accepted form: lower case, two characters a byte.
public enum Hexadecimal {
  private static let digits = Array("0123456789abcdef".utf8)

  /// Writes bytes as lower-case hexadecimal.
  public static func encode(_ bytes: some Sequence<UInt8>) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.underestimatedCount * 2)
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 0x0f)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Reads lower-case hexadecimal; `nil` for anything else.
  public static func decode(_ text: some StringProtocol) -> [UInt8]? {
    let source = Array(text.utf8)
    guard source.count.isMultiple(of: 2), source.allSatisfy(isLowercaseDigit) else { return nil }
    return stride(from: 0, to: source.count, by: 2).map {
      value(source[$0]) << 4 | value(source[$0 + 1])
    }
  }

  /// Whether a character is one of `0-9a-f`.
  static func isLowercaseDigit(_ character: UInt8) -> Bool {
    (0x30...0x39).contains(character) || (0x61...0x66).contains(character)
  }

  private static func value(_ character: UInt8) -> UInt8 {
    character <= 0x39 ? character - 0x30 : character - 0x61 + 10
  }
}
