/// Looks at the rows of SQL dumps: `INSERT INTO t (columns) VALUES (…), (…)`, with the columns of
/// `CREATE TABLE` where the statement names none, and PostgreSQL's `COPY t (columns) FROM stdin;`.
/// Each value is taken with its column's name.
struct SQLFields {
  struct Field {
    let column: String
    let value: [UInt8]
    let start: Int
    let length: Int
  }

  /// What the walk stands in.
  private enum State {
    case between
    case copied([String])
    case inserted([String], index: Int, depth: Int)
  }

  /// A statement's head must stand within so many bytes.
  private static let headLimit = 1 << 14
  private static let tableLimit = 10_000
  private var state = State.between
  /// The columns of each table that was created before.
  private var tables: [String: [String]] = [:]

  /// Whether a head may be that of a dump.
  static func isDump(_ head: ArraySlice<UInt8>) -> Bool {
    Array(head).withUnsafeBufferPointer { bytes in
      var place = 0
      while let (start, sort) = statement(bytes, from: place) {
        let columns = parenthesis(bytes, start, isTable: sort == .create)
        if columns != nil, sort != .create || hasRows(bytes, start) { return true }
        place = start + 1
      }
      return false
    }
  }

  private static func hasRows(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Bool {
    var place = start
    while place < bytes.count {
      if ByteSearch.isAtFolded("insert into", in: bytes, place) { return true }
      place += 1
    }
    return false
  }

  private enum Statement { case insert, copy, create }

  /// Gives each value of rows with patients' columns to `take`.
  ///
  /// - Returns: how many bytes were walked over.
  mutating func walk(
    _ bytes: UnsafeBufferPointer<UInt8>, isLast: Bool, _ take: (Field) -> Void
  ) -> Int {
    var place = 0
    while place < bytes.count {
      let start = place
      switch state {
      case .between:
        guard let (next, sort) = Self.statement(bytes, from: place) else {
          // The beginning of a statement may be cut off.
          return isLast ? bytes.count : max(place, bytes.count - 16)
        }
        guard isLast || bytes.count - next >= Self.headLimit else { return next }
        place = next + 1
        begin(bytes, next, sort, &place)
      case .copied(let columns):
        guard Self.copiedLine(bytes, &place, columns, isLast, take) else { return start }
        if bytes[start] == 0x5c, start + 1 < bytes.count, bytes[start + 1] == 0x2e {
          state = .between
        }
      case .inserted(let columns, var index, var depth):
        guard
          let isEnd = Self.insertedValue(bytes, &place, columns, &index, &depth, isLast, take)
        else { return start }
        state = isEnd ? .between : .inserted(columns, index: index, depth: depth)
      }
    }
    return place
  }

  /// Begins the statement at a place, and moves behind its head.
  private mutating func begin(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ sort: Statement, _ place: inout Int
  ) {
    let table = Self.table(bytes, start)
    let list = Self.parenthesis(bytes, start, isTable: sort == .create)
    if sort == .create {
      if let list, tables.count < Self.tableLimit { tables[table] = list.columns }
      return
    }
    var columns = list?.columns ?? []
    var end = list?.end ?? place
    // Values that stand where columns could: the table's own columns hold.
    if sort == .insert, list == nil || !PatientColumns.are(columns), let known = tables[table],
      let values = Self.values(bytes, start), values < end || list == nil
    {
      columns = known
      end = values
    }
    guard PatientColumns.are(columns) else { return }
    place = end
    if sort == .copy {
      while place < bytes.count, bytes[place] != 0x0a { place += 1 }
      place = min(place + 1, bytes.count)
      state = .copied(columns)
    } else {
      state = .inserted(columns, index: 0, depth: 0)
    }
  }

  /// The next statement that brings rows or names columns.
  private static func statement(
    _ bytes: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> (Int, Statement)? {
    var place = start
    while place < bytes.count {
      switch bytes[place] | 0x20 {
      case UInt8(ascii: "i"):
        if ByteSearch.isAtFolded("insert into", in: bytes, place) { return (place, .insert) }
      case UInt8(ascii: "c"):
        if ByteSearch.isAtFolded("copy ", in: bytes, place) { return (place, .copy) }
        if ByteSearch.isAtFolded("create table", in: bytes, place) { return (place, .create) }
      default: break
      }
      place += 1
    }
    return nil
  }

  /// The word before the first parenthesis or `values`: the table's name, folded.
  private static func table(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> String {
    var name: [UInt8] = []
    var place = start
    var words = 0
    while place < min(bytes.count, start + 400), bytes[place] != 0x28 {
      let byte = bytes[place]
      let isWord =
        Checks.isLetter(byte & 0xdf) || Checks.isDigit(byte) || byte == 0x5f || byte >= 0x80
      if isWord {
        if name.isEmpty, ByteSearch.isAtFolded("values", in: bytes, place), words > 0 { break }
        name.append(byte &- 0x41 < 26 ? byte | 0x20 : byte)
      }
      if !isWord || place + 1 == bytes.count {
        let word = String(decoding: name, as: UTF8.self)
        if !["", "insert", "into", "create", "table", "if", "not", "exists", "copy"].contains(word)
        {
          words += 1
          // "public.patient": the last part names it.
          if byte != 0x2e { return word }
        }
        name = []
      }
      place += 1
    }
    return String(decoding: name, as: UTF8.self)
  }

  /// The place behind the word `values`.
  private static func values(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
    (start..<min(bytes.count, start + 400)).first {
      ByteSearch.isAtFolded("values", in: bytes, $0)
    }.map { $0 + 6 }
  }

  /// The names in the first parentheses, which must stand near; of a table, the first word of each
  /// part.
  private static func parenthesis(
    _ bytes: UnsafeBufferPointer<UInt8>, _ place: Int, isTable: Bool
  ) -> (columns: [String], end: Int)? {
    let limit = min(bytes.count, place + 200)
    var start = place
    while start < limit, bytes[start] != 0x28, bytes[start] != 0x3b { start += 1 }
    guard start < limit, bytes[start] == 0x28 else { return nil }
    var parts: [[UInt8]] = [[]]
    var depth = 0
    var end = start
    while end < min(bytes.count, start + headLimit - 400) {
      let byte = bytes[end]
      if byte == 0x28 { depth += 1 }
      if byte == 0x29 { depth -= 1 }
      if depth == 0 { break }
      if byte == 0x2c, depth == 1 {
        parts.append([])
      } else if end > start {
        parts[parts.count - 1].append(byte)
      }
      end += 1
    }
    guard end < bytes.count, bytes[end] == 0x29 else { return nil }
    let columns = parts.map { part in
      var rest = part[...]
      rest = rest.drop { $0 <= 0x20 }
      if isTable { rest = rest.prefix { $0 > 0x20 } }
      return String(
        decoding: rest.filter { $0 > 0x20 && ![0x22, 0x60, 0x5b, 0x5d].contains($0) },
        as: UTF8.self)
    }
    return (columns, end)
  }
}
