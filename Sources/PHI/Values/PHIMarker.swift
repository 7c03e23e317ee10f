import Crypto

/// Tells that two findings hold the same value, without telling what it is: HMAC-SHA-256 (RFC 2104)
/// with a key that who reads the findings does not have.
///
/// Identifiers are short, so a hash without a key would be found out by trying them all. Values are
/// folded first: signs and capitals make no difference, nor does the order of a name's words.
public struct PHIMarker: Sendable {
  /// The shortest key, in bytes.
  public static let leastKey = 16

  private let key: SymmetricKey

  /// A marker with a key of at least 16 bytes; `nil` with a shorter one.
  public init?(key: some Collection<UInt8>) {
    guard key.count >= Self.leastKey else { return nil }
    self.key = SymmetricKey(data: Array(key))
  }

  /// The mark of a value: 32 hexadecimal digits, the first half of the hash.
  public func mark(_ type: PHIKind, _ value: some Collection<UInt8>) -> String {
    let code = HMAC<SHA256>.authenticationCode(for: Self.folded(type, value), using: key)
    var text = ""
    for byte in code.prefix(16) {
      text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
    return text
  }

  private static func folded(_ type: PHIKind, _ value: some Collection<UInt8>) -> [UInt8] {
    var words: [[UInt8]] = [[]]
    for byte in value {
      if Checks.isDigit(byte) || byte >= 0x80 {
        words[words.count - 1].append(byte)
      } else if Checks.isLetter(byte & 0xdf) {
        words[words.count - 1].append(byte | 0x20)
      } else if type == .name, words.last?.isEmpty == false {
        words.append([])
      }
    }
    guard type == .name else { return words.flatMap { $0 } }
    let sorted = words.filter { !$0.isEmpty }.sorted { $0.lexicographicallyPrecedes($1) }
    return Array(sorted.joined(separator: [0x20]))
  }
}
