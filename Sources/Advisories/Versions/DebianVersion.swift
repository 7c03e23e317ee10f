/// A version of Debian and its descendants: `[epoch:]upstream[-revision]` (Debian Policy 5.6.12).
struct DebianVersion {
  private let epoch: ArraySlice<UInt8>
  private let upstream: ArraySlice<UInt8>
  private let revision: ArraySlice<UInt8>

  /// `nil` for what dpkg refuses: spaces, an epoch that is no number, an empty upstream version.
  init?(_ text: String) {
    var rest = ArraySlice(Array(text.utf8))
    if let colon = rest.firstIndex(of: 0x3a) {
      epoch = rest[..<colon]
      guard Digits.isNumber(epoch) else { return nil }
      rest = rest[(colon + 1)...]
    } else {
      epoch = []
    }
    if let hyphen = rest.lastIndex(of: 0x2d) {
      upstream = rest[..<hyphen]
      revision = rest[(hyphen + 1)...]
      guard !revision.isEmpty else { return nil }
    } else {
      upstream = rest
      revision = []
    }
    guard let first = upstream.first, Digits.isDigit(first),
      upstream.allSatisfy({ Self.isAllowed($0) || $0 == 0x2d || $0 == 0x3a }),
      revision.allSatisfy(Self.isAllowed)
    else { return nil }
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    Digits.isDigit(byte) || Digits.isLetter(byte) || [0x2e, 0x2b, 0x7e].contains(byte)
  }

  func compare(_ other: DebianVersion) -> Int {
    let byEpoch = Digits.compare(epoch, other.epoch)
    if byEpoch != 0 { return byEpoch }
    let byUpstream = Self.compare(upstream, other.upstream)
    return byUpstream != 0 ? byUpstream : Self.compare(revision, other.revision)
  }

  /// Parts without digits and numbers in turns: letters before all others, a tilde before the end.
  private static func compare(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Int {
    var left = left
    var right = right
    while !left.isEmpty || !right.isEmpty {
      let first = left.prefix { !Digits.isDigit($0) }
      let second = right.prefix { !Digits.isDigit($0) }
      for place in 0..<max(first.count, second.count) {
        let one = rank(first, place)
        let other = rank(second, place)
        if one != other { return one < other ? -1 : 1 }
      }
      left = left.dropFirst(first.count)
      right = right.dropFirst(second.count)
      let number = left.prefix(while: Digits.isDigit)
      let otherNumber = right.prefix(while: Digits.isDigit)
      let result = Digits.compare(number, otherNumber)
      if result != 0 { return result }
      left = left.dropFirst(number.count)
      right = right.dropFirst(otherNumber.count)
    }
    return 0
  }

  private static func rank(_ part: ArraySlice<UInt8>, _ place: Int) -> Int {
    guard place < part.count else { return 0 }
    let byte = part[part.startIndex + place]
    if byte == 0x7e { return -1 }
    return Digits.isLetter(byte) ? Int(byte) : Int(byte) + 256
  }
}
