/// A version of RPM: `[epoch:]version[-release]`.
struct RPMVersion {
  private let epoch: ArraySlice<UInt8>
  private let version: ArraySlice<UInt8>
  private let release: ArraySlice<UInt8>?

  init?(_ text: String) {
    var rest = ArraySlice(Array(text.utf8))
    guard rest.allSatisfy({ (0x21...0x7e).contains($0) }) else { return nil }
    if let colon = rest.firstIndex(of: 0x3a) {
      epoch = rest[..<colon]
      guard Digits.isNumber(epoch) else { return nil }
      rest = rest[(colon + 1)...]
    } else {
      epoch = []
    }
    if let hyphen = rest.lastIndex(of: 0x2d) {
      version = rest[..<hyphen]
      release = rest[(hyphen + 1)...]
    } else {
      version = rest
      release = nil
    }
    guard !version.isEmpty, release?.isEmpty != true else { return nil }
  }

  func compare(_ other: RPMVersion) -> Int {
    let byEpoch = Digits.compare(epoch, other.epoch)
    if byEpoch != 0 { return byEpoch }
    let byVersion = Self.compare(version, other.version)
    guard byVersion == 0, let release, let second = other.release else { return byVersion }
    return Self.compare(release, second)
  }

  /// Segments of digits and of letters; a tilde comes before everything, a caret after the end and
  /// before everything else.
  private static func compare(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Int {
    var left = left
    var right = right
    while true {
      left = left.drop { !isPart($0) }
      right = right.drop { !isPart($0) }
      for (mark, isAfterEnd) in [(UInt8(0x7e), false), (UInt8(0x5e), true)] {
        let isLeft = left.first == mark
        let isRight = right.first == mark
        guard isLeft || isRight else { continue }
        if isLeft && isRight { break }
        let isOtherEnded = isLeft ? right.isEmpty : left.isEmpty
        let isGreater = isAfterEnd && isOtherEnded
        return isLeft == isGreater ? 1 : -1
      }
      if let mark = left.first, mark == 0x7e || mark == 0x5e {
        left = left.dropFirst()
        right = right.dropFirst()
        continue
      }
      guard let first = left.first, let second = right.first else {
        return left.isEmpty ? (right.isEmpty ? 0 : -1) : 1
      }
      let isNumber = Digits.isDigit(first)
      // A number is newer than letters, whichever side has it.
      guard isNumber == Digits.isDigit(second) else { return isNumber ? 1 : -1 }
      let part = left.prefix { isNumber ? Digits.isDigit($0) : Digits.isLetter($0) }
      let other = right.prefix { isNumber ? Digits.isDigit($0) : Digits.isLetter($0) }
      let result = isNumber ? Digits.compare(part, other) : Digits.bytes(part, other)
      if result != 0 { return result }
      left = left.dropFirst(part.count)
      right = right.dropFirst(other.count)
    }
  }

  private static func isPart(_ byte: UInt8) -> Bool {
    Digits.isDigit(byte) || Digits.isLetter(byte) || byte == 0x7e || byte == 0x5e
  }
}
