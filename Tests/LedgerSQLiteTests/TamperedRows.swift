import Foundation
import GRDB
import TestKit

/// One stored value of the database.
struct Cell: Sendable {
  let table: String
  let column: String
  /// Finds the row by its primary key, whose column may be the one that is changed.
  let keys: [(column: String, value: DatabaseValue)]
  let value: DatabaseValue

  var name: String { "\(table).\(column) of \(keys.map { "\($0.value)" })" }

  /// Every value of every table.
  static func all(_ db: Database) throws -> [Cell] {
    try tables(db).flatMap { table in
      let keys = try primaryKey(table, db)
      return try Row.fetchAll(db, sql: "SELECT * FROM \"\(table)\"").flatMap { row in
        row.map { column, value in
          Cell(
            table: table, column: column, keys: keys.map { ($0, row[$0] as DatabaseValue) },
            value: value)
        }
      }
    }
  }

  static func tables(_ db: Database) throws -> [String] {
    try String.fetchAll(
      db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
  }

  static func primaryKey(_ table: String, _ db: Database) throws -> [String] {
    try String.fetchAll(
      db, sql: "SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk", arguments: [table])
  }

  /// The value with each of its bytes changed in turn; where there is none, some.
  func alterations(_ random: inout Seeded) -> [DatabaseValue] {
    func each(_ bytes: [UInt8], _ make: ([UInt8]) -> DatabaseValue) -> [DatabaseValue] {
      bytes.indices.map { place in
        var changed = bytes
        changed[place] ^= UInt8.random(in: 1...255, using: &random)
        return make(changed)
      }
    }
    switch value.storage {
    case .null: return [1.databaseValue, "x".databaseValue, Data([1]).databaseValue]
    case .int64(let number):
      return (0..<8).map { place in
        (number ^ Int64(UInt8.random(in: 1...255, using: &random)) << Int64(8 * place))
          .databaseValue
      }
    case .double: return [0.databaseValue]
    case .string(let text): return each(Array(text.utf8)) { Data($0).databaseValue }
    case .blob(let data): return each(Array(data)) { Data($0).databaseValue } + [.null]
    }
  }

  private func condition(_ other: DatabaseValue? = nil) -> String {
    keys.map { "\"\($0.column)\" = ?" }.joined(separator: " AND ")
  }

  private var isText: Bool { if case .string = value.storage { true } else { false } }

  func set(_ other: DatabaseValue, _ db: Database) throws {
    // A text is changed byte by byte, whether it is still valid UTF-8 or not.
    let new = isText ? "CAST(? AS TEXT)" : "?"
    try db.execute(
      sql: "UPDATE \"\(table)\" SET \"\(column)\" = \(new) WHERE \(condition())",
      arguments: StatementArguments([other] + keys.map(\.value)))
  }

  func restore(_ db: Database, from other: DatabaseValue) throws {
    let bound = keys.map { $0.column == column ? other : $0.value }
    let condition = keys.map {
      $0.column == column && isText ? "\"\($0.column)\" = CAST(? AS TEXT)" : "\"\($0.column)\" = ?"
    }.joined(separator: " AND ")
    try db.execute(
      sql: "UPDATE \"\(table)\" SET \"\(column)\" = ? WHERE \(condition)",
      arguments: StatementArguments([value] + bound))
  }

  /// Looks at the database with the value changed, and leaves it as it was.
  ///
  /// - Returns: `nil` when the database itself refuses the value, such as a second one of a key.
  func with(
    _ other: DatabaseValue, _ db: Database, _ look: () throws -> Bool
  ) throws -> Bool? {
    try db.execute(sql: "SAVEPOINT tampering")
    defer { try? db.execute(sql: "ROLLBACK TO tampering; RELEASE tampering") }
    do { try set(other, db) } catch let error as DatabaseError
      where error.resultCode == .SQLITE_CONSTRAINT || error.resultCode == .SQLITE_MISMATCH
    { return nil }
    // What cannot be read at all is reported too.
    do { return try look() } catch { return true }
  }
}

/// A row taken away, put elsewhere or added, and how to undo it.
struct RowChange: Sendable {
  let sort: String
  let sql: String
  let undo: String

  static func all(_ db: Database) throws -> [RowChange] {
    var changes: [RowChange] = []
    for table in try Cell.tables(db) {
      let keys = try Cell.primaryKey(table, db)
      let rows = try Row.fetchAll(db, sql: "SELECT * FROM \"\(table)\"")
      let columns = try String.fetchAll(
        db, sql: "SELECT name FROM pragma_table_info(?)", arguments: [table])
      func place(_ row: Row) -> String {
        keys.map { "\"\($0)\" = \(literal(row[$0]))" }.joined(separator: " AND ")
      }
      func set(_ row: Row, to other: Row) -> String {
        let others = columns.filter { !keys.contains($0) }
        guard !others.isEmpty else { return "" }
        let values = others.map { "\"\($0)\" = \(literal(other[$0]))" }.joined(separator: ", ")
        return "UPDATE \"\(table)\" SET \(values) WHERE \(place(row));"
      }
      for row in rows {
        let values = columns.map { literal(row[$0]) }.joined(separator: ", ")
        // A trigger of the database fills in what stood before the checkpoint.
        changes.append(
          RowChange(
            sort: "deleted", sql: "DELETE FROM \"\(table)\" WHERE \(place(row))",
            undo: "INSERT INTO \"\(table)\" VALUES (\(values)); \(set(row, to: row))"))
      }
      guard columns.count > keys.count, table != "entry" else { continue }
      for (row, next) in zip(rows, rows.dropFirst()) where row != next {
        let isSame = columns.allSatisfy {
          keys.contains($0) || row[$0] as DatabaseValue == next[$0]
        }
        if isSame { continue }
        changes.append(
          RowChange(
            sort: "swapped", sql: set(row, to: next) + set(next, to: row),
            undo: set(row, to: row) + set(next, to: next)))
      }
    }
    return changes + swappedEntries + inserted
  }

  private static func literal(_ value: DatabaseValue) -> String {
    switch value.storage {
    case .blob(let data): "x'\(data.map { String(format: "%02x", $0) }.joined())'"
    case .string(let text): "'\(text.replacingOccurrences(of: "'", with: "''"))'"
    default: "\(value)".lowercased() == "null" ? "NULL" : "\(value)"
    }
  }

  /// Entries that change places with all that names them.
  private static var swappedEntries: [RowChange] {
    (1..<4).map { index in
      let swap = [
        "entry": "index", "payload": "entry", "entry_index": "entry", "subject_index": "entry",
      ]
      .map { table, column in
        """
        UPDATE "\(table)" SET "\(column)" = -1 WHERE "\(column)" = \(index);
        UPDATE "\(table)" SET "\(column)" = \(index) WHERE "\(column)" = \(index + 1);
        UPDATE "\(table)" SET "\(column)" = \(index + 1) WHERE "\(column)" = -1;
        """
      }.joined()
      return RowChange(sort: "swapped", sql: swap, undo: swap)
    }
  }

  private static let inserted: [RowChange] = [
    (
      "INSERT INTO entry SELECT 9, randomblob(16), leaf FROM entry WHERE \"index\" = 1",
      "DELETE FROM entry WHERE \"index\" = 9"
    ),
    (
      "INSERT INTO entry SELECT 5000000000, randomblob(16), leaf FROM entry WHERE \"index\" = 1",
      "DELETE FROM entry WHERE \"index\" = 5000000000"
    ),
    (
      "INSERT INTO entry SELECT -1, randomblob(16), leaf FROM entry WHERE \"index\" = 1",
      "DELETE FROM entry WHERE \"index\" = -1"
    ),
    (
      "INSERT INTO payload SELECT 5, salt, envelope, blob FROM payload WHERE entry = 1",
      "DELETE FROM payload WHERE entry = 5"
    ),
    (
      "INSERT INTO payload SELECT 77, salt, envelope, blob FROM payload WHERE entry = 1",
      "DELETE FROM payload WHERE entry = 77"
    ),
    (
      "INSERT INTO payload SELECT -7, salt, envelope, blob FROM payload WHERE entry = 1",
      "DELETE FROM payload WHERE entry = -7"
    ),
    (
      "INSERT INTO node VALUES (0, 9, zeroblob(32))",
      "DELETE FROM node WHERE place = 9 AND level = 0"
    ),
    (
      "INSERT INTO node VALUES (3, 1, zeroblob(32))",
      "DELETE FROM node WHERE place = 1 AND level = 3"
    ),
    (
      "INSERT INTO checkpoint (size, note) SELECT 3, note FROM checkpoint WHERE size = 4",
      "DELETE FROM checkpoint WHERE size = 3"
    ),
    (
      "INSERT INTO checkpoint (size, note) SELECT 12, note FROM checkpoint WHERE size = 4",
      "DELETE FROM checkpoint WHERE size = 12"
    ),
    ("INSERT INTO log SELECT 2, origin, key FROM log", "DELETE FROM log WHERE only = 2"),
    (
      "INSERT INTO entry_index SELECT 44, kind, actor, time, subjects, application, environment, run,"
        + " controls FROM entry_index WHERE entry = 1", "DELETE FROM entry_index WHERE entry = 44"
    ),
    (
      "INSERT INTO subject_index SELECT 'sha256:00', 1",
      "DELETE FROM subject_index WHERE digest = 'sha256:00'"
    ),
    ("INSERT INTO index_form VALUES (2, 1)", "DELETE FROM index_form WHERE only = 2"),
    ("INSERT INTO remnant VALUES (3, 'content', 'sha256:00')", "DELETE FROM remnant"),
    (
      "INSERT INTO grdb_migrations VALUES ('later')",
      "DELETE FROM grdb_migrations WHERE identifier = 'later'"
    ),
    ("CREATE TABLE stranger (name TEXT)", "DROP TABLE stranger"),
    (
      "CREATE TRIGGER stranger AFTER INSERT ON entry BEGIN DELETE FROM payload; END",
      "DROP TRIGGER stranger"
    ),
    ("CREATE VIEW stranger AS SELECT 1", "DROP VIEW stranger"),
    (
      "DROP INDEX entry_by_control",
      "CREATE INDEX entry_by_control ON entry_index (time) WHERE controls IS NOT NULL"
    ),
  ].map { RowChange(sort: "inserted", sql: $0.0, undo: $0.1) }
}
