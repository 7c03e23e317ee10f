import Attestation

/// The small forms that all texts of a log are made of: lines, decimals, base64, hashes. Each has
/// exactly one spelling, so that what was read can be written again byte for byte.
enum LineText {
  static let lineFeed: UInt8 = 0x0a

  /// The lines of a text, each without its line feed; `nil` when the last is not ended by one.
  static func lines(_ text: some Sequence<UInt8>) -> [[UInt8]]? {
    let bytes = Array(text)
    guard let last = bytes.last else { return [] }
    guard last == lineFeed else { return nil }
    return bytes.dropLast().split(separator: lineFeed, omittingEmptySubsequences: false).map {
      Array($0)
    }
  }

  /// A decimal number without sign and without leading zero, up to 2⁶³ - 1.
  static func decimal(_ digits: some Collection<UInt8>) -> Int64? {
    guard let first = digits.first, first != 0x30 || digits.count == 1 else { return nil }
    var number: Int64 = 0
    for digit in digits {
      guard (0x30...0x39).contains(digit) else { return nil }
      let (tens, overflow) = number.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(Int64(digit - 0x30))
      guard !overflow, !carry else { return nil }
      number = sum
    }
    return number
  }

  /// Standard, padded base64 in its one form (RFC 4648, section 4): no other spelling of the same
  /// bytes is taken.
  static func base64(_ text: some Sequence<UInt8>) -> [UInt8]? {
    let text = String(decoding: Array(text), as: UTF8.self)
    guard let bytes = Base64.decode(text), Base64.encode(bytes).utf8.elementsEqual(text.utf8) else {
      return nil
    }
    return bytes
  }

  /// A hash in base64.
  static func hash(_ text: some Sequence<UInt8>) -> TreeHash? {
    base64(text).flatMap { TreeHash($0) }
  }

  /// What follows `prefix`; `nil` when the line begins otherwise.
  static func rest(of line: [UInt8], after prefix: String) -> ArraySlice<UInt8>? {
    line.starts(with: prefix.utf8) ? line.dropFirst(prefix.utf8.count) : nil
  }

  /// Whether two texts have the same bytes. Swift's `==` looks at canonical equivalence, under
  /// which two different names could pass for one.
  static func same(_ left: String, _ right: String) -> Bool {
    left.utf8.elementsEqual(right.utf8)
  }
}
