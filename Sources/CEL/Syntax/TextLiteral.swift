/// Reads the inside of a text or bytes literal: escapes, raw forms and line ends.
struct TextLiteral {
  private let bytes: [UInt8]
  private(set) var place: Int
  private let isRaw: Bool
  private let isBytes: Bool
  private var output: [UInt8] = []

  init(bytes: [UInt8], place: Int, isRaw: Bool, isBytes: Bool) {
    self.bytes = bytes
    self.place = place
    self.isRaw = isRaw
    self.isBytes = isBytes
  }

  /// Reads up to and over the closing quote.
  mutating func read(quote: UInt8, isTriple: Bool, start: Int) throws(Fault) -> CELValue {
    while true {
      guard let here = bytes[safe: place] else {
        throw Fault(.syntax, "text literal does not end", at: start)
      }
      if here == quote,
        !isTriple || (bytes[safe: place + 1] == quote && bytes[safe: place + 2] == quote)
      {
        place += isTriple ? 3 : 1
        break
      }
      if !isTriple, here == 0x0A || here == 0x0D {
        throw Fault(.syntax, "text literal does not end on its line", at: start)
      }
      place += 1
      if here == UInt8(ascii: "\\"), !isRaw {
        try escape(at: place - 1)
      } else if here == 0x0D {
        // Line ends in a triple-quoted text are one line feed each, whatever the file has.
        if bytes[safe: place] == 0x0A { place += 1 }
        output.append(0x0A)
      } else {
        output.append(here)
      }
    }
    if isBytes { return .bytes(output) }
    return .string(String(decoding: output, as: UTF8.self))
  }

  private static let simple: [UInt8: UInt8] = [
    UInt8(ascii: "a"): 0x07, UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0C,
    UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09,
    UInt8(ascii: "v"): 0x0B, UInt8(ascii: "\\"): 0x5C, UInt8(ascii: "?"): 0x3F,
    UInt8(ascii: "\""): 0x22, UInt8(ascii: "'"): 0x27, UInt8(ascii: "`"): 0x60,
  ]

  private mutating func escape(at start: Int) throws(Fault) {
    guard let mark = bytes[safe: place] else {
      throw Fault(.syntax, "text literal does not end", at: start)
    }
    place += 1
    if let plain = TextLiteral.simple[mark] {
      output.append(plain)
      return
    }
    switch mark {
    case UInt8(ascii: "x"), UInt8(ascii: "X"): try put(digits(2, radix: 16, start), start)
    case UInt8(ascii: "u") where !isBytes: try put(digits(4, radix: 16, start), start)
    case UInt8(ascii: "U") where !isBytes: try put(digits(8, radix: 16, start), start)
    case UInt8(ascii: "0")...UInt8(ascii: "3"):
      place -= 1
      try put(digits(3, radix: 8, start), start)
    default: throw Fault(.syntax, "invalid escape sequence", at: start)
    }
  }

  private mutating func digits(_ count: Int, radix: Int, _ start: Int) throws(Fault) -> UInt32 {
    guard place + count <= bytes.count else {
      throw Fault(.syntax, "invalid escape sequence", at: start)
    }
    let text = String(decoding: bytes[place..<(place + count)], as: UTF8.self)
    guard Lexer.isHex(bytes[place]), let value = UInt32(text, radix: radix) else {
      throw Fault(.syntax, "invalid escape sequence", at: start)
    }
    place += count
    return value
  }

  private mutating func put(_ code: UInt32, _ start: Int) throws(Fault) {
    if isBytes {
      output.append(UInt8(truncatingIfNeeded: code))
      return
    }
    guard let scalar = Unicode.Scalar(code) else {
      throw Fault(.syntax, "escape sequence is not a Unicode scalar", at: start)
    }
    output.append(contentsOf: Array(String(Character(scalar)).utf8))
  }
}
