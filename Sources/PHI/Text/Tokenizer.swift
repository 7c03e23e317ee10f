/// Cuts bytes into tokens, in one pass; bytes that are no UTF-8 are signs.
struct Tokenizer {
  let bytes: UnsafeBufferPointer<UInt8>
  let lexicon: Lexicon

  /// What each byte can be.
  private static let classes: [UInt8] = (0...255).map { (byte: UInt8) -> UInt8 in
    switch byte {
    case 0x30...0x39: 1
    case 0x41...0x5a: 3
    case 0x61...0x7a: 2
    case 0x0a, 0x0d: 5
    case 0x00...0x20, 0x7f: 4
    case 0x80...: 6
    default: 0
    }
  }

  func tokens(into tokens: inout [Token]) {
    tokens.removeAll(keepingCapacity: true)
    var place = 0
    var gap = Token.Gap.blank
    let count = bytes.count
    Self.classes.withUnsafeBufferPointer { classes in
      while place < count {
        let byte = bytes[place]
        switch classes[Int(byte)] {
        case 4:
          gap = gap == .none ? .space : gap == .space ? .wide : gap
          if byte == 0x09, gap == .space { gap = .wide }
          place += 1
        case 5:
          let isPair = byte == 0x0d && place + 1 < count && bytes[place + 1] == 0x0a
          gap = gap == .line || gap == .blank ? .blank : .line
          place += isPair ? 2 : 1
        case 1:
          let start = place
          repeat { place += 1 } while place < count && classes[Int(bytes[place])] == 1
          tokens.append(
            Token(
              start: Int32(start), end: Int32(place), sort: .number, shape: .lower, gap: gap,
              byte: byte, hash: 0, flags: []))
          gap = .none
        case 2, 3: word(&place, &gap, &tokens, classes)
        case 6: other(&place, &gap, &tokens, classes)
        default:
          tokens.append(sign(place, place + 1, gap, byte))
          place += 1
          gap = .none
        }
      }
    }
  }

  private func sign(_ start: Int, _ end: Int, _ gap: Token.Gap, _ byte: UInt8) -> Token {
    Token(
      start: Int32(start), end: Int32(end), sort: .sign, shape: .lower, gap: gap, byte: byte,
      hash: 0, flags: [])
  }

  @inline(__always)
  private func word(
    _ place: inout Int, _ gap: inout Token.Gap, _ tokens: inout [Token],
    _ classes: UnsafeBufferPointer<UInt8>
  ) {
    let start = place
    var capitals = 0
    var letters = 0
    var isFirstCapital = false
    while place < bytes.count {
      let byte = bytes[place]
      let sort = classes[Int(byte)]
      if sort == 2 {
        place += 1
      } else if sort == 3 {
        capitals += 1
        if letters == 0 { isFirstCapital = true }
        place += 1
      } else if sort == 6, let width = letter(at: place) {
        if Folding.isCapital(byte, bytes[place + 1]) {
          capitals += 1
          if letters == 0 { isFirstCapital = true }
        }
        place += width
      } else {
        break
      }
      letters += 1
    }
    let shape: Token.Shape =
      capitals == 0
      ? .lower
      : letters == 1
        ? .initial
        : capitals == letters ? .upper : capitals == 1 && isFirstCapital ? .capitalised : .mixed
    let hash = Folding.hash(bytes, start, place)
    var flags = lexicon.flags(hash)
    // State codes are written in capitals; "in" and "me" are not.
    if shape != .upper { flags.subtract(.stateCode) }
    if flags.isEmpty, shape != .lower, letters > 4, lexicon.isInflected(bytes, start, place) {
      flags = .common
    }
    if flags.isEmpty, shape != .lower, MedicalForms.match(bytes, start, place) { flags = .medical }
    tokens.append(
      Token(
        start: Int32(start), end: Int32(place), sort: .word, shape: shape, gap: gap,
        byte: bytes[start], hash: hash, flags: flags))
    gap = .none
  }

  /// The width of the letter beyond ASCII that begins there; `nil` for signs and broken bytes.
  @inline(__always)
  private func letter(at place: Int) -> Int? {
    let lead = bytes[place]
    guard lead >= 0xc3, place + 1 < bytes.count, bytes[place + 1] & 0xc0 == 0x80 else { return nil }
    if lead < 0xe0 { return lead == 0xc3 && bytes[place + 1] & 0x1f == 0x17 ? nil : 2 }
    guard lead < 0xf0, place + 2 < bytes.count, bytes[place + 2] & 0xc0 == 0x80 else { return nil }
    // General punctuation, symbols, CJK signs, private use, the byte order mark.
    if lead == 0xe2 || lead >= 0xee { return nil }
    if lead == 0xe3, bytes[place + 1] == 0x80 { return nil }
    return 3
  }

  private func other(
    _ place: inout Int, _ gap: inout Token.Gap, _ tokens: inout [Token],
    _ classes: UnsafeBufferPointer<UInt8>
  ) {
    if letter(at: place) != nil { return word(&place, &gap, &tokens, classes) }
    let lead = bytes[place]
    let second = place + 1 < bytes.count ? bytes[place + 1] : 0
    let third = place + 2 < bytes.count ? bytes[place + 2] : 0
    let isNarrow = lead < 0xe0
    let width = min(
      bytes.count - place,
      second & 0xc0 != 0x80 ? 1 : isNarrow ? 2 : third & 0xc0 != 0x80 ? 2 : lead < 0xf0 ? 3 : 4)
    switch (lead, second, third) {
    case (0xc2, 0xa0, _), (0xef, 0xbb, 0xbf), (0xe2, 0x80, 0x80...0x8d), (0xe2, 0x80, 0xaf):
      gap = gap == .none ? .space : gap
    case (0xe2, 0x80, 0x98), (0xe2, 0x80, 0x99):
      tokens.append(sign(place, place + width, gap, 0x27))
      gap = .none
    case (0xe2, 0x80, 0x90...0x95):
      tokens.append(sign(place, place + width, gap, 0x2d))
      gap = .none
    default:
      tokens.append(sign(place, place + width, gap, 0x01))
      gap = .none
    }
    place += width
  }
}
