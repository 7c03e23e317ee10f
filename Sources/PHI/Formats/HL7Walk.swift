import Reading

/// Looks at HL7 v2: each field by its definition, repetition by repetition; others as text.
struct HL7Walk: FieldWalk {
  /// The signs of one message, as its header names them.
  private struct Separators {
    var field: UInt8 = 0x7c
    var component: UInt8 = 0x5e
    var repetition: UInt8 = 0x7e
    var escape: UInt8 = 0x5c
    var part: UInt8 = 0x26
  }

  private var separators = Separators()
  private var counts: [String: Int] = [:]
  private var documents: [FieldDocument] = []
  /// Notes that stand in segments behind one another are one text.
  private var notes: [FieldScan.Piece] = []
  private var notesOf = ""

  mutating func takeDocuments() -> [FieldDocument] {
    defer { documents = [] }
    return documents
  }

  mutating func walk(
    _ bytes: UnsafeBufferPointer<UInt8>, isLast: Bool, isClinical: Bool, into scan: inout FieldScan
  ) throws -> Int {
    scan.setting = .clinical
    notes = []
    var start = 0
    while start < bytes.count {
      var end = start
      while end < bytes.count, bytes[end] != 0x0d, bytes[end] != 0x0a, bytes[end] != 0x1c {
        end += 1
      }
      if end == bytes.count, !isLast { break }
      try line(bytes, start, end, &scan)
      start = end + 1
    }
    scan.joined(notes)
    return min(start, bytes.count)
  }

  private mutating func line(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int, _ scan: inout FieldScan
  ) throws {
    var from = start
    while from < end, bytes[from] <= 0x20 { from += 1 }
    // A line of a log may say something before the message.
    if from < end, bytes[from] != UInt8(ascii: "M"),
      let header = ByteSearch.find("MSH|^~\\&|", in: bytes, from: from), header < end
    {
      scan.text(
        "before the message", "", Array(bytes[from..<header]), at: from, length: header - from)
      from = header
    }
    guard end - from > 3 else { return }
    let segment = String(decoding: bytes[from..<from + 3], as: UTF8.self)
    let isHeader = segment == "MSH" || segment == "FHS" || segment == "BHS"
    if isHeader { try begin(bytes, from + 3, end) }
    guard bytes[from + 3] == separators.field else {
      // No segment: what else stands between messages.
      return scan.text(
        "between segments", "", Array(bytes[from..<end]), at: from, length: end - from)
    }
    counts[segment, default: 0] += 1
    let count = counts[segment] ?? 1
    var number = isHeader ? 1 : 0
    var place = from + 3
    var note: [FieldScan.Piece] = []
    while place < end {
      number += 1
      let begin = place + 1
      place = begin
      while place < end, bytes[place] != separators.field { place += 1 }
      if isHeader, number == 2 || begin > end { continue }
      guard begin <= place else { continue }
      let name = { "\(segment)\(count == 1 ? "" : "[\(count)]")-\(number)" }
      repetitions(bytes[begin..<place], number, segment, name, &scan, &note)
    }
    if segment == "NTE" || segment == "OBX", !note.isEmpty {
      if notesOf != segment { scan.joined(notes) }
      if notesOf != segment || notes.count > 200 { notes = [] }
      notesOf = segment
      notes += note
    } else {
      scan.joined(notes)
      scan.joined(note)
      notes = []
    }
  }

  /// Takes the separators of a header.
  private mutating func begin(
    _ bytes: UnsafeBufferPointer<UInt8>, _ place: Int, _ end: Int
  ) throws {
    let field = bytes[place]
    let signs = Array(bytes[(place + 1)..<min(end, place + 9)].prefix { $0 != field && $0 > 0x20 })
    func isSign(_ byte: UInt8) -> Bool {
      byte > 0x20 && !Checks.isLetter(byte & 0xdf) && !Checks.isDigit(byte)
    }
    guard signs.count >= 1, Set(signs + [field]).count == signs.count + 1, isSign(field),
      signs.allSatisfy(isSign)
    else {
      throw ReadingError("an HL7 v2 message whose separators are not signs that differ")
    }
    separators = Separators()
    separators.field = field
    separators.component = signs[0]
    if signs.count > 1 { separators.repetition = signs[1] }
    if signs.count > 2 { separators.escape = signs[2] }
    if signs.count > 3 { separators.part = signs[3] }
  }

  private mutating func repetitions(
    _ field: Slice<UnsafeBufferPointer<UInt8>>, _ number: Int, _ segment: String,
    _ name: @escaping () -> String, _ scan: inout FieldScan, _ note: inout [FieldScan.Piece]
  ) {
    guard !field.isEmpty else { return }
    let kind = HL7Definitions.kinds["\(segment)-\(number)"]
    var index = 0
    for value in field.split(separator: separators.repetition, omittingEmptySubsequences: false) {
      index += 1
      guard !value.isEmpty else { continue }
      let place = { [index] in name() + (index == 1 ? "" : "[\(index)]") }
      if let kind {
        scan.defined(
          place(), kind, unescaped(value), at: value.startIndex, length: value.count)
        continue
      }
      for part in value.split(separator: separators.component) {
        self.part(part, place, &scan, &note)
      }
    }
  }

  private mutating func part(
    _ part: Slice<UnsafeBufferPointer<UInt8>>, _ place: () -> String, _ scan: inout FieldScan,
    _ note: inout [FieldScan.Piece]
  ) {
    if HL7Time.isDay(part) {
      return scan.defined(place(), .date, Array(part), at: part.startIndex, length: part.count)
    }
    let text = unescaped(part)
    if let content = EncodedText.document(in: text) {
      documents.append(FieldDocument(place: place(), content: content, setting: .clinical))
    } else if part.count > 1 {
      scan.text(place(), "", text, at: part.startIndex, length: part.count)
      note.append(
        FieldScan.Piece(place: place(), value: text, start: part.startIndex, length: part.count))
    }
  }

  /// Escapes: `\T\` and the like become signs, `\.br\` a line's end, `\X41\` a byte.
  private func unescaped(_ part: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8] {
    guard part.contains(separators.escape) else { return Array(part) }
    var text: [UInt8] = []
    var rest = part
    while let byte = rest.first {
      rest = rest.dropFirst()
      guard byte == separators.escape, let end = rest.prefix(400).firstIndex(of: separators.escape)
      else {
        text.append(byte)
        continue
      }
      let name = rest[..<end]
      switch name.first {
      case UInt8(ascii: "F"): text.append(separators.field)
      case UInt8(ascii: "S"): text.append(separators.component)
      case UInt8(ascii: "T"): text.append(separators.part)
      case UInt8(ascii: "R"): text.append(separators.repetition)
      case UInt8(ascii: "E"): text.append(separators.escape)
      // Marks of writing stand within a text.
      case UInt8(ascii: "H"), UInt8(ascii: "N"): break
      case UInt8(ascii: "X"):
        var digits = name.dropFirst()
        while digits.count >= 2 {
          text.append(UInt8(String(decoding: digits.prefix(2), as: UTF8.self), radix: 16) ?? 0x20)
          digits = digits.dropFirst(2)
        }
      default: text.append(0x0a)
      }
      rest = rest[(end + 1)...]
    }
    return text
  }
}
