/// A version of a Python distribution (PEP 440), in any of its written forms.
struct PythonVersion {
  private let epoch: ArraySlice<UInt8>
  private let release: [ArraySlice<UInt8>]
  /// Rank of `a`, `b`, `rc`, and the number.
  private let pre: (rank: Int, number: ArraySlice<UInt8>)?
  private let post: ArraySlice<UInt8>?
  private let dev: ArraySlice<UInt8>?
  private let local: [ArraySlice<UInt8>]

  private static let words: [(word: String, rank: Int)] = [
    ("alpha", 0), ("beta", 1), ("preview", 2), ("pre", 2), ("rc", 2), ("a", 0), ("b", 1), ("c", 2),
  ]

  init?(_ text: String) {
    var rest = ArraySlice(Array(text.utf8)).drop(while: Self.isSpace)
    while let last = rest.last, Self.isSpace(last) { rest = rest.dropLast() }
    rest = ArraySlice(rest.map { (0x41...0x5a).contains($0) ? $0 + 0x20 : $0 })
    if rest.first == 0x76 { rest = rest.dropFirst() }
    var digits = Self.takeDigits(&rest)
    if rest.first == 0x21 {
      guard !digits.isEmpty else { return nil }
      epoch = digits
      rest = rest.dropFirst()
      digits = Self.takeDigits(&rest)
    } else {
      epoch = []
    }
    guard !digits.isEmpty else { return nil }
    var release = [digits]
    while rest.first == 0x2e, let next = rest.dropFirst().first, Digits.isDigit(next) {
      rest = rest.dropFirst()
      release.append(Self.takeDigits(&rest))
    }
    while release.count > 1, release.last?.allSatisfy({ $0 == 0x30 }) == true {
      release.removeLast()
    }
    self.release = release
    pre = Self.takePre(&rest)
    post = Self.takePost(&rest)
    dev = Self.take(["dev"], &rest)
    if rest.first == 0x2b {
      local = rest.dropFirst().split(
        omittingEmptySubsequences: false, whereSeparator: Self.isSeparator)
      guard
        local.allSatisfy({ part in
          !part.isEmpty && part.allSatisfy { Digits.isDigit($0) || Digits.isLetter($0) }
        })
      else { return nil }
      rest = []
    } else {
      local = []
    }
    guard rest.isEmpty else { return nil }
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0d).contains(byte)
  }

  private static func isSeparator(_ byte: UInt8) -> Bool { [0x2e, 0x2d, 0x5f].contains(byte) }

  private static func takeDigits(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let digits = rest.prefix(while: Digits.isDigit)
    rest = rest.dropFirst(digits.count)
    return digits
  }

  private static func takePre(
    _ rest: inout ArraySlice<UInt8>
  ) -> (rank: Int, number: ArraySlice<UInt8>)? {
    for (word, rank) in words {
      if let number = take([word], &rest) { return (rank, number) }
    }
    return nil
  }

  private static func takePost(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    if rest.first == 0x2d, let next = rest.dropFirst().first, Digits.isDigit(next) {
      rest = rest.dropFirst()
      return takeDigits(&rest)
    }
    return take(["post", "rev", "r"], &rest)
  }

  /// A separator, a word, a separator and a number, of which only the word must be there.
  private static func take(
    _ words: [String], _ rest: inout ArraySlice<UInt8>
  ) -> ArraySlice<UInt8>? {
    var after = rest
    if let first = after.first, isSeparator(first) { after = after.dropFirst() }
    guard let word = words.first(where: { after.starts(with: $0.utf8) }) else { return nil }
    after = after.dropFirst(word.utf8.count)
    if let first = after.first, isSeparator(first) { after = after.dropFirst() }
    let digits = takeDigits(&after)
    rest = after
    return digits
  }

  func compare(_ other: PythonVersion) -> Int {
    let byEpoch = Digits.compare(epoch, other.epoch)
    if byEpoch != 0 { return byEpoch }
    for place in 0..<max(release.count, other.release.count) {
      let result = Digits.compare(
        place < release.count ? release[place] : [],
        place < other.release.count ? other.release[place] : [])
      if result != 0 { return result }
    }
    if preRank != other.preRank { return preRank < other.preRank ? -1 : 1 }
    let results = [
      Digits.compare(pre?.number ?? [], other.pre?.number ?? []),
      Self.optional(post, other.post, absent: -1), Self.optional(dev, other.dev, absent: 1),
    ]
    return results.first { $0 != 0 } ?? compareLocal(other)
  }

  /// A development release of nothing else comes before all pre-releases; a final one after them.
  private var preRank: Int {
    if let pre { return pre.rank }
    return post == nil && dev != nil ? -1 : 3
  }

  private static func optional(
    _ left: ArraySlice<UInt8>?, _ right: ArraySlice<UInt8>?, absent: Int
  ) -> Int {
    switch (left, right) {
    case (nil, nil): 0
    case (nil, _): absent
    case (_, nil): -absent
    case (.some(let one), .some(let other)): Digits.compare(one, other)
    }
  }

  private func compareLocal(_ other: PythonVersion) -> Int {
    for (one, second) in zip(local, other.local) {
      let isNumber = Digits.isNumber(one)
      guard isNumber == Digits.isNumber(second) else { return isNumber ? 1 : -1 }
      let result = isNumber ? Digits.compare(one, second) : Digits.bytes(one, second)
      if result != 0 { return result }
    }
    return local.count == other.local.count ? 0 : local.count < other.local.count ? -1 : 1
  }
}
