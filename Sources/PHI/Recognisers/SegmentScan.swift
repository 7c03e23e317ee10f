/// Looks for PHI in the tokens of one segment. Each rule looks at a bounded number of tokens, so
/// that the whole is one pass.
struct SegmentScan {
  let bytes: UnsafeBufferPointer<UInt8>
  let tokens: UnsafeBufferPointer<Token>
  let lexicon: Lexicon
  let setting: PHISetting
  var candidates: [Candidate] = []
  /// Tokens before this one are part of a find that must not be looked at again as a street.
  var addressEnd = 0
  /// Bytes before this one were looked at as encoded text.
  var embeddedEnd = 0

  init(
    bytes: UnsafeBufferPointer<UInt8>, tokens: UnsafeBufferPointer<Token>, lexicon: Lexicon,
    setting: PHISetting
  ) {
    self.bytes = bytes
    self.tokens = tokens
    self.lexicon = lexicon
    self.setting = setting
  }

  static let outside = Token(
    start: 0, end: 0, sort: .sign, shape: .lower, gap: .blank, byte: 0, hash: 0, flags: [])

  @inline(__always)
  func at(_ index: Int) -> Token {
    index >= 0 && index < tokens.count ? tokens[index] : Self.outside
  }

  func isSign(_ index: Int, _ sign: Character) -> Bool {
    let token = at(index)
    return token.sort == .sign && token.byte == sign.asciiValue
  }

  /// Whether more English words than others stand in the text; names that only their shape tells
  /// are told in English, which writes few words with capitals.
  private(set) var isEnglish = true

  private mutating func weighLanguage() {
    var english = 0
    var others = 0
    for token in tokens where token.shape == .lower {
      if token.flags.contains(.english) { english += 1 }
      if token.flags.contains(.otherLanguage) { others += 1 }
    }
    isEnglish = english * 2 >= others
  }

  /// Looks at all tokens, and gives what it found in order, without overlaps.
  mutating func run() -> [Candidate] {
    let isClinical = setting == .clinical
    if isClinical { weighLanguage() }
    for index in 0..<tokens.count {
      let token = tokens[index]
      switch token.sort {
      case .word:
        if token.flags.contains(.label) { label(at: index) }
        if token.shape == .mixed { base64(at: index, token) }
        if isClinical { word(at: index, token) }
      case .number: number(at: index, token)
      case .sign:
        switch token.byte {
        case 0x25: escapedAddress(at: index)
        case 0x3f: query(at: index)
        case 0x7c: messageSegment(at: index)
        default: break
        }
        guard isClinical else { continue }
        switch token.byte {
        case 0x40: email(at: index)
        case 0x3a:
          webAddress(at: index)
          internetAddress6(at: index)
        case 0x2b, 0x28: phone(at: index)
        case 0x23: hashCode(at: index)
        default: break
        }
      }
    }
    return merged()
  }

  /// What a word may begin, in clinical text.
  private mutating func word(at index: Int, _ token: Token) {
    if token.flags.contains(.month) { monthDate(at: index) }
    if token.shape == .lower {
      if token.flags.has(any: [.placeWord, .workCue, .nameCue, .relation, .facility]) {
        lowerCue(at: index, token)
      }
      if token.count == 3, token.byte | 0x20 == 0x77 { www(at: index) }
      if token.count == 6 { corner(at: index) }
      // Numbers with letters, written small.
      if token.count <= 2, at(index + 1).sort == .number { mixedNumber(at: index, token) }
      return
    }
    mixedNumber(at: index, token)
    street(at: index, token)
    if token.flags.contains(.facility) { facility(at: index) }
    if token.flags.has(any: [.placeWord, .nameCue]) { lowerCue(at: index, token) }
    place(at: index, token)
    if token.flags.contains(.company) { company(at: index) }
    letterhead(at: index, token)
    name(at: index, token)
  }

  mutating func add(
    _ type: PHIKind, _ first: Int, _ last: Int, _ confidence: Int, _ rule: PHIRule
  ) {
    guard first <= last else { return }
    candidates.append(
      Candidate(
        type: type, start: Int(at(first).start), end: Int(at(last).end), confidence: confidence,
        rule: rule))
  }

  /// Candidates in order; what overlaps becomes one, of the surer's kind.
  private mutating func merged() -> [Candidate] {
    candidates.sort { ($0.start, $1.end) < ($1.start, $0.end) }
    var merged: [Candidate] = []
    for candidate in candidates {
      guard let last = merged.last, candidate.start < last.end else {
        merged.append(candidate)
        continue
      }
      var one = candidate.confidence > last.confidence ? candidate : last
      one.start = last.start
      one.end = max(last.end, candidate.end)
      merged[merged.count - 1] = one
    }
    return merged
  }

  // MARK: What rules ask

  /// Whether a token stands on the line of the one before it.
  func isOnLine(_ index: Int) -> Bool {
    let gap = at(index).gap
    return index < tokens.count && gap != .line && gap != .blank
  }

  func isCapital(_ token: Token) -> Bool { token.sort == .word && token.shape != .lower }

  /// Whether one of the tokens before it, on the same line or the line before, has a flag.
  func hasBefore(_ index: Int, within count: Int, _ flags: WordFlags) -> Bool {
    var place = index
    for _ in 0..<count {
      if at(place).gap == .blank { return false }
      place -= 1
      if at(place).flags.has(any: flags) { return true }
    }
    return false
  }

  func hasAfter(_ index: Int, within count: Int, _ flags: WordFlags) -> Bool {
    for place in (index + 1)..<(index + 1 + count) {
      guard isOnLine(place) else { return false }
      if at(place).flags.has(any: flags) { return true }
    }
    return false
  }

  /// The value of a run of digits, when it has at most nine.
  func value(_ token: Token) -> Int {
    guard token.sort == .number, token.count <= 9 else { return -1 }
    var value = 0
    for place in Int(token.start)..<Int(token.end) { value = value * 10 + Int(bytes[place] & 15) }
    return value
  }

  func isWord(_ index: Int, _ word: StaticString) -> Bool {
    let token = at(index)
    guard token.sort == .word, token.count == word.utf8CodeUnitCount else { return false }
    for offset in 0..<token.count
    where bytes[Int(token.start) + offset] | 0x20 != word.utf8Start[offset] { return false }
    return true
  }

  func isAny(_ index: Int, _ words: [StaticString]) -> Bool {
    words.contains { isWord(index, $0) }
  }
}
