import Reading

/// What the fields of HL7 v2 messages hold by their definition.
enum HL7Definitions {
  static let kinds: [String: PHIKind] = {
    var kinds: [String: PHIKind] = [:]
    func add(_ segment: String, _ fields: [Int], _ kind: PHIKind) {
      for field in fields { kinds["\(segment)-\(field)"] = kind }
    }
    add("PID", [2, 3, 4], .recordNumber)
    add("PID", [5, 6, 9], .name)
    add("PID", [7, 29], .date)
    add("PID", [11], .address)
    add("PID", [12, 23], .place)
    add("PID", [13, 14], .phone)
    add("PID", [18], .accountNumber)
    add("PID", [19], .nationalNumber)
    add("PID", [20], .licenceNumber)
    add("PID", [21], .recordNumber)
    add("PD1", [4], .name)
    add("NK1", [2, 30], .name)
    add("NK1", [4, 32], .address)
    add("NK1", [5, 6, 31], .phone)
    add("NK1", [16], .date)
    add("NK1", [12, 33], .otherNumber)
    add("NK1", [37], .nationalNumber)
    add("PV1", [7, 8, 9, 17, 52], .name)
    add("PV1", [5, 19, 50], .recordNumber)
    add("PV1", [44, 45], .date)
    add("GT1", [3, 4], .name)
    add("GT1", [5], .address)
    add("GT1", [6, 7], .phone)
    add("GT1", [8], .date)
    add("GT1", [12], .nationalNumber)
    add("GT1", [2, 19], .otherNumber)
    add("IN1", [16, 6], .name)
    add("IN1", [18], .date)
    add("IN1", [19], .address)
    add("IN1", [36, 49, 8], .beneficiaryNumber)
    add("IN2", [1, 2], .nationalNumber)
    add("IN2", [6, 8, 61], .beneficiaryNumber)
    add("MRG", [1, 2, 3, 4], .recordNumber)
    add("MRG", [7], .name)
    add("OBR", [10, 16, 28, 32, 33, 34, 35], .name)
    add("OBR", [17], .phone)
    add("OBR", [3], .otherNumber)
    add("ORC", [10, 11, 12, 19], .name)
    add("ORC", [14, 23], .phone)
    add("ORC", [24, 22], .address)
    add("OBX", [16], .name)
    add("TXA", [5, 9, 10, 11, 22], .name)
    add("SCH", [12, 16, 20], .name)
    add("SCH", [13, 17], .phone)
    add("AIP", [3], .name)
    add("RXA", [10], .name)
    add("STF", [3], .name)
    add("DG1", [16], .name)
    add("ROL", [4], .name)
    add("ACC", [1], .date)
    return kinds
  }()
}

/// Looks at HL7 v2: each field by its definition, repetition by repetition; others as text.
extension ContentScan {
  func hl7(_ content: [UInt8]) throws {
    guard let header = content.firstIndex(of: UInt8(ascii: "H")), header + 2 < content.count else {
      return
    }
    let field = content[header + 1]
    let after = content[(header + 2)...].prefix(8)
    let signs = after.prefix { $0 != field && $0 > 0x20 }
    guard signs.count >= 1, Set(signs).count == signs.count, !Checks.isLetter(field & 0xdf),
      !Checks.isDigit(field),
      signs.allSatisfy({ !Checks.isLetter($0 & 0xdf) && !Checks.isDigit($0) && $0 != field })
    else { throw ReadingError("an HL7 v2 message whose separators are not signs that differ") }
    let repetition = signs.count > 1 ? signs[signs.startIndex + 1] : 0x7e
    var scan = FieldScan(file: file, prefix: prefix, setting: .clinical, content: content)
    var attachments: [(String, [UInt8])] = []
    var counts: [String: Int] = [:]
    var start = 0
    while start < content.count {
      var end = start
      while end < content.count, ![0x0d, 0x0a, 0x1c].contains(content[end]) { end += 1 }
      var from = start
      while from < end, content[from] <= 0x20 { from += 1 }
      if end - from > 3 {
        let segment = String(decoding: content[from..<from + 3], as: UTF8.self)
        counts[segment, default: 0] += 1
        let name = counts[segment] == 1 ? segment : "\(segment)[\(counts[segment] ?? 1)]"
        let isHeader = ["MSH", "FHS", "BHS"].contains(segment)
        var number = isHeader ? 1 : 0
        var place = from + 3
        while place < end {
          number += 1
          let begin = place + 1
          place = begin
          while place < end, content[place] != field { place += 1 }
          if isHeader, number == 2 { continue }
          // A document in base64 is one value, whatever signs it holds.
          repetitions(
            content[begin..<place], isHeader ? number : number, segment, name, repetition,
            signs.first ?? 0x5e,
            &scan, &attachments)
        }
      }
      start = end + 1
    }
    take(scan.hits)
    for (place, decoded) in attachments { try nested(place, decoded, setting: .clinical) }
  }

  private func repetitions(
    _ field: ArraySlice<UInt8>, _ number: Int, _ segment: String, _ name: String,
    _ repetition: UInt8,
    _ component: UInt8, _ scan: inout FieldScan, _ attachments: inout [(String, [UInt8])]
  ) {
    var index = 1
    for value in field.split(separator: repetition, omittingEmptySubsequences: false) {
      let place = "\(name)-\(number)" + (index == 1 ? "" : "[\(index)]")
      index += 1
      guard !value.isEmpty else { continue }
      if let kind = HL7Definitions.kinds["\(segment)-\(number)"] {
        scan.defined(place, kind, Array(value), at: value.startIndex, length: value.count)
        continue
      }
      for part in value.split(separator: component) {
        if isDate(part) {
          scan.defined(place, .date, Array(part), at: part.startIndex, length: part.count)
        } else if part.count >= 48, let decoded = Base64Text.decode(Array(part)) {
          attachments.append((place, decoded))
        } else if part.count > 3 {
          let text = Self.unescaped(part)
          scan.text(place, "", text, at: part.startIndex, length: part.count)
        }
      }
    }
  }

  /// A time stamp of HL7: eight digits of a day, perhaps more.
  private func isDate(_ part: ArraySlice<UInt8>) -> Bool {
    let digits = part.prefix { Checks.isDigit($0) }.map { Int($0 & 15) }
    guard [8, 10, 12, 14].contains(digits.count) else { return false }
    let year = digits[0] * 1000 + digits[1] * 100 + digits[2] * 10 + digits[3]
    return (1880...2099).contains(year) && (1...12).contains(digits[4] * 10 + digits[5])
      && (1...31).contains(digits[6] * 10 + digits[7])
      && part.dropFirst(digits.count).allSatisfy {
        Checks.isDigit($0) || [0x2b, 0x2d, 0x2e].contains($0)
      }
  }

  /// HL7's escapes: \\T\\ and the like become signs, \\.br\\ a line's end.
  private static func unescaped(_ part: ArraySlice<UInt8>) -> [UInt8] {
    guard part.contains(0x5c) else { return Array(part) }
    var text: [UInt8] = []
    var rest = part
    while let byte = rest.first {
      rest = rest.dropFirst()
      guard byte == 0x5c, let end = rest.prefix(12).firstIndex(of: 0x5c) else {
        text.append(byte)
        continue
      }
      let name = rest[..<end]
      switch name.first {
      case UInt8(ascii: "F"): text.append(0x7c)
      case UInt8(ascii: "S"): text.append(0x5e)
      case UInt8(ascii: "T"): text.append(0x26)
      case UInt8(ascii: "R"): text.append(0x7e)
      case UInt8(ascii: "E"): text.append(0x5c)
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
