import GRDB
import GRDBSQLite

/// A row that SQLite stands at: columns are read where they lie and by the type that they have, so
/// that a damaged file gives no value instead of another type's.
struct RowInPlace {
  private let statement: OpaquePointer

  /// Shows each row of a statement; what it shows is there only inside `body`.
  ///
  /// - Throws: `DatabaseError`, and what `body` throws.
  static func forEach(
    _ statement: Statement, _ arguments: StatementArguments,
    _ body: (RowInPlace) throws -> Void
  ) throws {
    var rows = try Rows(statement, arguments)
    defer { rows.end() }
    while let row = try rows.next() { try body(row) }
  }

  /// The rows of a statement, one after the other.
  struct Rows {
    private let statement: OpaquePointer
    private var isAtEnd = false

    init(_ statement: Statement, _ arguments: StatementArguments) throws {
      try statement.setArguments(arguments)
      self.statement = statement.sqliteStatement
      sqlite3_reset(self.statement)
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

  func blob(_ column: Int32) -> UnsafeRawBufferPointer? {
    guard sqlite3_column_type(statement, column) == SQLITE_BLOB else { return nil }
    let start = sqlite3_column_blob(statement, column)
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
