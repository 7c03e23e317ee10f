/// Cuts a source into tokens.
struct Lexer {
  private let bytes: [UInt8]
  private var place = 0

  init(_ source: SourceText) { bytes = source.bytes }

  /// All tokens, the last of them `end`.
  static func tokens(_ source: SourceText) throws(Fault) -> [Token] {
    var lexer = Lexer(source)
    var tokens: [Token] = []
    while true {
      let token = try lexer.next()
      tokens.append(token)
      if case .end = token.kind { return tokens }
    }
  }

  private func byte(_ ahead: Int = 0) -> UInt8 {
    place + ahead < bytes.count ? bytes[place + ahead] : 0
  }

  private mutating func next() throws(Fault) -> Token {
    skipBlanks()
    let start = place
    guard place < bytes.count else { return Token(kind: .end, range: start..<start) }
    let first = byte()
    if let text = try literalText() { return Token(kind: .literal(text), range: start..<place) }
    if Lexer.isWordStart(first) {
      while Lexer.isWordStart(byte()) || Lexer.isDigit(byte()) { place += 1 }
      return Token(kind: .identifier(text(start..<place)), range: start..<place)
    }
    if Lexer.isDigit(first) || (first == UInt8(ascii: ".") && Lexer.isDigit(byte(1))) {
      let kind = try number()
      return Token(kind: kind, range: start..<place)
    }
    if first == UInt8(ascii: "`") {
      let name = try quotedName()
      return Token(kind: .quoted(name), range: start..<place)
    }
    for length in [2, 1] where place + length <= bytes.count {
      if let symbol = Symbol(rawValue: text(place..<(place + length))) {
        place += length
        return Token(kind: .symbol(symbol), range: start..<place)
      }
    }
    throw Fault(.syntax, "unexpected character", at: start)
  }

  private mutating func skipBlanks() {
    while place < bytes.count {
      switch bytes[place] {
      case 0x20, 0x09, 0x0A, 0x0C, 0x0D: place += 1
      case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "/"):
        while place < bytes.count, bytes[place] != 0x0A { place += 1 }
      default: return
      }
    }
  }

  /// A text or bytes literal, if one begins here.
  private mutating func literalText() throws(Fault) -> CELValue? {
    let start = place
    var isRaw = false
    var isBytes = false
    var ahead = 0
    while ahead < 2 {
      let mark = byte(ahead) | 0x20
      if mark == UInt8(ascii: "r"), !isRaw {
        isRaw = true
      } else if mark == UInt8(ascii: "b"), !isBytes, !isRaw {
        isBytes = true
      } else {
        break
      }
      ahead += 1
    }
    let quote = byte(ahead)
    guard quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { return nil }
    let isTriple = byte(ahead + 1) == quote && byte(ahead + 2) == quote
    place += ahead + (isTriple ? 3 : 1)
    var literal = TextLiteral(bytes: bytes, place: place, isRaw: isRaw, isBytes: isBytes)
    let value = try literal.read(quote: quote, isTriple: isTriple, start: start)
    place = literal.place
    return value
  }

  private mutating func quotedName() throws(Fault) -> String {
    let start = place
    place += 1
    while let here = bytes[safe: place], here != UInt8(ascii: "`") {
      let isAllowed =
        Lexer.isWordStart(here) || Lexer.isDigit(here) || [0x2E, 0x2D, 0x2F, 0x20].contains(here)
      guard isAllowed else {
        throw Fault(
          .syntax, "a name in backticks has letters, digits, '_', '.', '-', '/'", at: place)
      }
      place += 1
    }
    guard place < bytes.count, place > start + 1 else {
      throw Fault(.syntax, "a name in backticks is empty or does not end", at: start)
    }
    place += 1
    return text((start + 1)..<(place - 1))
  }

  private mutating func number() throws(Fault) -> Token.Kind {
    let start = place
    if byte() == UInt8(ascii: "0"), byte(1) == UInt8(ascii: "x"), Lexer.isHex(byte(2)) {
      place += 2
      while Lexer.isHex(byte()) { place += 1 }
      return try integer(text((start + 2)..<place), radix: 16, start: start)
    }
    while Lexer.isDigit(byte()) { place += 1 }
    var isDouble = false
    if byte() == UInt8(ascii: "."), Lexer.isDigit(byte(1)) {
      isDouble = true
      place += 1
      while Lexer.isDigit(byte()) { place += 1 }
    }
    if byte() | 0x20 == UInt8(ascii: "e") {
      let signed = byte(1) == UInt8(ascii: "+") || byte(1) == UInt8(ascii: "-")
      if Lexer.isDigit(byte(signed ? 2 : 1)) {
        isDouble = true
        place += signed ? 2 : 1
        while Lexer.isDigit(byte()) { place += 1 }
      }
    }
    guard isDouble else { return try integer(text(start..<place), radix: 10, start: start) }
    guard let value = DoubleText.parse(text(start..<place)) else {
      throw Fault(.syntax, "invalid number", at: start)
    }
    return .literal(.double(value))
  }

  private mutating func integer(
    _ digits: String, radix: Int, start: Int
  ) throws(Fault) -> Token.Kind {
    guard let value = UInt64(digits, radix: radix) else {
      throw Fault(.syntax, "integer literal is out of range", at: start)
    }
    guard byte() | 0x20 == UInt8(ascii: "u") else { return .integer(value) }
    place += 1
    return .literal(.uint(value))
  }

  private func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range], as: UTF8.self)
  }

  static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
  static func isHex(_ byte: UInt8) -> Bool {
    isDigit(byte) || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "f"))
  }
  static func isWordStart(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_")
      || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
  }
}

extension Array {
  /// The element at a place, or nil when there is none.
  subscript(safe place: Int) -> Element? { indices.contains(place) ? self[place] : nil }
}
