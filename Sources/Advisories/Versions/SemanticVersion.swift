/// A version by Semantic Versioning 2.0.0. A leading `v` is passed over, as Go and npm do, and minor
/// and patch may be left out.
struct SemanticVersion {
  private let numbers: [ArraySlice<UInt8>]
  private let identifiers: [ArraySlice<UInt8>]

  init?(_ text: String) {
    var rest = ArraySlice(Array(text.utf8))
    if rest.first == 0x76 || rest.first == 0x56 || rest.first == 0x3d { rest = rest.dropFirst() }
    if let plus = rest.firstIndex(of: 0x2b) {
      guard Self.areIdentifiers(rest[(plus + 1)...]) else { return nil }
      rest = rest[..<plus]
    }
    if let hyphen = rest.firstIndex(of: 0x2d) {
      guard Self.areIdentifiers(rest[(hyphen + 1)...]) else { return nil }
      identifiers = rest[(hyphen + 1)...].split(separator: 0x2e)
      rest = rest[..<hyphen]
    } else {
      identifiers = []
    }
    numbers = rest.split(separator: 0x2e, omittingEmptySubsequences: false)
    guard (1...4).contains(numbers.count), numbers.allSatisfy(Digits.isNumber) else { return nil }
  }

  private static func areIdentifiers(_ text: ArraySlice<UInt8>) -> Bool {
    text.split(separator: 0x2e, omittingEmptySubsequences: false).allSatisfy { part in
      !part.isEmpty
        && part.allSatisfy { Digits.isDigit($0) || Digits.isLetter($0) || $0 == 0x2d }
    }
  }

  func compare(_ other: SemanticVersion) -> Int {
    for place in 0..<max(numbers.count, other.numbers.count) {
      let result = Digits.compare(
        place < numbers.count ? numbers[place] : [],
        place < other.numbers.count ? other.numbers[place] : [])
      if result != 0 { return result }
    }
    if identifiers.isEmpty || other.identifiers.isEmpty {
      return identifiers.isEmpty == other.identifiers.isEmpty
        ? 0 : identifiers.isEmpty ? 1 : -1
    }
    for (one, second) in zip(identifiers, other.identifiers) {
      let isNumber = Digits.isNumber(one)
      guard isNumber == Digits.isNumber(second) else { return isNumber ? -1 : 1 }
      let result = isNumber ? Digits.compare(one, second) : Digits.bytes(one, second)
      if result != 0 { return result }
    }
    let difference = identifiers.count - other.identifiers.count
    return difference.signum()
  }
}
