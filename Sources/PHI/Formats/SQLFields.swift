/// Looks at the rows of SQL dumps: `INSERT INTO t (columns) VALUES (…), (…)` and PostgreSQL's
/// `COPY t (columns) FROM stdin;`, each value with its column's name.
struct SQLFields {
  private let bytes: [UInt8]
  private var place = 0

  struct Field {
    let column: String
    let value: [UInt8]
    let start: Int
    let length: Int
  }

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Whether a head may be that of a dump.
  static func isDump(_ head: ArraySlice<UInt8>) -> Bool {
    var scan = SQLFields(Array(head))
    while scan.find() { if scan.columns() != nil { return true } }
    return false
  }

  /// Gives each value of rows with patients' columns to `take`.
  mutating func walk(_ take: (Field) -> Void) {
    while find() {
      let isCopy = bytes[place] | 0x20 == UInt8(ascii: "c")
      guard let columns = columns(), PatientColumns.are(columns) else { continue }
      if isCopy { copied(columns, take) } else { inserted(columns, take) }
    }
  }

  private func begins(_ word: StaticString, at start: Int) -> Bool {
    guard start + word.utf8CodeUnitCount < bytes.count else { return false }
    for offset in 0..<word.utf8CodeUnitCount
    where bytes[start + offset] | 0x20 != word.utf8Start[offset] | 0x20 { return false }
    return true
  }

  /// Moves to the next statement that brings rows; steps over it when asked again.
  private mutating func find() -> Bool {
    place += place == 0 ? 0 : 1
    while place < bytes.count {
      let byte = bytes[place] | 0x20
      if byte == UInt8(ascii: "i"), begins("insert into", at: place) { return true }
      if byte == UInt8(ascii: "c"), begins("copy ", at: place) { return true }
      place += 1
    }
    return false
  }

  /// The names in the first parentheses, which must stand near.
  private mutating func columns() -> [String]? {
    let limit = min(bytes.count, place + 200)
    var start = place
    while start < limit, bytes[start] != 0x28, bytes[start] != 0x3b { start += 1 }
    guard start < limit, bytes[start] == 0x28 else { return nil }
    var end = start
    while end < min(bytes.count, start + 4096), bytes[end] != 0x29 { end += 1 }
    guard end < bytes.count, bytes[end] == 0x29 else { return nil }
    place = end
    return bytes[(start + 1)..<end].split(separator: 0x2c).map { name in
      String(
        decoding: name.filter { $0 > 0x20 && ![0x22, 0x60, 0x5b, 0x5d].contains($0) }, as: UTF8.self
      )
    }
  }

  private mutating func copied(_ columns: [String], _ take: (Field) -> Void) {
    while place < bytes.count, bytes[place] != 0x0a { place += 1 }
    place += 1
    while place < bytes.count, bytes[place] != 0x5c {
      var index = 0
      while place < bytes.count {
        let start = place
        while place < bytes.count, bytes[place] != 0x09, bytes[place] != 0x0a { place += 1 }
        if index < columns.count {
          take(
            Field(
              column: columns[index], value: Array(bytes[start..<place]), start: start,
              length: place - start))
        }
        index += 1
        place += 1
        if bytes[place - 1 < bytes.count ? place - 1 : bytes.count - 1] == 0x0a { break }
      }
    }
  }

  private mutating func inserted(_ columns: [String], _ take: (Field) -> Void) {
    var index = 0
    var depth = 0
    while place < bytes.count {
      let byte = bytes[place]
      switch byte {
      case 0x3b where depth == 0: return
      case 0x28:
        depth += 1
        if depth == 1 { index = 0 }
        place += 1
      case 0x29:
        depth -= 1
        place += 1
        if depth < 0 { depth = 0 }
      case 0x2c:
        if depth == 1 { index += 1 }
        place += 1
      case 0x27:
        let start = place + 1
        var value: [UInt8] = []
        place = start
        while place < bytes.count {
          if bytes[place] == 0x27 {
            guard place + 1 < bytes.count, bytes[place + 1] == 0x27 else { break }
            place += 1
          } else if bytes[place] == 0x5c, place + 1 < bytes.count {
            place += 1
          }
          value.append(bytes[place])
          place += 1
        }
        if depth >= 1, index < columns.count {
          take(Field(column: columns[index], value: value, start: start, length: place - start))
        }
        place += 1
      case 0x30...0x39 where depth == 1:
        let start = place
        while place < bytes.count, Checks.isDigit(bytes[place]) || bytes[place] == 0x2e {
          place += 1
        }
        if index < columns.count {
          take(
            Field(
              column: columns[index], value: Array(bytes[start..<place]), start: start,
              length: place - start))
        }
      default: place += 1
      }
    }
  }
}

extension ContentScan {
  func sql(_ content: [UInt8]) {
    var scan = FieldScan(file: file, prefix: prefix, setting: .clinical, content: content)
    var walk = SQLFields(content)
    walk.walk { field in
      let place = "column \(field.column)"
      if let kind = PatientColumns.kind(field.column) {
        scan.defined(place, kind, field.value, at: field.start, length: field.length)
      } else {
        scan.text(place, field.column, field.value, at: field.start, length: field.length)
      }
    }
    take(scan.hits)
  }
}
