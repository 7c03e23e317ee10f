import Foundation
import GRDB
import Model

/// Looks at a database before anything may write to it: on the way to a write-ahead log, an empty
/// file or another program's database would be turned into what we ask for, and one that was cut
/// would be filled up.
///
/// It looks through SQLite alone. To open the file by other means and close it again would take
/// away the locks that this process's other connections hold on it.
enum DatabaseShape {
  /// Refuses a database that is none of ours, was written by another version, or was cut.
  ///
  /// - Parameters:
  ///   - mayBeOlder: whether an older version may have written it, which is brought up to date
  ///     before anything else.
  ///   - isFileAlone: whether SQLite reads the file without its write-ahead log.
  /// - Returns: the log's key.
  /// - Throws: `Problem` with `ledgerDamaged`, or `DatabaseError`, the file untouched.
  static func check(
    _ db: Database, _ path: String, mayBeOlder: Bool = false, isFileAlone: Bool = false
  ) throws -> String {
    guard try isFileAlone || String.fetchOne(db, sql: "PRAGMA journal_mode") == "wal",
      try db.tableExists("log"),
      let key = try String.fetchOne(db, sql: "SELECT key FROM log WHERE only = 1")
    else { throw Problem(.ledgerDamaged, "the file is no ledger", at: path) }
    guard try !Schema.migrator.hasBeenSuperseded(db) else {
      throw Problem(
        .ledgerDamaged, "the ledger was written by a newer version of this program", at: path)
    }
    guard try mayBeOlder || Schema.migrator.hasCompletedMigrations(db) else {
      throw Problem(
        .ledgerDamaged, "the ledger was written by an older version of this program", at: path,
        advice: "Bring it up to date with: pratique ledger index --rebuild")
    }
    let pages = try Int64.fetchOne(db, sql: "PRAGMA page_count") ?? 0
    let pageSize = try Int64.fetchOne(db, sql: "PRAGMA page_size") ?? 0
    // The order matters: a log that is empty now was folded into the file before, all of it.
    guard size("\(path)-wal") ?? 0 == 0, let found = size(path) else { return key }
    guard found >= pages * pageSize else {
      throw Problem(
        .ledgerDamaged, "the ledger was cut: it has \(found) of \(pages * pageSize) bytes",
        at: path, advice: "Nothing was changed. Keep the file, and restore a copy that verifies.")
    }
    return key
  }

  /// Adds the tables that this version has and an older one had not.
  static func bringUpToDate(_ pool: DatabasePool) throws {
    guard try !pool.read(Schema.migrator.hasCompletedMigrations) else { return }
    do {
      try Schema.migrator.migrate(pool)
    } catch {
      // Another process may have been faster.
      guard try pool.read(Schema.migrator.hasCompletedMigrations) else { throw error }
    }
  }

  private static func size(_ path: String) -> Int64? {
    var status = stat()
    return stat(path, &status) == 0 ? Int64(status.st_size) : nil
  }
}
