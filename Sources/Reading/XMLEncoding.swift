/// Turns the bytes of an XML document into UTF-8, in the encoding that the document declares.
enum XMLEncoding {
  /// The bytes as UTF-8, without a byte order mark.
  ///
  /// - Throws: `ReadingError` when the encoding is not taken, contradicts the byte order mark, or
  ///   the bytes are not of it.
  static func decode(_ bytes: [UInt8]) throws -> [UInt8] {
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) {
      let text = Array(bytes.dropFirst(3))
      try requireDeclared(["UTF-8"], in: text, mark: "UTF-8")
      return try checked(text)
    }
    if bytes.starts(with: [0xfe, 0xff]) || bytes.starts(with: [0xff, 0xfe]) {
      let text = try utf16(bytes)
      try requireDeclared(["UTF-16"], in: text, mark: "UTF-16")
      return text
    }
    switch declaredName(in: bytes)?.uppercased() {
    case nil, "UTF-8", "US-ASCII", "ASCII": return try checked(bytes)
    case "ISO-8859-1", "LATIN1": return single(bytes) { UInt32($0) }
    case "ISO-8859-15", "LATIN-9": return single(bytes) { latin9[$0] ?? UInt32($0) }
    case let other?:
      throw ReadingError(
        "the encoding \(other) is not taken; expected UTF-8, UTF-16 with a byte order mark, "
          + "US-ASCII, ISO-8859-1 or ISO-8859-15", at: Position(line: 1, column: 1))
    }
  }

  /// Where ISO-8859-15 differs from ISO-8859-1.
  private static let latin9: [UInt8: UInt32] = [
    0xa4: 0x20ac, 0xa6: 0x160, 0xa8: 0x161, 0xb4: 0x17d, 0xb8: 0x17e, 0xbc: 0x152, 0xbd: 0x153,
    0xbe: 0x178,
  ]

  /// The name in the XML declaration, read as far as it is ASCII; the declaration's form is
  /// checked later, by the reader.
  private static func declaredName(in bytes: [UInt8]) -> String? {
    guard bytes.starts(with: Array("<?xml".utf8)) else { return nil }
    let declaration = String(
      decoding: bytes.prefix(256).prefix { $0 != 0x3e }.filter { $0 < 0x80 }, as: UTF8.self)
    guard let key = declaration.firstRange(of: "encoding") else { return nil }
    let rest = declaration[key.upperBound...].drop { $0 == " " || $0 == "=" }
    guard let quote = rest.first, quote == "\"" || quote == "'" else { return nil }
    return String(rest.dropFirst().prefix { $0 != quote })
  }

  private static func requireDeclared(_ names: [String], in text: [UInt8], mark: String) throws {
    guard let name = declaredName(in: text), !names.contains(name.uppercased()) else { return }
    throw ReadingError(
      "the byte order mark says \(mark), the declaration says \(name)",
      at: Position(line: 1, column: 1))
  }

  private static func checked(_ bytes: [UInt8]) throws -> [UInt8] {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw ReadingError("the document is not valid UTF-8, and declares no other encoding")
    }
    return bytes
  }

  private static func single(_ bytes: [UInt8], _ scalar: (UInt8) -> UInt32) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count)
    for byte in bytes {
      if byte < 0x80 {
        text.append(byte)
      } else if let scalar = Unicode.Scalar(scalar(byte)) {
        text.append(contentsOf: UTF8.encode(scalar) ?? .init())
      }
    }
    return text
  }

  private static func utf16(_ bytes: [UInt8]) throws -> [UInt8] {
    guard bytes.count.isMultiple(of: 2) else {
      throw ReadingError("the document ends inside a UTF-16 code unit")
    }
    let isLittle = bytes[0] == 0xff
    let units = stride(from: 2, to: bytes.count, by: 2).map {
      UInt16(bytes[isLittle ? $0 + 1 : $0]) << 8 | UInt16(bytes[isLittle ? $0 : $0 + 1])
    }
    guard let text = String(validating: units, as: UTF16.self) else {
      throw ReadingError("the document is not valid UTF-16")
    }
    return Array(text.utf8)
  }
}
