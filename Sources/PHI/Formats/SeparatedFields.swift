/// Tables in text: a first line of names, and values between commas, semicolons, tabs or bars.
struct SeparatedFields {
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
    let rows = Array(text[end...].dropFirst().prefix(1 << 13))
    var place = 0
    return record(rows, &place, sign).count >= count
  }

  /// One record's fields with their places; a quoted field may hold line ends.
  static func record(_ bytes: [UInt8], _ place: inout Int, _ separator: UInt8) -> [(
    value: [UInt8], start: Int, length: Int
  )] {
    var fields: [(value: [UInt8], start: Int, length: Int)] = []
    while place < bytes.count {
      var start = place
      var value: [UInt8] = []
      var length = 0
      if bytes[place] == 0x22 {
        place += 1
        start = place
        while place < bytes.count {
          if bytes[place] == 0x22 {
            if place + 1 < bytes.count, bytes[place + 1] == 0x22 { place += 1 } else { break }
          }
          value.append(bytes[place])
          place += 1
        }
        length = place - start
        place = min(place + 1, bytes.count)
        while place < bytes.count, bytes[place] != separator, bytes[place] != 0x0a { place += 1 }
      } else {
        while place < bytes.count, bytes[place] != separator, bytes[place] != 0x0a { place += 1 }
        length = place - start
        value = Array(bytes[start..<place])
        if value.last == 0x0d {
          value.removeLast()
          length -= 1
        }
      }
      fields.append((value, start, length))
      guard place < bytes.count else { break }
      place += 1
      if bytes[place - 1] == 0x0a { break }
    }
    return fields
  }
}

extension ContentScan {
  /// Looks at the cells of a table, each with its column's name as its label.
  func separated(_ content: [UInt8], isClinical: Bool) {
    guard let separator = SeparatedFields.separator(of: content[...]) else { return }
    var place = content.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    let header = SeparatedFields.record(content, &place, separator)
    let names = header.map { String(decoding: $0.value, as: UTF8.self) }
    guard isClinical || setting == .clinical || PatientColumns.are(names) else { return }
    var scan = FieldScan(file: file, prefix: prefix, setting: .clinical, content: content)
    var row = 1
    while place < content.count {
      row += 1
      for (index, field) in SeparatedFields.record(content, &place, separator).enumerated() {
        let name = index < names.count ? names[index] : ""
        let cell = "row \(row), \(name.isEmpty ? "column \(index + 1)" : name)"
        if let kind = PatientColumns.kind(name) {
          scan.defined(cell, kind, field.value, at: field.start, length: field.length)
        } else {
          scan.text(cell, name, field.value, at: field.start, length: field.length)
        }
      }
    }
    take(scan.hits)
  }
}

/// Columns that hold a patient's data.
enum PatientColumns {
  /// Whether columns are those of a list of persons in care: one that only patients have, or three
  /// that persons have.
  static func are(_ names: [String]) -> Bool {
    let labels = names.compactMap(label)
    let own = labels.contains {
      [.record, .beneficiary, .birth, .patientName, .national].contains($0)
    }
    return own && labels.count >= 2
  }

  /// What a column holds as a whole.
  static func kind(_ name: String) -> PHIKind? {
    switch label(name) {
    case .name, .patientName, .clinician: .name
    case .record: .recordNumber
    case .beneficiary: .beneficiaryNumber
    case .national: .nationalNumber
    case .account, .card: .accountNumber
    case .phone: .phone
    case .fax: .fax
    case .birth, .date: .date
    case .address: .address
    case .place: .place
    case .email: .email
    case .licence: .licenceNumber
    case .device: .deviceNumber
    default: nil
    }
  }

  static func label(_ name: String) -> PHILabel? {
    Lexicon.shared.labels[Folding.hash(name.filter { $0.isLetter || $0.isNumber })]
  }
}
