extension JSONIndexer {
  // MARK: Strings

  /// Bytes of a word that end a plain stretch of a string: a quote, a backslash, a control
  /// character, or the beginning of a longer UTF-8 sequence. The lowest one marked is exact.
  @inline(__always)
  private static func special(_ word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quote = word ^ 0x2222_2222_2222_2222
    let slash = word ^ 0x5c5c_5c5c_5c5c_5c5c
    let marked =
      (quote &- ones) & ~quote | (slash &- ones) & ~slash
      | (word &- 0x2020_2020_2020_2020) & ~word | word
    return marked & 0x8080_8080_8080_8080
  }

  mutating func string() throws {
    let opening = position
    position += 1
    var isEscaped = false
    while true {
      while position + 8 <= bytes.count {
        let marked = Self.special(word(at: position))
        if marked == 0 {
          position += 8
        } else {
          position += marked.trailingZeroBitCount >> 3
          break
        }
      }
      guard position < bytes.count else {
        throw error("the text ends inside a string", at: opening)
      }
      let byte = bytes[position]
      switch byte {
      case 0x22:
        guard position - opening - 1 <= JSONIndexEntry.greatestExtent else {
          throw error("the string is too long", at: opening)
        }
        append(
          isEscaped ? .escapedString : .string, start: opening + 1, extent: position - opening - 1)
        position += 1
        return
      case 0x5c:
        isEscaped = true
        try escape()
      case 0..<0x20: throw error("a control character in a string must be escaped")
      case 0x80...:
        let length = UTF8Sequence.length(in: bytes, at: position)
        guard length > 0 else { throw error("the string is not valid UTF-8", at: opening) }
        position += length
      default: position += 1
      }
    }
  }

  /// Checks one escape; it is resolved when the text is asked for.
  private mutating func escape() throws {
    let start = position
    guard position + 1 < bytes.count else { throw error("the text ends inside a string") }
    position += 1
    switch bytes[position] {
    case 0x22, 0x5c, 0x2f, 0x62, 0x66, 0x6e, 0x72, 0x74: position += 1
    case 0x75:
      position += 1
      let code = try hexadecimal()
      if (0xd800...0xdbff).contains(code) {
        guard current == 0x5c, position + 1 < bytes.count, bytes[position + 1] == 0x75 else {
          throw error("a high surrogate without its low one", at: start)
        }
        position += 2
        guard (0xdc00...0xdfff).contains(try hexadecimal()) else {
          throw error("a high surrogate without its low one", at: start)
        }
      } else if (0xdc00...0xdfff).contains(code) {
        throw error("a low surrogate without its high one", at: start)
      }
    default: throw error("unknown escape in a string")
    }
  }

  private mutating func hexadecimal() throws -> UInt32 {
    guard position + 4 <= bytes.count, let value = JSONText.hexadecimal(bytes, at: position) else {
      throw error("expected four hexadecimal digits after \\u")
    }
    position += 4
    return value
  }

  // MARK: Numbers

  mutating func number() throws {
    let start = position
    var isInteger = true
    if bytes[position] == 0x2d { position += 1 }
    if current == 0x30 {
      position += 1
      if let byte = current, Self.isDigit(byte) {
        throw error("a number must not begin with 0")
      }
    } else {
      try digits()
    }
    if current == 0x2e {
      isInteger = false
      position += 1
      try digits()
    }
    var hasExponent = false
    if current == 0x65 || current == 0x45 {
      isInteger = false
      hasExponent = true
      position += 1
      if current == 0x2b || current == 0x2d { position += 1 }
      try digits()
    }
    let count = position - start
    if isInteger {
      // Eighteen digits always fit.
      guard count <= 18 || Int64(text(start)) != nil else {
        throw error("the integer does not fit in 64 bits", at: start)
      }
    } else if hasExponent || count > 300 {
      guard let value = Double(text(start)), value.isFinite else {
        throw error("the number is too large for a double", at: start)
      }
    }
    guard count <= JSONIndexEntry.greatestExtent else {
      throw error("the number is too long", at: start)
    }
    append(isInteger ? .integer : .number, start: start, extent: count)
  }

  private func text(_ start: Int) -> String {
    String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func digits() throws {
    let start = position
    while position < bytes.count, Self.isDigit(bytes[position]) { position += 1 }
    guard position > start else { throw error("expected a digit") }
  }

  @inline(__always)
  private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
}
