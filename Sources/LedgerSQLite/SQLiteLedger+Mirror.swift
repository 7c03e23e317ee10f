import GRDB
import Ledger
import Model

extension SQLiteLedger {
  /// Removes payloads with their salts, and what the index knows of them, from a copy of a ledger
  /// whose erasures name them. `scrub` is called afterwards.
  ///
  /// - Throws: `Problem`; then nothing was changed.
  public func removePayloads(_ entries: [Int64]) async throws {
    try await Self.reportingAsync(path) {
      try await waiting { db in
        try db.execute(sql: "PRAGMA secure_delete = ON")
        try db.inTransaction(.immediate) {
          for entry in entries {
            try db.cachedStatement(sql: "DELETE FROM payload WHERE entry = ?")
              .execute(arguments: [entry])
            try IndexRows(db: db).removeFacts(of: entry)
          }
          return .commit
        }
      }
    }
  }
}
