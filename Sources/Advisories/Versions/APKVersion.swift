/// A version of Alpine's packages: `digits(.digits)*[letter](_suffix[number])*[~hash][-rN]`.
struct APKVersion {
  private let numbers: [ArraySlice<UInt8>]
  private let letter: UInt8
  private let suffixes: [(rank: Int, number: ArraySlice<UInt8>)]
  private let build: ArraySlice<UInt8>

  /// The suffixes: those before a release, and those after it.
  private static let ranks: [String: Int] = [
    "alpha": -4, "beta": -3, "pre": -2, "rc": -1, "cvs": 1, "svn": 2, "git": 3, "hg": 4, "p": 5,
  ]

  init?(_ text: String) {
    var rest = ArraySlice(Array(text.utf8))
    var numbers: [ArraySlice<UInt8>] = []
    repeat {
      let digits = rest.prefix(while: Digits.isDigit)
      guard !digits.isEmpty else { return nil }
      numbers.append(digits)
      rest = rest.dropFirst(digits.count)
      guard rest.first == 0x2e else { break }
      rest = rest.dropFirst()
    } while true
    self.numbers = numbers
    if let byte = rest.first, (0x61...0x7a).contains(byte) {
      letter = byte
      rest = rest.dropFirst()
    } else {
      letter = 0
    }
    var suffixes: [(rank: Int, number: ArraySlice<UInt8>)] = []
    while rest.first == 0x5f {
      rest = rest.dropFirst()
      let word = rest.prefix(while: Digits.isLetter)
      guard let rank = Self.ranks[String(decoding: word, as: UTF8.self)] else { return nil }
      rest = rest.dropFirst(word.count)
      let digits = rest.prefix(while: Digits.isDigit)
      rest = rest.dropFirst(digits.count)
      suffixes.append((rank, digits))
    }
    self.suffixes = suffixes
    if rest.first == 0x7e {
      rest = rest.dropFirst().drop { Digits.isDigit($0) || (0x61...0x66).contains($0) }
    }
    if rest.starts(with: [0x2d, 0x72]) {
      build = rest.dropFirst(2)
      guard Digits.isNumber(build) else { return nil }
      rest = []
    } else {
      build = []
    }
    guard rest.isEmpty else { return nil }
  }

  func compare(_ other: APKVersion) -> Int {
    for place in 0..<min(numbers.count, other.numbers.count) {
      let result = Self.number(numbers[place], other.numbers[place], isFirst: place == 0)
      if result != 0 { return result }
    }
    if numbers.count != other.numbers.count {
      return numbers.count < other.numbers.count ? -1 : 1
    }
    if letter != other.letter { return letter < other.letter ? -1 : 1 }
    for place in 0..<max(suffixes.count, other.suffixes.count) {
      let one = place < suffixes.count ? suffixes[place].rank : 0
      let second = place < other.suffixes.count ? other.suffixes[place].rank : 0
      if one != second { return one < second ? -1 : 1 }
      let result = Digits.compare(suffixes[place].number, other.suffixes[place].number)
      if result != 0 { return result }
    }
    return Digits.compare(build, other.build)
  }

  /// A number after a dot that begins with zero is a fraction, as `05` is less than `1`.
  private static func number(
    _ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>, isFirst: Bool
  ) -> Int {
    guard !isFirst, left.first == 0x30 || right.first == 0x30 else {
      return Digits.compare(left, right)
    }
    return Digits.bytes(left, right)
  }
}
