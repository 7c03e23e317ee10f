/// Reads one JSON text (RFC 8259), strictly: no duplicate names, no lone surrogates, no invalid
/// UTF-8, no numbers that a 64-bit integer or a finite double cannot hold, nothing after the value.
public struct JSONReader {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let limits: ReadingLimits
  private var position = 0
  private var values = 0

  private init(_ bytes: UnsafeBufferPointer<UInt8>, _ limits: ReadingLimits) {
    self.bytes = bytes
    self.limits = limits
  }

  /// Reads the whole of `bytes` as one value.
  ///
  /// - Throws: `ReadingError` with line and column.
  public static func read(_ bytes: [UInt8], limits: ReadingLimits = .statement) throws -> JSONValue
  {
    guard bytes.count <= limits.bytes else {
      throw ReadingError("the text has \(bytes.count) bytes, more than the \(limits.bytes) allowed")
    }
    return try bytes.withUnsafeBufferPointer { buffer in
      var reader = JSONReader(buffer, limits)
      let value = try reader.value(depth: 0)
      reader.skipSpace()
      guard reader.position == buffer.count else {
        throw reader.error("expected the end of the text after the value")
      }
      return value
    }
  }

  private func error(_ message: String, at offset: Int? = nil) -> ReadingError {
    ReadingError(message, at: Position(ofByte: offset ?? position, in: bytes))
  }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 {
      position += 1
    }
  }

  private mutating func value(depth: Int) throws -> JSONValue {
    skipSpace()
    values += 1
    guard values <= limits.values else { throw error("more than \(limits.values) values") }
    guard depth <= limits.depth else { throw error("nested deeper than \(limits.depth) levels") }
    switch current {
    case 0x7b: return try object(depth: depth)
    case 0x5b: return try array(depth: depth)
    case 0x22: return .string(try string())
    case 0x74: return try word("true", .bool(true))
    case 0x66: return try word("false", .bool(false))
    case 0x6e: return try word("null", .null)
    case .some(0x2d), .some(0x30...0x39): return try number()
    case nil: throw error("the text ends where a value is expected")
    default: throw error("expected a value")
    }
  }

  private mutating func word(_ word: StaticString, _ value: JSONValue) throws -> JSONValue {
    let count = word.utf8CodeUnitCount
    guard position + count <= bytes.count,
      (0..<count).allSatisfy({ bytes[position + $0] == word.utf8Start[$0] })
    else { throw error("expected a value") }
    position += count
    return value
  }

  private mutating func object(depth: Int) throws -> JSONValue {
    position += 1
    var object = JSONObject()
    skipSpace()
    if current == 0x7d {
      position += 1
      return .object(object)
    }
    while true {
      skipSpace()
      let start = position
      guard current == 0x22 else { throw error("expected a name in double quotes") }
      let name = try string()
      skipSpace()
      guard current == 0x3a else { throw error("expected ':' after the name \"\(name)\"") }
      position += 1
      let value = try value(depth: depth + 1)
      guard object.insert(name, value) else {
        throw error("the name \"\(name)\" stands twice in one object", at: start)
      }
      skipSpace()
      if current == 0x7d { break }
      guard current == 0x2c else { throw error("expected ',' or '}'") }
      position += 1
    }
    position += 1
    return .object(object)
  }

  private mutating func array(depth: Int) throws -> JSONValue {
    position += 1
    var elements: [JSONValue] = []
    skipSpace()
    if current == 0x5d {
      position += 1
      return .array(elements)
    }
    while true {
      elements.append(try value(depth: depth + 1))
      skipSpace()
      if current == 0x5d { break }
      guard current == 0x2c else { throw error("expected ',' or ']'") }
      position += 1
    }
    position += 1
    return .array(elements)
  }

  private mutating func number() throws -> JSONValue {
    let start = position
    var isInteger = true
    if current == 0x2d { position += 1 }
    if current == 0x30 {
      position += 1
      if let byte = current, isDigit(byte) { throw error("a number must not begin with 0") }
    } else {
      try digits()
    }
    if current == 0x2e {
      isInteger = false
      position += 1
      try digits()
    }
    if current == 0x65 || current == 0x45 {
      isInteger = false
      position += 1
      if current == 0x2b || current == 0x2d { position += 1 }
      try digits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isInteger {
      guard let value = Int64(text) else {
        throw error("the integer does not fit in 64 bits", at: start)
      }
      return .integer(value)
    }
    guard let value = Double(text), value.isFinite else {
      throw error("the number is too large for a double", at: start)
    }
    return .number(value)
  }

  private mutating func digits() throws {
    let start = position
    while let byte = current, isDigit(byte) { position += 1 }
    guard position > start else { throw error("expected a digit") }
  }

  private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private mutating func string() throws -> String {
    let opening = position
    position += 1
    let start = position
    while let byte = current, byte != 0x22, byte != 0x5c, byte >= 0x20 { position += 1 }
    if current == 0x22 {
      defer { position += 1 }
      return try text(bytes[start..<position], opening)
    }
    var unescaped = Array(bytes[start..<position])
    while true {
      switch current {
      case 0x22:
        position += 1
        return try text(unescaped, opening)
      case 0x5c:
        position += 1
        try escape(into: &unescaped)
      case nil: throw error("the text ends inside a string", at: opening)
      case .some(let byte) where byte < 0x20:
        throw error("a control character in a string must be escaped")
      case .some(let byte):
        unescaped.append(byte)
        position += 1
      }
    }
  }

  private func text(_ content: some Collection<UInt8>, _ opening: Int) throws -> String {
    guard let text = String(validating: content, as: UTF8.self) else {
      throw error("the string is not valid UTF-8", at: opening)
    }
    return text
  }

  private mutating func escape(into text: inout [UInt8]) throws {
    let simple: [UInt8: UInt8] = [
      0x22: 0x22, 0x5c: 0x5c, 0x2f: 0x2f, 0x62: 0x08, 0x66: 0x0c, 0x6e: 0x0a, 0x72: 0x0d,
      0x74: 0x09,
    ]
    guard let byte = current else { throw error("the text ends inside a string") }
    if let plain = simple[byte] {
      text.append(plain)
      position += 1
      return
    }
    guard byte == 0x75 else { throw error("unknown escape in a string") }
    let start = position - 1
    position += 1
    var code = UInt32(try hexadecimal())
    if (0xd800...0xdbff).contains(code) {
      guard current == 0x5c, position + 1 < bytes.count, bytes[position + 1] == 0x75 else {
        throw error("a high surrogate without its low one", at: start)
      }
      position += 2
      let low = UInt32(try hexadecimal())
      guard (0xdc00...0xdfff).contains(low) else {
        throw error("a high surrogate without its low one", at: start)
      }
      code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
    }
    guard let scalar = Unicode.Scalar(code) else {
      throw error("a low surrogate without its high one", at: start)
    }
    text.append(contentsOf: String(Character(scalar)).utf8)
  }

  private mutating func hexadecimal() throws -> UInt16 {
    guard position + 4 <= bytes.count,
      let value = UInt16(
        String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16),
      bytes[position] != 0x2b, bytes[position] != 0x2d
    else { throw error("expected four hexadecimal digits after \\u") }
    position += 4
    return value
  }
}
