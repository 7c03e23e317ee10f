import Reading

/// Looks at X12 (837, 835, 834 and others): elements by their segment, others as text.
struct X12Walk: FieldWalk {
  private var element: UInt8 = 0
  private var end: UInt8 = 0
  private var repetition: UInt8 = 0
  private var component: UInt8 = 0
  private var number = 0

  mutating func walk(
    _ bytes: UnsafeBufferPointer<UInt8>, isLast: Bool, isClinical: Bool, into scan: inout FieldScan
  ) throws -> Int {
    scan.setting = .clinical
    var place = 0
    while place < bytes.count {
      var from = place
      while from < bytes.count, bytes[from] <= 0x20 { from += 1 }
      // Each interchange names its own separators.
      if ByteSearch.isAt("ISA", in: bytes, from) || end == 0 {
        guard from + 106 <= bytes.count else { return isLast ? bytes.count : place }
        try begin(bytes, from)
      }
      var close = from
      while close < bytes.count, bytes[close] != end { close += 1 }
      if close == bytes.count, !isLast { return place }
      number += 1
      segment(bytes[from..<close], &scan)
      place = close + 1
    }
    return min(place, bytes.count)
  }

  private mutating func begin(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) throws {
    guard let isa = ByteSearch.find("ISA", in: bytes, from: start), isa + 106 <= bytes.count else {
      throw ReadingError("an X12 interchange without its whole first segment")
    }
    element = bytes[isa + 3]
    component = bytes[isa + 104]
    end = bytes[isa + 105]
    func isSign(_ byte: UInt8) -> Bool { !Checks.isLetter(byte & 0xdf) && !Checks.isDigit(byte) }
    // Version 4010 has a letter there, and no repetitions.
    repetition = isSign(bytes[isa + 82]) && bytes[isa + 82] != element ? bytes[isa + 82] : 0
    guard element != end, element != component, component != end, isSign(element), isSign(end),
      isSign(component)
    else {
      throw ReadingError("an X12 interchange whose separators are not signs that differ")
    }
  }

  private func segment(_ segment: Slice<UnsafeBufferPointer<UInt8>>, _ scan: inout FieldScan) {
    let fields = segment.split(separator: element, omittingEmptySubsequences: false)
    guard let first = fields.first else { return }
    let name = String(decoding: first, as: UTF8.self)
    if ["ISA", "GS", "ST", "SE", "GE", "IEA"].contains(name) { return }
    let qualifier = fields.count > 1 ? String(decoding: fields[1], as: UTF8.self) : ""
    var notes: [FieldScan.Piece] = []
    for (index, field) in fields.enumerated().dropFirst() where !field.isEmpty {
      let kind = Self.kind(name, index, qualifier)
      for value in field.split(separator: repetition) {
        let place = { [number] in "\(name)\(index < 10 ? "0" : "")\(index) in segment \(number)" }
        if let kind {
          scan.defined(place(), kind, Array(value), at: value.startIndex, length: value.count)
          continue
        }
        for part in value.split(separator: component) {
          if HL7Time.isDay(part) {
            scan.defined(
              place(), .date, Array(part), at: part.startIndex, length: part.count)
            continue
          }
          scan.text(place(), "", Array(part), at: part.startIndex, length: part.count)
          notes.append(
            FieldScan.Piece(
              place: place(), value: Array(part), start: part.startIndex, length: part.count))
        }
      }
    }
    scan.joined(notes)
  }

  private static func kind(_ name: String, _ index: Int, _ qualifier: String) -> PHIKind? {
    switch (name, index) {
    case ("NM1", 3), ("NM1", 4), ("NM1", 5), ("PER", 2): .name
    case ("NM1", 9): qualifier == "IL" || qualifier == "QC" ? .beneficiaryNumber : .licenceNumber
    case ("N1", 2): .name
    case ("N1", 4), ("TRN", 2): .otherNumber
    case ("N3", _): .address
    case ("N4", 1): .place
    case ("N4", 3): .postalCode
    case ("DMG", 2), ("DTP", 3), ("DTM", 2): .date
    case ("REF", 2):
      qualifier == "SY" ? .nationalNumber : qualifier == "EA" ? .recordNumber : .otherNumber
    case ("PER", 4), ("PER", 6), ("PER", 8): .phone
    case ("CLM", 1), ("CLP", 1): .accountNumber
    case ("SBR", 3), ("INS", 12): .beneficiaryNumber
    default: nil
    }
  }
}
