extension XMLReader {
  func error(_ message: String, at offset: Int? = nil) -> ReadingError {
    ReadingError("not well-formed XML: \(message)", at: window.place(of: offset ?? window.position))
  }

  /// Whether `word` stands at the position.
  @inline(__always)
  mutating func peek(_ word: StaticString) throws -> Bool {
    for place in 0..<word.utf8CodeUnitCount
    where try window.byte(after: place) != word.utf8Start[place] { return false }
    return true
  }

  /// Moves behind `word` when it stands at the position.
  @inline(__always)
  mutating func take(_ word: StaticString) throws -> Bool {
    guard try peek(word) else { return false }
    window.position += word.utf8CodeUnitCount
    return true
  }

  mutating func skipSpace() throws -> Bool {
    let from = window.position
    while let byte = try window.currentOrMore(), XMLCharacters.isSpace(byte) {
      window.position += 1
    }
    return window.position > from
  }

  mutating func name(_ what: String) throws -> String {
    let from = window.position
    while let byte = try window.currentOrMore(), XMLCharacters.mayBeInName(byte) {
      window.position += 1
    }
    let name = window.text(from)
    guard XMLCharacters.isName(name) else { throw error("expected \(what)", at: from) }
    return name
  }

  mutating func attribute() throws -> XMLEvent.Attribute {
    let name = try self.name("an attribute's name")
    _ = try skipSpace()
    guard try take("=") else { throw error("expected '=' after the attribute \(name)") }
    _ = try skipSpace()
    guard let quote = try window.currentOrMore(), quote == 0x22 || quote == 0x27 else {
      throw error("expected the value of \(name) in quotes")
    }
    window.position += 1
    let from = window.position
    // Most values are plain, and lie in the window as they are.
    window.position = window.valueEnd(quote)
    if try window.currentOrMore() == quote {
      let value = window.text(from)
      window.position += 1
      return .init(name: name, value: value)
    }
    var value = Array(window.bytes[from..<window.position])
    while let byte = try window.currentOrMore(), byte != quote {
      switch byte {
      case 0x26:
        value.append(contentsOf: UTF8.encode(try reference()) ?? .init())
        continue
      case 0x3c: throw error("'<' must not stand in an attribute's value")
      case 0x0d where try window.byte(after: 1) == 0x0a: break
      case 0x09, 0x0a, 0x0d: value.append(0x20)
      default:
        try checkCharacter(byte)
        value.append(byte)
      }
      window.position += 1
    }
    guard try window.currentOrMore() != nil else {
      throw error("the document ends inside an attribute's value", at: from)
    }
    window.position += 1
    return .init(name: name, value: String(decoding: value, as: UTF8.self))
  }

  /// Resolves a reference to a character or to one of the five predefined entities.
  mutating func reference() throws -> Unicode.Scalar {
    let from = window.position
    window.position += 1
    var length = 0
    while length < 12, let byte = try window.byte(after: length), byte != 0x3b { length += 1 }
    guard length < 12, try window.byte(after: length) == 0x3b else {
      throw error("a reference without ';'; write '&amp;' for '&'", at: from)
    }
    window.position += length
    let name = window.text(from + 1)
    window.position += 1
    switch name {
    case "amp": return "&"
    case "lt": return "<"
    case "gt": return ">"
    case "quot": return "\""
    case "apos": return "'"
    default: break
    }
    let isHexadecimal = name.hasPrefix("#x")
    let digits = name.utf8.dropFirst(isHexadecimal ? 2 : 1)
    guard name.hasPrefix("#"), digits.allSatisfy({ Self.isDigit($0, isHexadecimal) }),
      let value = UInt32(Substring(digits), radix: isHexadecimal ? 16 : 10),
      XMLCharacters.isCharacter(value), let scalar = Unicode.Scalar(value)
    else { throw error("&\(name); is not a reference that this reader takes", at: from) }
    return scalar
  }

  private static func isDigit(_ byte: UInt8, _ isHexadecimal: Bool) -> Bool {
    switch byte {
    case 0x30...0x39: true
    case 0x41...0x46, 0x61...0x66: isHexadecimal
    default: false
    }
  }

  /// Refuses control characters and the two non-characters U+FFFE and U+FFFF.
  @inline(__always)
  mutating func checkCharacter(_ byte: UInt8) throws {
    if byte >= 0x20, byte != 0xef { return }
    try checkRareCharacter(byte)
  }

  private mutating func checkRareCharacter(_ byte: UInt8) throws {
    if byte == 0xef {
      guard try window.byte(after: 1) == 0xbf, let last = try window.byte(after: 2), last >= 0xbe
      else { return }
    } else if XMLCharacters.isSpace(byte) {
      return
    }
    throw error("a character that XML does not allow")
  }

  /// Line ends as XML 1.0, section 2.11 has them.
  static func normalized(_ bytes: ArraySlice<UInt8>) -> String {
    guard bytes.contains(0x0d) else { return String(decoding: bytes, as: UTF8.self) }
    var text: [UInt8] = []
    for index in bytes.indices {
      if bytes[index] != 0x0d {
        text.append(bytes[index])
      } else if index + 1 == bytes.endIndex || bytes[index + 1] != 0x0a {
        text.append(0x0a)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Reads the XML declaration, when there is one.
  mutating func declaration() throws {
    guard try peek("<?xml"), let next = try window.byte(after: 5), XMLCharacters.isSpace(next)
    else { return }
    window.position += 5
    var seen: [String] = []
    while true {
      let hadSpace = try skipSpace()
      if try take("?>") { break }
      guard hadSpace else { throw error("expected '?>' after the XML declaration") }
      let item = try attribute()
      let order = ["version", "encoding", "standalone"]
      guard let place = order.firstIndex(of: item.name),
        seen.allSatisfy({ (order.firstIndex(of: $0) ?? 0) < place })
      else { throw error("\(item.name) does not belong there in the XML declaration") }
      if item.name == "version", item.value != "1.0" {
        throw error("expected XML version 1.0, found \(item.value)")
      }
      if item.name == "standalone", item.value != "yes", item.value != "no" {
        throw error("standalone must be yes or no")
      }
      seen.append(item.name)
    }
    guard seen.first == "version" else { throw error("the XML declaration states no version") }
  }
}
