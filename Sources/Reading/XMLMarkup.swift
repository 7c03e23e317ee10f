extension XMLReader {
  func error(_ message: String, at offset: Int? = nil) -> ReadingError {
    ReadingError(
      "not well-formed XML: \(message)", at: Position(ofByte: offset ?? position, in: bytes))
  }

  /// Whether `word` stands at the position.
  func peek(_ word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    guard position + count <= bytes.count else { return false }
    for place in 0..<count where bytes[position + place] != word.utf8Start[place] { return false }
    return true
  }

  /// Moves behind `word` when it stands at the position.
  mutating func take(_ word: StaticString) -> Bool {
    guard peek(word) else { return false }
    position += word.utf8CodeUnitCount
    return true
  }

  @discardableResult
  mutating func skipSpace() -> Bool {
    let from = position
    while position < bytes.count, XMLCharacters.isSpace(bytes[position]) { position += 1 }
    return position > from
  }

  mutating func name(_ what: String) throws -> String {
    let from = position
    while position < bytes.count, XMLCharacters.mayBeInName(bytes[position]) { position += 1 }
    let name = String(decoding: bytes[from..<position], as: UTF8.self)
    guard XMLCharacters.isName(name) else { throw error("expected \(what)", at: from) }
    return name
  }

  mutating func attribute() throws -> XMLEvent.Attribute {
    let name = try self.name("an attribute's name")
    skipSpace()
    guard take("=") else { throw error("expected '=' after the attribute \(name)") }
    skipSpace()
    guard position < bytes.count, bytes[position] == 0x22 || bytes[position] == 0x27 else {
      throw error("expected the value of \(name) in quotes")
    }
    let quote = bytes[position]
    position += 1
    let from = position
    var value: [UInt8] = []
    while position < bytes.count, bytes[position] != quote {
      let byte = bytes[position]
      switch byte {
      case 0x26:
        value.append(contentsOf: UTF8.encode(try reference()) ?? .init())
        continue
      case 0x3c: throw error("'<' must not stand in an attribute's value")
      case 0x0d where position + 1 < bytes.count && bytes[position + 1] == 0x0a: break
      case 0x09, 0x0a, 0x0d: value.append(0x20)
      default:
        try checkCharacter(byte)
        value.append(byte)
      }
      position += 1
    }
    guard position < bytes.count else {
      throw error("the document ends inside an attribute's value", at: from)
    }
    position += 1
    return .init(name: name, value: String(decoding: value, as: UTF8.self))
  }

  /// Resolves a reference to a character or to one of the five predefined entities.
  mutating func reference() throws -> Unicode.Scalar {
    let from = position
    position += 1
    guard let end = bytes[position...].prefix(12).firstIndex(of: 0x3b) else {
      throw error("a reference without ';'; write '&amp;' for '&'", at: from)
    }
    let name = String(decoding: bytes[position..<end], as: UTF8.self)
    position = end + 1
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
  func checkCharacter(_ byte: UInt8) throws {
    if byte >= 0x20, byte != 0xef { return }
    try checkRareCharacter(byte)
  }

  private func checkRareCharacter(_ byte: UInt8) throws {
    if byte == 0xef {
      guard position + 2 < bytes.count, bytes[position + 1] == 0xbf, bytes[position + 2] >= 0xbe
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
    guard peek("<?xml"), position + 5 < bytes.count, XMLCharacters.isSpace(bytes[position + 5])
    else { return }
    position += 5
    var seen: [String] = []
    while true {
      let hadSpace = skipSpace()
      if take("?>") { break }
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
