/// A version of a Ruby gem: numbers and words between dots; a word makes it a pre-release.
struct GemVersion {
  private let segments: [ArraySlice<UInt8>]

  init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard let first = bytes.first, Digits.isDigit(first) else { return nil }
    var segments: [ArraySlice<UInt8>] = []
    for (place, part) in bytes.split(separator: 0x2d, omittingEmptySubsequences: false).enumerated()
    {
      if place > 0 { segments.append(ArraySlice("pre".utf8)) }
      for piece in part.split(separator: 0x2e, omittingEmptySubsequences: false) {
        guard !piece.isEmpty else { return nil }
        var rest = piece
        while let byte = rest.first {
          let isNumber = Digits.isDigit(byte)
          guard isNumber || Digits.isLetter(byte) else { return nil }
          let run = rest.prefix { isNumber ? Digits.isDigit($0) : Digits.isLetter($0) }
          segments.append(run)
          rest = rest.dropFirst(run.count)
        }
      }
    }
    // Zeroes before a word or the end say nothing.
    var kept: [ArraySlice<UInt8>] = []
    for segment in segments {
      if !Digits.isNumber(segment) { Self.dropZeroes(&kept) }
      kept.append(segment)
    }
    Self.dropZeroes(&kept)
    self.segments = kept
  }

  private static func dropZeroes(_ segments: inout [ArraySlice<UInt8>]) {
    while let last = segments.last, last.allSatisfy({ $0 == 0x30 }) { segments.removeLast() }
  }

  func compare(_ other: GemVersion) -> Int {
    for place in 0..<max(segments.count, other.segments.count) {
      let one = place < segments.count ? segments[place] : ArraySlice("0".utf8)
      let second = place < other.segments.count ? other.segments[place] : ArraySlice("0".utf8)
      let isNumber = Digits.isNumber(one)
      guard isNumber == Digits.isNumber(second) else { return isNumber ? 1 : -1 }
      let result = isNumber ? Digits.compare(one, second) : Digits.bytes(one, second)
      if result != 0 { return result }
    }
    return 0
  }
}
