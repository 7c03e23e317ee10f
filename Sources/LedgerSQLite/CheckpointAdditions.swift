import Foundation
import GRDB
public import Ledger
import Model

extension Schema {
  /// What others said of a checkpoint, beside it.
  static let additions = """
    CREATE TABLE cosignature (
      size INTEGER NOT NULL REFERENCES checkpoint (size),
      name TEXT NOT NULL,
      key_id BLOB NOT NULL CHECK (length(key_id) = 4),
      signature BLOB NOT NULL,
      PRIMARY KEY (size, name, key_id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE timestamp (
      size INTEGER NOT NULL REFERENCES checkpoint (size),
      authority TEXT NOT NULL,
      token BLOB NOT NULL,
      certificates TEXT NOT NULL,
      revocation_lists TEXT NOT NULL,
      PRIMARY KEY (size, authority)
    ) STRICT, WITHOUT ROWID;
    """
}

extension SQLiteLedger {
  /// Keeps cosignatures of the checkpoint of that size beside it; of one key the last counts.
  ///
  /// - Throws: `Problem` with `notFound` when there is no such checkpoint, `inputOutput`; then none
  ///   was kept.
  public func keep(cosignatures: [SignedNote.Signature], size: Int64) async throws {
    try await addition(size: size) { try Self.insert(cosignatures, size: size, $0) }
  }

  /// Keeps a timestamp beside its checkpoint; of one authority the last counts.
  ///
  /// - Throws: `Problem` with `notFound` when there is no such checkpoint, `inputOutput`.
  public func keep(_ timestamp: CheckpointTimestamp) async throws {
    try await addition(size: timestamp.size) { try Self.insert(timestamp, $0) }
  }

  static func insert(
    _ cosignatures: [SignedNote.Signature], size: Int64, _ db: Database
  ) throws {
    for cosignature in cosignatures {
      try db.execute(
        sql: """
          INSERT INTO cosignature (size, name, key_id, signature) VALUES (?, ?, ?, ?)
          ON CONFLICT DO UPDATE SET signature = excluded.signature
          """,
        arguments: [
          size, cosignature.name, bytes(cosignature.keyID), bytes(cosignature.signature),
        ])
    }
  }

  static func insert(_ timestamp: CheckpointTimestamp, _ db: Database) throws {
    try db.execute(
      sql: """
        INSERT OR REPLACE INTO timestamp (size, authority, token, certificates, revocation_lists)
        VALUES (?, ?, ?, ?, ?)
        """,
      arguments: [
        timestamp.size, timestamp.authority, bytes(timestamp.token), timestamp.certificates,
        timestamp.revocationLists,
      ])
  }

  private func addition(
    size: Int64, _ body: @Sendable @escaping (Database) throws -> Void
  ) async throws {
    try await write { db in
      let isThere = try Bool.fetchOne(
        db, sql: "SELECT EXISTS (SELECT 1 FROM checkpoint WHERE size = ?)", arguments: [size])
      guard isThere == true else {
        throw Problem(.notFound, "there is no checkpoint of \(size) entries", at: path)
      }
      try body(db)
    }
  }
}

extension LedgerSnapshot {
  /// The cosignatures kept beside the checkpoint of that size, by name and key id.
  public func cosignatures(size: Int64) throws -> [SignedNote.Signature] {
    try GRDB.Row.fetchAll(
      db,
      sql: "SELECT name, key_id, signature FROM cosignature WHERE size = ? ORDER BY name, key_id",
      arguments: [size]
    ).map { row in
      try SignedNote.Signature(
        name: row["name"], keyID: Array(row["key_id"] as Data),
        signature: Array(row["signature"] as Data))
    }
  }

  /// Sizes of checkpoints beside which cosignatures are kept, from this size downwards.
  public func cosignedSizes(upTo size: Int64, limit: Int) throws -> [Int64] {
    try sizes(of: "cosignature", upTo: size, limit: limit)
  }

  /// The timestamps kept beside the checkpoint of that size, by authority.
  public func timestamps(size: Int64) throws -> [CheckpointTimestamp] {
    try GRDB.Row.fetchAll(
      db,
      sql: """
        SELECT authority, token, certificates, revocation_lists FROM timestamp
        WHERE size = ? ORDER BY authority
        """, arguments: [size]
    ).map { row in
      CheckpointTimestamp(
        size: size, authority: row["authority"], token: Array(row["token"] as Data),
        certificates: row["certificates"], revocationLists: row["revocation_lists"])
    }
  }

  /// Sizes of checkpoints beside which timestamps are kept, from this size downwards.
  public func timestampedSizes(upTo size: Int64, limit: Int) throws -> [Int64] {
    try sizes(of: "timestamp", upTo: size, limit: limit)
  }

  private func sizes(of table: String, upTo size: Int64, limit: Int) throws -> [Int64] {
    try Int64.fetchAll(
      db, sql: "SELECT DISTINCT size FROM \(table) WHERE size <= ? ORDER BY size DESC LIMIT ?",
      arguments: [size, limit])
  }
}
