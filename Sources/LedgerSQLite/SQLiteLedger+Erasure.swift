import Foundation
import GRDB
public import Ledger
import Model

extension SQLiteLedger {
  /// Appends an erasure and removes the payloads that it names, in one transaction.
  ///
  /// - Returns: the index of the erasure's entry, after SQLite has flushed its write-ahead log.
  /// - Throws: `Problem`; then nothing was changed.
  public func erase(
    _ erasure: EntryDraft, payloads: [Int64], remnants: [Remnant], logSigner: LogSigner,
    ifSize expected: Int64
  ) async throws -> Int64 {
    let prepared = try await PreparedEntry(erasure, blobs: blobs)
    return try await Self.reportingAsync(path) {
      try await waiting { db in
        // Debian's library is built so; another one need not be.
        try db.execute(sql: "PRAGMA secure_delete = ON")
        return try commit([prepared], logSigner: logSigner, ifSize: expected, db) { indices in
          for entry in payloads { try removePayload(entry, db) }
          let pages = Remnant(.pages, erasure: indices[0])
          for remnant in [pages] + remnants {
            try db.cachedStatement(
              sql: "INSERT OR IGNORE INTO remnant (erasure, sort, name) VALUES (?, ?, ?)"
            ).execute(arguments: [indices[0], remnant.sort.rawValue, remnant.name])
          }
        }[0]
      }
    }
  }

  private func removePayload(_ entry: Int64, _ db: Database) throws {
    try db.cachedStatement(sql: "DELETE FROM payload WHERE entry = ?").execute(arguments: [entry])
    guard db.changesCount == 1 else {
      throw Problem(.busy, "the payload of entry \(entry) is gone already", at: path)
    }
    try IndexRows(db: db).removeFacts(of: entry)
  }

  /// Folds the write-ahead log into the file and cuts it to nothing. Deleted rows were overwritten
  /// with zeros when they were deleted, so that neither holds them any more.
  ///
  /// - Throws: `Problem` with `busy` while another process still reads an older state.
  public func scrub() async throws {
    try await Self.reportingAsync(path) {
      try await waiting { try fold($0) }
    }
  }

  private func fold(_ db: Database) throws {
    // Whoever reads for longer than this is told of, not waited for.
    try db.execute(sql: "PRAGMA busy_timeout = 5000")
    defer { try? db.execute(sql: "PRAGMA busy_timeout = \(Self.busySeconds * 1_000)") }
    do {
      _ = try db.checkpoint(.truncate)
    } catch let error as DatabaseError
      where error.resultCode.primaryResultCode == .SQLITE_BUSY
    {
      throw Problem(
        .busy,
        "another process reads the ledger as it was before an erasure, so that old pages are kept"
          + " for it", at: path, advice: "End it, then finish with: pratique ledger expire")
    }
  }

  /// What earlier erasures left to be removed.
  public func remnants() async throws -> [Remnant] {
    let rows = try await query { db in
      try GRDB.Row.fetchAll(
        db, sql: "SELECT erasure, sort, name FROM remnant ORDER BY erasure, sort, name"
      ).map { ($0["erasure"] as Int64, $0["sort"] as String, $0["name"] as String) }
    }
    return try rows.map { erasure, sort, name in
      guard let sort = Remnant.Sort(rawValue: sort) else {
        throw Problem(.ledgerDamaged, "a remnant of sort \"\(sort)\" is not known", at: path)
      }
      return Remnant(sort, name: name, erasure: erasure)
    }
  }

  /// Forgets remnants that were removed.
  public func forget(_ remnants: [Remnant]) async throws {
    guard !remnants.isEmpty else { return }
    try await write { db in
      try db.execute(sql: "PRAGMA secure_delete = ON")
      for remnant in remnants {
        try db.cachedStatement(
          sql: "DELETE FROM remnant WHERE erasure = ? AND sort = ? AND name = ?"
        ).execute(arguments: [remnant.erasure, remnant.sort.rawValue, remnant.name])
      }
    }
  }
}
