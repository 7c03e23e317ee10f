/// Text that stands encoded in other text: base64, the escapes of web addresses, and segments of
/// HL7 v2 in a line of a log.
extension SegmentScan {
  /// The shortest run that is taken for base64.
  private static let leastBase64 = 40
  private static let addressLimit = 4096

  /// Base64 around a token with letters of both sorts; its lines may be cut.
  mutating func base64(at index: Int, _ token: Token) {
    guard Int(token.start) >= embeddedEnd, token.count >= 4 else { return }
    Base64Text.values.withUnsafeBufferPointer { values in
      var start = Int(token.start)
      while start > embeddedEnd, values[Int(bytes[start - 1])] != 255 { start -= 1 }
      var end = Int(token.end)
      var length = end - start
      while end < bytes.count {
        if values[Int(bytes[end])] != 255 {
          end += 1
          length += 1
          continue
        }
        // The next line goes on when this one is as long as lines of base64 are.
        var next = end
        if length >= 56, bytes[next] == 0x0d { next += 1 }
        guard length >= 56, next < bytes.count, bytes[next] == 0x0a else { break }
        next += 1
        while next < bytes.count, bytes[next] == 0x20 || bytes[next] == 0x09 { next += 1 }
        guard next < bytes.count, values[Int(bytes[next])] != 255 else { break }
        end = next
        length = 0
      }
      embeddedEnd = end
      guard end - start >= Self.leastBase64 else { return }
      // Where it begins is not known: a path may stand before it, or a piece of text be cut off.
      for offset in 0..<4 {
        guard let decoded = Self.decoded(bytes[(start + offset)..<end], values) else { continue }
        return embedded(decoded, start + offset, end)
      }
    }
  }

  /// What a run stands for, when that is text.
  private static func decoded(
    _ run: Slice<UnsafeBufferPointer<UInt8>>, _ values: UnsafeBufferPointer<UInt8>
  ) -> [UInt8]? {
    var text: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for byte in run {
      let value = values[Int(byte)]
      guard value != 255 else { continue }
      bits = bits << 6 | UInt32(value)
      count += 6
      guard count >= 8 else { continue }
      count -= 8
      text.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      if text.count == 24, !EncodedText.isText(text[...]) { return nil }
    }
    return EncodedText.isText(text[...]) ? text : nil
  }

  /// Looks at what stood encoded between two places; one find stands for all of it.
  private mutating func embedded(_ text: [UInt8], _ start: Int, _ end: Int) {
    let setting: PHISetting? = setting == .clinical ? .clinical : nil
    guard
      let first = PHIScanner.findings(in: text, setting: setting)
        .max(by: { $0.confidence < $1.confidence })
    else { return }
    candidates.append(
      Candidate(
        type: first.type, start: start, end: end, confidence: first.confidence, rule: first.rule))
  }

  /// "%20" and the like: the address around it without its escapes.
  mutating func escapedAddress(at index: Int) {
    let place = Int(at(index).start)
    guard place >= embeddedEnd, at(index + 1).gap == .none, place + 2 < bytes.count,
      Self.hexadecimal(bytes[place + 1]) != nil, Self.hexadecimal(bytes[place + 2]) != nil
    else { return }
    address(around: place)
  }

  /// "?name=Olga+Kern&dob=…": a query, whose spaces are signs.
  mutating func query(at index: Int) {
    let place = Int(at(index).start)
    guard place >= embeddedEnd, at(index).gap == .none, at(index + 1).gap == .none,
      at(index + 1).sort == .word
    else { return }
    address(around: place)
  }

  private static func hexadecimal(_ byte: UInt8) -> UInt8? {
    if Checks.isDigit(byte) { return byte & 15 }
    let letter = byte | 0x20
    return (0x61...0x66).contains(letter) ? letter - 0x61 + 10 : nil
  }

  private static func endsAddress(_ byte: UInt8) -> Bool {
    byte <= 0x20 || byte == 0x22 || byte == 0x27 || byte == 0x3c || byte == 0x3e || byte == 0x60
  }

  private mutating func address(around place: Int) {
    var start = place
    while start > embeddedEnd, place - start < Self.addressLimit,
      !Self.endsAddress(bytes[start - 1])
    {
      start -= 1
    }
    var end = place
    while end < bytes.count, end - place < Self.addressLimit, !Self.endsAddress(bytes[end]) {
      end += 1
    }
    embeddedEnd = end
    var text: [UInt8] = []
    var origins: [Int] = []
    var from = start
    var isQuery = false
    while from < end {
      origins.append(from)
      let byte = bytes[from]
      if byte == 0x25, from + 2 < end, let high = Self.hexadecimal(bytes[from + 1]),
        let low = Self.hexadecimal(bytes[from + 2])
      {
        text.append(high << 4 | low)
        from += 3
        continue
      }
      if byte == 0x3f { isQuery = true }
      text.append(
        byte == 0x26 || byte == 0x3f ? 0x0a : byte == 0x2b && isQuery ? 0x20 : byte)
      from += 1
    }
    origins.append(end)
    for found in PHIScanner.findings(in: text, setting: setting) {
      candidates.append(
        Candidate(
          type: found.type, start: origins[found.start], end: origins[found.end],
          confidence: found.confidence, rule: found.rule))
    }
  }

  /// "PID|1||00482913^^^A^MR||OKAFOR^MARGARET": a segment in a log, in JSON or in code, each field
  /// by its definition.
  mutating func messageSegment(at index: Int) {
    let bar = Int(at(index).start)
    guard at(index).gap == .none, bar >= 3, bar >= embeddedEnd,
      HL7Definitions.personsSegments.contains(where: { ByteSearch.isAt($0, in: bytes, bar - 3) })
    else { return }
    // A name that only ends so is another's; "\r" before it is an escape.
    if bar >= 4, Checks.isLetter(bytes[bar - 4] & 0xdf) || Checks.isDigit(bytes[bar - 4]) {
      guard bar >= 5, bytes[bar - 5] == 0x5c else { return }
    }
    var end = bar
    var bars = 0
    while end < bytes.count, end - bar < 1 << 13 {
      let byte = bytes[end]
      if byte == 0x0a || byte == 0x0d || byte == 0x22 || byte == 0x1c { break }
      if byte == 0x5c, end + 1 < bytes.count, [0x72, 0x6e].contains(bytes[end + 1]) { break }
      if byte == 0x7c { bars += 1 }
      end += 1
    }
    guard bars >= 4 else { return }
    embeddedEnd = end
    let segment = String(decoding: bytes[(bar - 3)..<bar], as: UTF8.self)
    var number = 0
    for field in bytes[(bar + 1)..<end].split(separator: 0x7c, omittingEmptySubsequences: false) {
      number += 1
      guard let kind = HL7Definitions.kinds["\(segment)-\(number)"] else { continue }
      for value in field.split(separator: 0x7e) where FieldScan.says(Array(value), kind) {
        candidates.append(
          Candidate(
            type: kind, start: value.startIndex, end: value.endIndex, confidence: 90,
            rule: .structuredField))
      }
    }
  }
}
