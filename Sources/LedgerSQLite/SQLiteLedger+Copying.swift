import Foundation
import GRDB
public import Ledger
import Model

extension SQLiteLedger {
  /// Appends entries exactly as another store of the same log holds them, in one transaction.
  ///
  /// - Throws: `Problem`; then nothing was appended.
  public func append(_ page: LedgerPage) async throws {
    let key = key
    try await write { db in
      if !page.erased.isEmpty { try Self.erase(page, db) }
      let snapshot = LedgerSnapshot(db: db)
      var range = try CompactRange(size: snapshot.size()) { place in
        guard let hash = try snapshot.node(place) else {
          throw Problem(
            .ledgerDamaged,
            "the stored hash at level \(place.level), place \(place.index) is missing")
        }
        return hash
      }
      let nodes = try page.check(onto: &range, founding: key)
      for row in page.rows { try Self.insert(row, db) }
      let node = try db.cachedStatement(
        sql: "INSERT INTO node (level, place, hash) VALUES (?, ?, ?)")
      for (place, hash) in nodes {
        try node.execute(arguments: [place.level, place.index, bytes(hash.bytes)])
      }
      for checkpoint in page.checkpoints {
        try db.execute(
          sql: "INSERT INTO checkpoint (size, note) VALUES (?, ?)",
          arguments: [checkpoint.size, checkpoint.note])
      }
      for (size, signatures) in page.additions.cosignatures {
        try Self.insert(signatures, size: size, db)
      }
      for timestamp in page.additions.timestamps.values.joined() { try Self.insert(timestamp, db) }
    }
  }

  /// Follows an erasure of payloads that an earlier copy has brought.
  private static func erase(_ page: LedgerPage, _ db: Database) throws {
    try db.execute(sql: "PRAGMA secure_delete = ON")
    for entry in page.erased {
      try db.cachedStatement(sql: "DELETE FROM payload WHERE entry = ?").execute(arguments: [entry])
      try IndexRows(db: db).removeFacts(of: entry)
    }
    try db.execute(
      sql: "INSERT OR IGNORE INTO remnant (erasure, sort, name) VALUES (?, ?, '')",
      arguments: [page.end - 1, Remnant.Sort.pages.rawValue])
  }

  private static func insert(_ row: LedgerPage.Row, _ db: Database) throws {
    let stored = row.stored
    try db.cachedStatement(sql: "INSERT INTO entry (\"index\", entry_id, leaf) VALUES (?, ?, ?)")
      .execute(arguments: [stored.index, bytes(row.indexed.entryID), bytes(stored.leaf)])
    let payload = try db.cachedStatement(
      sql: "INSERT INTO payload (entry, salt, envelope, blob) VALUES (?, ?, ?, ?)")
    switch stored.payload {
    case .none: break
    case .inline(let envelope, let salt):
      try payload.execute(arguments: [stored.index, bytes(salt), bytes(envelope), nil])
    case .blob(let digest, let salt):
      try payload.execute(arguments: [stored.index, bytes(salt), nil, digest.description])
    }
    try IndexRows(db: db).insert(row.indexed)
  }
}
