import Attestation
import Foundation
import GRDB
import Ledger
import Model

/// Appends inside one transaction.
struct Appender {
  let db: Database
  let origin: String

  /// Appends and signs the new head; returns the indices.
  func append(
    _ entries: [SQLiteLedger.Prepared], logSigner: Signer, ifSize expected: Int64? = nil
  ) throws -> [Int64] {
    let size =
      try Int64.fetchOne(
        db.cachedStatement(sql: "SELECT COALESCE(MAX(\"index\") + 1, 0) FROM entry")) ?? 0
    if let expected, expected != size {
      throw Problem(.busy, "the ledger has grown from \(expected) to \(size) entries meanwhile")
    }
    var range = try CompactRange(size: size) { place in
      guard let hash = try LedgerSnapshot.node(place, db) else {
        throw Problem(
          .ledgerDamaged,
          "the stored hash at level \(place.level), place \(place.index) is missing")
      }
      return hash
    }
    var indices: [Int64] = []
    for entry in entries {
      let known = try Int64.fetchOne(
        db.cachedStatement(sql: "SELECT \"index\" FROM entry WHERE entry_id = ?"),
        arguments: [bytes(entry.leaf.entryID)])
      if let known {
        indices.append(known)
        continue
      }
      indices.append(range.size)
      try insert(entry, at: range.size)
      try range.append(.leaf(entry.leaf.bytes)) { place, hash in
        try db.cachedStatement(sql: "INSERT INTO node (level, place, hash) VALUES (?, ?, ?)")
          .execute(arguments: [place.level, place.index, bytes(hash.bytes)])
      }
    }
    if range.size > size {
      let note = try Checkpoint(origin: origin, size: range.size, root: range.root)
        .sign(by: logSigner)
      try db.cachedStatement(sql: "INSERT INTO checkpoint (size, note) VALUES (?, ?)")
        .execute(arguments: [range.size, note.description])
    }
    return indices
  }

  private func insert(_ entry: SQLiteLedger.Prepared, at index: Int64) throws {
    try db.cachedStatement(sql: "INSERT INTO entry (\"index\", entry_id, leaf) VALUES (?, ?, ?)")
      .execute(arguments: [index, bytes(entry.leaf.entryID), bytes(entry.leaf.bytes)])
    try db.cachedStatement(
      sql: "INSERT INTO payload (entry, salt, envelope, blob) VALUES (?, ?, ?, ?)"
    ).execute(arguments: [
      index, bytes(entry.salt), entry.envelope.map(bytes), entry.blob?.description,
    ])
    try IndexRows(db: db).insert(IndexedEntry(index: index, leaf: entry.leaf, facts: entry.facts))
  }
}

/// Bytes as GRDB takes them for a BLOB.
func bytes(_ bytes: [UInt8]) -> Data { Data(bytes) }
