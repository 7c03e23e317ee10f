/// Turns the bytes of an XML document into UTF-8, in the encoding that the document declares, part
/// by part.
struct XMLDecoder {
  private enum Encoding {
    case utf8, latin1, latin9
    case utf16(isLittle: Bool)
  }

  private var encoding: Encoding?
  /// The beginning until it tells the encoding; later what a part ended in the middle of.
  private var rest: [UInt8] = []

  /// Enough for an XML declaration.
  private static let beginning = 256

  /// Appends the UTF-8 form of the next bytes, without a byte order mark.
  ///
  /// - Throws: `ReadingError` when the encoding is not taken, contradicts the byte order mark, or
  ///   the bytes are not of it.
  mutating func decode(_ part: [UInt8], into text: inout [UInt8]) throws(ReadingError) {
    guard encoding == nil else { return try convert(part[...], into: &text) }
    rest.append(contentsOf: part)
    guard rest.count >= Self.beginning || rest.contains(0x3e) else { return }
    try begin(into: &text)
  }

  /// Says that no more bytes come; what is left over is an error.
  mutating func finish(into text: inout [UInt8]) throws(ReadingError) {
    if encoding == nil { try begin(into: &text) }
    guard rest.isEmpty else { throw ReadingError("the document ends inside a character") }
  }

  private mutating func begin(into text: inout [UInt8]) throws(ReadingError) {
    let bytes = rest
    rest = []
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) {
      encoding = .utf8
      try convert(bytes.dropFirst(3), into: &text)
      try Self.requireDeclared(["UTF-8"], in: text, mark: "UTF-8")
    } else if bytes.starts(with: [0xfe, 0xff]) || bytes.starts(with: [0xff, 0xfe]) {
      encoding = .utf16(isLittle: bytes[0] == 0xff)
      try convert(bytes.dropFirst(2), into: &text)
      try Self.requireDeclared(["UTF-16"], in: text, mark: "UTF-16")
    } else {
      encoding = try Self.declared(in: bytes)
      if text.isEmpty, case .utf8 = encoding, UTF8Sequence.isWhole(bytes) {
        text = bytes
      } else {
        try convert(bytes[...], into: &text)
      }
    }
  }

  private static func declared(in bytes: [UInt8]) throws(ReadingError) -> Encoding {
    switch declaredName(in: bytes)?.uppercased() {
    case nil, "UTF-8", "US-ASCII", "ASCII": return .utf8
    case "ISO-8859-1", "LATIN1": return .latin1
    case "ISO-8859-15", "LATIN-9": return .latin9
    case let other?:
      throw ReadingError(
        "the encoding \(other) is not taken; expected UTF-8, UTF-16 with a byte order mark, "
          + "US-ASCII, ISO-8859-1 or ISO-8859-15", at: Position(line: 1, column: 1))
    }
  }

  // MARK: Conversion

  private mutating func convert(
    _ part: ArraySlice<UInt8>, into text: inout [UInt8]
  ) throws(ReadingError) {
    switch encoding {
    case .utf16(let isLittle): try convertUTF16(Array(rest + part), isLittle, into: &text)
    case .latin1: Self.single(part, into: &text) { UInt32($0) }
    case .latin9: Self.single(part, into: &text) { Self.latin9[$0] ?? UInt32($0) }
    default:
      let bytes = rest.isEmpty ? part : ArraySlice(rest + part)
      let valid = bytes.withUnsafeBufferPointer { UTF8Sequence.validCount($0) }
      rest = Array(bytes.dropFirst(valid))
      guard rest.isEmpty || UTF8Sequence.isCutOff(rest[...]) else {
        throw ReadingError("the document is not valid UTF-8, and declares no other encoding")
      }
      text.append(contentsOf: bytes.prefix(valid))
    }
  }

  /// Where ISO-8859-15 differs from ISO-8859-1.
  private static let latin9: [UInt8: UInt32] = [
    0xa4: 0x20ac, 0xa6: 0x160, 0xa8: 0x161, 0xb4: 0x17d, 0xb8: 0x17e, 0xbc: 0x152, 0xbd: 0x153,
    0xbe: 0x178,
  ]

  private static func single(
    _ bytes: ArraySlice<UInt8>, into text: inout [UInt8], _ scalar: (UInt8) -> UInt32
  ) {
    for byte in bytes {
      if byte < 0x80 {
        text.append(byte)
      } else if let scalar = Unicode.Scalar(scalar(byte)) {
        text.append(contentsOf: UTF8.encode(scalar) ?? .init())
      }
    }
  }

  private mutating func convertUTF16(
    _ bytes: [UInt8], _ isLittle: Bool, into text: inout [UInt8]
  ) throws(ReadingError) {
    var units = stride(from: 0, to: bytes.count - 1, by: 2).map {
      UInt16(bytes[isLittle ? $0 + 1 : $0]) << 8 | UInt16(bytes[isLittle ? $0 : $0 + 1])
    }
    rest = bytes.count.isMultiple(of: 2) ? [] : Array(bytes.suffix(1))
    if let last = units.last, UTF16.isLeadSurrogate(last) {
      units.removeLast()
      rest = Array(bytes.suffix(2 + rest.count))
    }
    guard let part = String(validating: units, as: UTF16.self) else {
      throw ReadingError("the document is not valid UTF-16")
    }
    text.append(contentsOf: part.utf8)
  }

  // MARK: The declaration

  /// The name in the XML declaration, read as far as it is ASCII; the declaration's form is
  /// checked later, by the reader.
  private static func declaredName(in bytes: [UInt8]) -> String? {
    guard bytes.starts(with: Array("<?xml".utf8)) else { return nil }
    let declaration = String(
      decoding: bytes.prefix(beginning).prefix { $0 != 0x3e }.filter { $0 < 0x80 }, as: UTF8.self)
    guard let key = declaration.firstRange(of: "encoding") else { return nil }
    let rest = declaration[key.upperBound...].drop { $0 == " " || $0 == "=" }
    guard let quote = rest.first, quote == "\"" || quote == "'" else { return nil }
    return String(rest.dropFirst().prefix { $0 != quote })
  }

  private static func requireDeclared(
    _ names: [String], in text: [UInt8], mark: String
  ) throws(ReadingError) {
    guard let name = declaredName(in: text), !names.contains(name.uppercased()) else { return }
    throw ReadingError(
      "the byte order mark says \(mark), the declaration says \(name)",
      at: Position(line: 1, column: 1))
  }
}
