import GRDB
public import Ledger
import Model

extension LedgerSnapshot {
  /// What SQLite's own check says, what is in the database that the program never made, and rows
  /// that belong to no entry.
  public func structureFaults() throws -> [LedgerFault] {
    var faults: [String] = []
    let check = try String.fetchAll(db, sql: "PRAGMA integrity_check(10)")
    if check != ["ok"] { faults += check.map { "SQLite's own check says: \($0)" } }
    func count(_ sql: String) throws -> Int64 { try Int64.fetchOne(db, sql: sql) ?? 0 }
    let size = try size()
    var expectedNodes: Int64 = 0
    for level in 0..<63 { expectedNodes += size >> Int64(level) }
    if try count("SELECT COUNT(*) FROM node") != expectedNodes {
      faults.append("the number of stored hashes is not \(expectedNodes)")
    }
    if try count("SELECT COUNT(*) FROM payload WHERE entry < 0 OR entry >= \(size)") != 0 {
      faults.append("a payload belongs to no entry")
    }
    if try count("SELECT COUNT(*) FROM checkpoint WHERE size < 0 OR size > \(size)") != 0 {
      faults.append("a checkpoint covers more entries than there are")
    }
    if try count("SELECT COUNT(*) FROM entry WHERE \"index\" < 0") != 0 {
      faults.append("an entry stands before the first")
    }
    if try count("SELECT COUNT(*) FROM index_form") > 1 {
      faults.append("the index says more than once of which form it is")
    }
    faults += try logFaults() + SchemaObject.faults(db)
    return faults.map { LedgerFault(index: nil, message: $0) }
  }

  /// What is wrong with the rows that name the log, and what erasures left to be done.
  private func logFaults() throws -> [String] {
    var faults: [String] = []
    let logs = try GRDB.Row.fetchAll(db, sql: "SELECT only, origin, key FROM log")
    let key = logs.first.flatMap { String.fromDatabaseValue($0["key"]) }.flatMap {
      try? NoteKey($0)
    }
    let origin = logs.first.flatMap { String.fromDatabaseValue($0["origin"]) }
    if logs.count != 1 || Int64.fromDatabaseValue(logs[0]["only"]) != 1 || key == nil
      || origin?.utf8.elementsEqual((key?.name ?? "").utf8) != true
    {
      faults.append("the log's name and the name of its key are not one")
    }
    let remnants =
      try Int64.fetchOne(
        db,
        sql: """
          SELECT COUNT(*) FROM remnant WHERE erasure NOT IN
          (SELECT entry FROM entry_index WHERE kind = ?)
          """, arguments: [EvidenceKind.erasure.rawValue]) ?? 0
    if remnants != 0 { faults.append("something is to be removed that no erasure left") }
    if try String.fetchAll(db, sql: "SELECT identifier FROM grdb_migrations ORDER BY rowid")
      .sorted()
      != Schema.migrator.migrations.sorted()
    {
      faults.append("the list of the store's migrations is not the program's")
    }
    return faults
  }
}

/// A table, index or trigger of a database.
private struct SchemaObject: Hashable {
  let type: String
  let name: String
  let sql: String

  private static func all(_ db: Database) throws -> [SchemaObject] {
    try GRDB.Row.fetchAll(
      db,
      sql: """
        SELECT CAST(type AS TEXT), CAST(name AS TEXT), CAST(COALESCE(sql, '') AS TEXT)
        FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_stat%' ESCAPE '\\'
        """
    ).map { SchemaObject(type: $0[0] ?? "", name: $0[1] ?? "", sql: $0[2] ?? "") }
  }

  /// What the program makes, in a new ledger and in one whose index was dropped and built again.
  private static let expected: [Set<SchemaObject>] = {
    do {
      let queue = try DatabaseQueue()
      try Schema.migrator.migrate(queue)
      return try queue.write { db in
        let migrated = try all(db)
        for table in ["entry_index", "subject_index", "index_form"] {
          try db.execute(sql: "DROP TABLE \(table)")
        }
        try db.execute(sql: Schema.index)
        return [Set(migrated), Set(try all(db))]
      }
    } catch {
      return []
    }
  }()

  /// Which tables, indices and triggers are missing, strange or changed.
  static func faults(_ db: Database) throws -> [String] {
    let found = Set(try all(db))
    let known = expected.reduce(into: Set()) { $0.formUnion($1) }
    var faults = found.subtracting(known).map {
      "the database has the \($0.type) \"\($0.name)\", which is not the program's, or was changed"
    }
    let names = Set(found.map(\.name))
    for object in expected.first ?? [] where !names.contains(object.name) {
      faults.append("the \(object.type) \"\(object.name)\" is missing")
    }
    return faults.sorted()
  }
}
