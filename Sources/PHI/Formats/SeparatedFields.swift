/// Tables in text: a first line of names, and values between commas, semicolons, tabs or bars.
enum SeparatedFields {
  /// The longest field in quotes; a longer one has a quote that is never closed.
  private static let quotedLimit = 1 << 20

  struct Field {
    let value: [UInt8]
    let start: Int
    let length: Int
  }

  /// The sign between the fields, when the first two lines look like a table.
  static func separator(of text: ArraySlice<UInt8>) -> UInt8? {
    let lines = text.prefix(1 << 16).split(separator: 0x0a, maxSplits: 2)
    guard lines.count >= 2 else { return nil }
    for sign in [0x2c, 0x09, 0x3b, 0x7c] as [UInt8] {
      let first = lines[0].count { $0 == sign }
      guard first >= 1, hasRow(text, after: lines[0].endIndex, sign, first + 1) else { continue }
      // Names are short words.
      let names = lines[0].split(separator: sign)
      guard names.count == first + 1,
        names.allSatisfy({ name in
          name.count <= 40
            && !name.contains { [0x28, 0x29, 0x7b, 0x7d, 0x3d, 0x3c, 0x3e, 0x40].contains($0) }
        })
      else { continue }
      return sign
    }
    return nil
  }

  /// Whether the record behind the names has as many fields as there are names.
  private static func hasRow(
    _ text: ArraySlice<UInt8>, after end: Int, _ sign: UInt8, _ count: Int
  ) -> Bool {
    Array(text[end...].dropFirst().prefix(1 << 13)).withUnsafeBufferPointer { rows in
      var place = 0
      return record(rows, &place, sign).fields.count >= count
    }
  }

  /// One record's fields with their places; a quoted field may hold line ends.
  ///
  /// - Returns: the fields, and whether the record's end was seen.
  static func record(
    _ bytes: UnsafeBufferPointer<UInt8>, _ place: inout Int, _ separator: UInt8
  ) -> (fields: [Field], isWhole: Bool) {
    var fields: [Field] = []
    while place < bytes.count {
      var start = place
      var value: [UInt8]?
      var length = 0
      if bytes[place] == 0x22, let end = quoted(bytes, place + 1) {
        start = place + 1
        length = end - start
        value = withoutDoubles(bytes[start..<end])
        place = min(end + 1, bytes.count)
        while place < bytes.count, bytes[place] != separator, bytes[place] != 0x0a { place += 1 }
      } else {
        while place < bytes.count, bytes[place] != separator, bytes[place] != 0x0a { place += 1 }
        length = place - start
        if length > 0, bytes[place - 1] == 0x0d { length -= 1 }
      }
      fields.append(
        Field(
          value: value ?? Array(bytes[start..<start + length]), start: start, length: length))
      guard place < bytes.count else { return (fields, false) }
      place += 1
      if bytes[place - 1] == 0x0a { return (fields, true) }
    }
    return (fields, false)
  }

  /// The place of the closing quote, or the end of the bytes; `nil` when the field is too long to
  /// be one.
  private static func quoted(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
    var place = start
    while place < bytes.count {
      guard place - start <= quotedLimit else { return nil }
      if bytes[place] == 0x22 {
        guard place + 1 < bytes.count, bytes[place + 1] == 0x22 else { return place }
        place += 1
      }
      place += 1
    }
    return bytes.count
  }

  private static func withoutDoubles(_ raw: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8] {
    guard raw.contains(0x22) else { return Array(raw) }
    var value: [UInt8] = []
    var isSecond = false
    for byte in raw {
      isSecond = byte == 0x22 && !isSecond
      if !isSecond { value.append(byte) }
    }
    return value
  }
}
