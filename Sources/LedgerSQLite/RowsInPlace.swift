import GRDB
import GRDBSQLite

/// A row that SQLite stands at: columns are read where they lie. In a damaged file a value may be of
/// any type: what is asked for then is not there, or is not what hashes say, and nothing ends.
struct RowInPlace {
  private let statement: OpaquePointer

  /// Shows each row of a statement; what it shows is there only inside `body`.
  ///
  /// - Throws: `DatabaseError`, and what `body` throws.
  static func forEach(
    _ statement: Statement, _ arguments: Int64..., body: (RowInPlace) throws -> Void
  ) throws {
    var rows = Rows(statement, arguments)
    defer { rows.end() }
    while let row = try rows.next() { try body(row) }
  }

  /// The rows of a statement, one after the other.
  struct Rows {
    private let statement: OpaquePointer
    private var isAtEnd = false

    /// Begins; all arguments are integers.
    init(_ statement: Statement, _ arguments: [Int64]) {
      self.statement = statement.sqliteStatement
      sqlite3_reset(self.statement)
      for (place, argument) in arguments.enumerated() {
        sqlite3_bind_int64(self.statement, Int32(place + 1), argument)
      }
    }

    /// The next row; the one before is no longer there.
    mutating func next() throws -> RowInPlace? {
      if isAtEnd { return nil }
      switch sqlite3_step(statement) {
      case SQLITE_ROW: return RowInPlace(statement: statement)
      case SQLITE_DONE:
        isAtEnd = true
        return nil
      case let code:
        isAtEnd = true
        let message = sqlite3_errmsg(sqlite3_db_handle(statement)).map { String(cString: $0) }
        throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
      }
    }

    /// Lets go of the rows; must be called, also after an error.
    func end() { sqlite3_reset(statement) }
  }

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }

  func integer(_ column: Int32) -> Int64? {
    sqlite3_column_type(statement, column) == SQLITE_INTEGER
      ? sqlite3_column_int64(statement, column) : nil
  }

  /// An integer of a column that can hold nothing else: the primary key of a table with row ids.
  func rowID(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

  /// The bytes of a blob or a text; `nil` when there are none. A number is shown as its digits.
  func blob(_ column: Int32) -> UnsafeRawBufferPointer? {
    guard let start = sqlite3_column_blob(statement, column) else { return nil }
    return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column)))
  }

  /// A text; `nil` when it is not valid UTF-8.
  func text(_ column: Int32) -> String? {
    guard sqlite3_column_type(statement, column) == SQLITE_TEXT,
      let start = sqlite3_column_text(statement, column)
    else { return nil }
    let count = Int(sqlite3_column_bytes(statement, column))
    return String(validating: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }
}
