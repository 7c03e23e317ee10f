import Reading

/// A tolerant walk over XML in stretches that knows where values stand. `Reading`'s reader is strict
/// and keeps no places of values; here a broken document must be looked at too.
struct XMLFields {
  struct Field {
    let path: [String]
    let start: Int
    let end: Int
    /// Whether references in it are none.
    let isRaw: Bool
  }

  private static let depthLimit = 128
  private var path: [String] = []
  /// Elements deeper than the limit.
  private var deeper = 0

  /// Gives each attribute and each stretch of text to `take`.
  ///
  /// - Parameter isStrict: whether a nesting deeper than 128 is refused; HTML, which leaves out ends
  ///   of elements, seems to nest without end.
  /// - Returns: how many bytes were walked over.
  /// - Throws: `ReadingError` when the nesting is deeper than 128.
  mutating func walk(
    _ bytes: UnsafeBufferPointer<UInt8>, isLast: Bool, isStrict: Bool,
    _ take: (Field) throws -> Void
  ) throws -> Int {
    var place = 0
    while place < bytes.count {
      let start = place
      guard let end = Self.end(of: bytes, place, isLast) else { return start }
      place = end
      guard bytes[start] == 0x3c else {
        try text(bytes, start, end, path, take)
        continue
      }
      if ByteSearch.isAt("<!--", in: bytes, start) {
        try text(bytes, start + 4, max(start + 4, end - 3), path + ["comment()"], take)
      } else if ByteSearch.isAt("<![CDATA[", in: bytes, start) {
        let last = max(start + 9, end - 3)
        try take(Field(path: path, start: min(start + 9, last), end: min(last, end), isRaw: true))
      } else if ByteSearch.isAt("</", in: bytes, start) {
        if deeper > 0 { deeper -= 1 } else if !path.isEmpty { path.removeLast() }
      } else if !ByteSearch.isAt("<?", in: bytes, start), !ByteSearch.isAt("<!", in: bytes, start) {
        guard path.count < Self.depthLimit || !isStrict else {
          throw ReadingError("nested deeper than \(Self.depthLimit) levels")
        }
        try element(bytes, start + 1, end, take)
      }
    }
    return place
  }

  /// The byte behind the construct that begins there; `nil` when it goes on behind the stretch.
  private static func end(
    of bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ isLast: Bool
  ) -> Int? {
    func behind(_ word: StaticString, from place: Int) -> Int? {
      ByteSearch.find(word, in: bytes, from: place).map { $0 + word.utf8CodeUnitCount }
        ?? (isLast ? bytes.count : nil)
    }
    guard bytes[start] == 0x3c else {
      var place = start
      while place < bytes.count, bytes[place] != 0x3c { place += 1 }
      return place < bytes.count || isLast ? place : nil
    }
    guard bytes.count - start >= 9 || isLast else { return nil }
    if ByteSearch.isAt("<!--", in: bytes, start) { return behind("-->", from: start + 4) }
    if ByteSearch.isAt("<![CDATA[", in: bytes, start) { return behind("]]>", from: start + 9) }
    // A sign of the end in an attribute's quotes is none.
    var quote: UInt8 = 0
    var place = start + 1
    while place < bytes.count {
      let byte = bytes[place]
      if quote != 0 {
        if byte == quote { quote = 0 }
      } else if byte == 0x3e {
        return place + 1
      } else if byte == 0x22 || byte == 0x27, bytes[start + 1] != 0x21 {
        quote = byte
      }
      place += 1
    }
    guard isLast else { return nil }
    // A quote that is never closed: the next sign of an end, whatever stands around it.
    return quote == 0 ? bytes.count : behind(">", from: start)
  }

  private mutating func element(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int, _ take: (Field) throws -> Void
  ) throws {
    var place = start
    let name = Self.name(bytes, &place, end)
    if path.count < Self.depthLimit { path.append(name) } else { deeper += 1 }
    while place < end, bytes[place] != 0x3e {
      if bytes[place] == 0x2f, place + 1 < end, bytes[place + 1] == 0x3e {
        if deeper > 0 { deeper -= 1 } else { path.removeLast() }
        return
      }
      guard bytes[place] > 0x20, bytes[place] != 0x2f else {
        place += 1
        continue
      }
      let attribute = Self.name(bytes, &place, end)
      while place < end, bytes[place] <= 0x20 || bytes[place] == 0x3d { place += 1 }
      guard place < end, bytes[place] == 0x22 || bytes[place] == 0x27 else {
        if attribute.isEmpty { place += 1 }
        continue
      }
      let quote = bytes[place]
      let begin = place + 1
      place = begin
      while place < end, bytes[place] != quote { place += 1 }
      try take(
        Field(path: path + ["@" + attribute], start: begin, end: place, isRaw: false))
      place = min(end, place + 1)
    }
  }

  private static func name(
    _ bytes: UnsafeBufferPointer<UInt8>, _ place: inout Int, _ end: Int
  ) -> String {
    var start = place
    while place < end, bytes[place] > 0x20,
      ![0x3d, 0x3e, 0x2f, 0x22, 0x27].contains(bytes[place])
    {
      // Prefixes are left out: "cda:name" is "name".
      if bytes[place] == 0x3a { start = place + 1 }
      place += 1
    }
    return String(decoding: bytes[start..<place], as: UTF8.self)
  }

  private func text(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int, _ path: [String],
    _ take: (Field) throws -> Void
  ) throws {
    var first = start
    while first < end, bytes[first] <= 0x20 { first += 1 }
    guard first < end else { return }
    var last = end
    while bytes[last - 1] <= 0x20 { last -= 1 }
    try take(Field(path: path, start: first, end: last, isRaw: false))
  }

  /// References resolved: the five of XML, and numbers.
  static func unescaped(_ raw: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8] {
    guard raw.contains(0x26) else { return Array(raw) }
    var text: [UInt8] = []
    var rest = raw
    while let byte = rest.first {
      guard byte == 0x26, let end = rest.prefix(12).firstIndex(of: 0x3b) else {
        text.append(byte)
        rest = rest.dropFirst()
        continue
      }
      let name = String(decoding: rest[(rest.startIndex + 1)..<end], as: UTF8.self)
      switch name {
      case "lt": text.append(0x3c)
      case "gt": text.append(0x3e)
      case "amp": text.append(0x26)
      case "quot": text.append(0x22)
      case "apos": text.append(0x27)
      default:
        let code =
          name.hasPrefix("#x")
          ? UInt32(name.dropFirst(2), radix: 16)
          : name.hasPrefix("#") ? UInt32(name.dropFirst()) : nil
        if let scalar = code.flatMap(Unicode.Scalar.init) {
          text += Array(String(Character(scalar)).utf8)
        } else {
          text += rest[rest.startIndex...end]
        }
      }
      rest = rest[(end + 1)...]
    }
    return text
  }
}
