import GRDB
import GRDBSQLite

/// Runs a kept statement with its columns bound straight to SQLite.
///
/// An append runs a dozen statements and then waits for the disk; a value object for each column of
/// each would be a good part of all else that it does.
struct RowWriter {
  /// What a column is set to.
  enum Column {
    case integer(Int64)
    case text(String?)
    case bytes([UInt8]?)
  }

  private let statement: OpaquePointer
  private let connection: OpaquePointer

  /// Takes the statement from the connection's cache.
  init(_ sql: String, _ db: Database) throws {
    guard let connection = db.sqliteConnection else {
      throw DatabaseError(resultCode: .SQLITE_MISUSE, message: "the connection is closed")
    }
    self.connection = connection
    statement = try db.cachedStatement(sql: sql).sqliteStatement
  }

  /// Runs it to its end.
  ///
  /// - Returns: the number of rows that it changed.
  /// - Throws: `DatabaseError`.
  @discardableResult
  func run(_ columns: Column...) throws -> Int32 {
    try bind(columns)
    defer { sqlite3_reset(statement) }
    guard sqlite3_step(statement) == SQLITE_DONE else { throw failure }
    return sqlite3_changes(connection)
  }

  /// The first column of its first row.
  ///
  /// - Throws: `DatabaseError`, also when there is no row.
  func integer(_ columns: Column...) throws -> Int64 {
    try bind(columns)
    defer { sqlite3_reset(statement) }
    guard sqlite3_step(statement) == SQLITE_ROW else { throw failure }
    return sqlite3_column_int64(statement, 0)
  }

  private func bind(_ columns: [Column]) throws {
    // SQLite copies what is bound: nothing here outlives the call.
    let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    for (place, column) in zip(Int32(1)..., columns) {
      let code: Int32 =
        switch column {
        case .integer(let value): sqlite3_bind_int64(statement, place, value)
        case .text(.none), .bytes(.none): sqlite3_bind_null(statement, place)
        case .text(.some(var text)):
          text.withUTF8 { buffer in
            buffer.withMemoryRebound(to: CChar.self) {
              sqlite3_bind_text(statement, place, $0.baseAddress, Int32($0.count), copied)
            }
          }
        case .bytes(.some(let bytes)) where bytes.isEmpty:
          // An empty array may have no address, which SQLite would take for NULL.
          sqlite3_bind_zeroblob(statement, place, 0)
        case .bytes(.some(let bytes)):
          bytes.withUnsafeBytes {
            sqlite3_bind_blob64(statement, place, $0.baseAddress, UInt64($0.count), copied)
          }
        }
      guard code == SQLITE_OK else { throw failure }
    }
  }

  private var failure: DatabaseError {
    DatabaseError(
      resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
      message: String(cString: sqlite3_errmsg(connection)))
  }
}
