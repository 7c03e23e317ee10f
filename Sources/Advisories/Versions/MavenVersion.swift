/// A version of a Maven artifact, by Maven's version order specification: tokens between dots,
/// hyphens and changes between digits and letters.
struct MavenVersion {
  private enum Value {
    case number(ArraySlice<UInt8>)
    case word(String)
  }

  private struct Token {
    let isHyphen: Bool
    let value: Value

    var isNull: Bool {
      switch value {
      case .number(let digits): digits.allSatisfy { $0 == 0x30 }
      case .word(let word): word.isEmpty
      }
    }
  }

  private let tokens: [Token]

  /// Words that come before a release in this order, then the release itself, then `sp`.
  private static let known = ["alpha", "beta", "milestone", "rc", "snapshot", "", "sp"]

  init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard !bytes.isEmpty, bytes.allSatisfy({ (0x21...0x7e).contains($0) }) else { return nil }
    tokens = Self.trimmed(Self.tokens(bytes))
  }

  private static func tokens(_ bytes: [UInt8]) -> [Token] {
    var tokens: [Token] = []
    var isHyphen = false
    var start = 0
    func add(_ end: Int, isBeforeNumber: Bool) {
      let part = bytes[start..<end]
      let value: Value =
        part.isEmpty || Digits.isNumber(part)
        ? .number(part) : .word(word(part, isBeforeNumber: isBeforeNumber))
      tokens.append(Token(isHyphen: isHyphen, value: value))
    }
    for place in bytes.indices {
      let byte = bytes[place]
      if byte == 0x2e || byte == 0x2d || byte == 0x5f {
        add(place, isBeforeNumber: false)
        isHyphen = byte != 0x2e
        start = place + 1
      } else if place > start, Digits.isDigit(byte) != Digits.isDigit(bytes[place - 1]) {
        add(place, isBeforeNumber: Digits.isDigit(byte))
        isHyphen = true
        start = place
      }
    }
    add(bytes.count, isBeforeNumber: false)
    return tokens
  }

  private static func word(_ part: ArraySlice<UInt8>, isBeforeNumber: Bool) -> String {
    let word = String(decoding: part, as: UTF8.self).lowercased()
    switch word {
    case "ga", "final", "release": return ""
    case "cr": return "rc"
    case "a" where isBeforeNumber: return "alpha"
    case "b" where isBeforeNumber: return "beta"
    case "m" where isBeforeNumber: return "milestone"
    default: return word
    }
  }

  /// Without the values that say nothing, at the end and before each hyphen.
  private static func trimmed(_ tokens: [Token]) -> [Token] {
    var kept: [Token] = []
    for token in tokens {
      if token.isHyphen { while kept.count > 0, kept.last?.isNull == true { kept.removeLast() } }
      kept.append(token)
    }
    while kept.last?.isNull == true { kept.removeLast() }
    return kept
  }

  func compare(_ other: MavenVersion) -> Int {
    for place in 0..<max(tokens.count, other.tokens.count) {
      let one = place < tokens.count ? tokens[place] : nil
      let second = place < other.tokens.count ? other.tokens[place] : nil
      let result = Self.compare(one ?? Self.padding(second), second ?? Self.padding(one))
      if result != 0 { return result }
    }
    return 0
  }

  /// What stands for a token that is not there: zero beside a number, nothing beside a word.
  private static func padding(_ token: Token?) -> Token {
    guard let token else { return Token(isHyphen: false, value: .number([])) }
    if case .word = token.value { return Token(isHyphen: token.isHyphen, value: .word("")) }
    return Token(isHyphen: token.isHyphen, value: .number([]))
  }

  private static func compare(_ left: Token, _ right: Token) -> Int {
    switch (left.value, right.value) {
    case (.word(let one), .word(let second)):
      return compareWords(one, second)
    case (.number(let one), .number(let second)):
      if left.isHyphen == right.isHyphen { return Digits.compare(one, second) }
      return left.isHyphen ? -1 : 1
    case (.word, .number): return -1
    case (.number, .word): return 1
    }
  }

  private static func compareWords(_ left: String, _ right: String) -> Int {
    let one = known.firstIndex(of: left) ?? known.count
    let second = known.firstIndex(of: right) ?? known.count
    if one != second { return one < second ? -1 : 1 }
    return one < known.count ? 0 : Digits.bytes(ArraySlice(left.utf8), ArraySlice(right.utf8))
  }
}
