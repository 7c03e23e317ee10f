import Reading

/// Looks at X12 (837, 835, 834 and others): elements by their segment, others as text.
extension ContentScan {
  func x12(_ content: [UInt8]) throws {
    guard let start = content.firstIndex(of: UInt8(ascii: "I")), start + 106 <= content.count else {
      return
    }
    let element = content[start + 3]
    let end = content[start + 105]
    guard element != end, !Checks.isLetter(element & 0xdf), !Checks.isDigit(element),
      !Checks.isDigit(end),
      !Checks.isLetter(end & 0xdf)
    else { throw ReadingError("an X12 interchange whose separators are not signs that differ") }
    var scan = FieldScan(file: file, prefix: prefix, setting: .clinical, content: content)
    var number = 0
    var place = start
    while place < content.count {
      var close = place
      while close < content.count, content[close] != end { close += 1 }
      var from = place
      while from < close, content[from] <= 0x20 { from += 1 }
      let fields = content[from..<close].split(separator: element, omittingEmptySubsequences: false)
      number += 1
      if let name = fields.first.map({ String(decoding: $0, as: UTF8.self) }) {
        segment(name, Array(fields.dropFirst()), number, &scan)
      }
      place = close + 1
    }
    take(scan.hits)
  }

  private func segment(
    _ name: String, _ fields: [ArraySlice<UInt8>], _ number: Int, _ scan: inout FieldScan
  ) {
    let qualifier = fields.first.map { String(decoding: $0, as: UTF8.self) } ?? ""
    for (index, field) in fields.enumerated() where !field.isEmpty {
      let place = "\(name)\(index + 1 < 10 ? "0" : "")\(index + 1) in segment \(number)"
      let kind: PHIKind? =
        switch (name, index + 1) {
        case ("NM1", 3), ("NM1", 4), ("NM1", 5): .name
        case ("NM1", 9):
          qualifier == "IL" || qualifier == "QC" ? .beneficiaryNumber : .licenceNumber
        case ("N3", _): .address
        case ("N4", 1): .place
        case ("N4", 3): .postalCode
        case ("DMG", 2), ("DTP", 3), ("DTM", 2): .date
        case ("REF", 2):
          qualifier == "SY" ? .nationalNumber : qualifier == "EA" ? .recordNumber : .otherNumber
        case ("PER", 2): .name
        case ("PER", 4), ("PER", 6), ("PER", 8): .phone
        case ("CLM", 1), ("CLP", 1): .accountNumber
        case ("SBR", 3), ("INS", 12): .beneficiaryNumber
        default: nil
        }
      if ["ISA", "GS", "ST", "SE", "GE", "IEA"].contains(name) { continue }
      if let kind {
        scan.defined(place, kind, Array(field), at: field.startIndex, length: field.count)
      } else {
        scan.text(place, "", Array(field), at: field.startIndex, length: field.count)
      }
    }
  }
}
