import Attestation
import Foundation
import GRDB
import Ledger
import Model

/// Appends inside one transaction.
struct Appender {
  let db: Database
  let key: NoteKey
  let edge: TreeEdge

  /// What was appended, in a transaction that is still to be committed.
  struct Appended {
    /// Index of each entry.
    var indices: [Int64] = []
    /// The tree's new right edge.
    var range: CompactRange
    /// The new checkpoint's head; `nil` where it must be read.
    let head: LogHead?
    /// SQLite's `data_version` in this transaction.
    let version: Int64
  }

  /// Appends and signs the new head.
  func append(
    _ entries: [PreparedEntry], logSigner: LogSigner, ifSize expected: Int64? = nil
  ) throws -> Appended {
    let size = try RowWriter("SELECT COALESCE(MAX(\"index\") + 1, 0) FROM entry", db).integer()
    if let expected, expected != size {
      throw Problem(.busy, "the ledger has grown from \(expected) to \(size) entries meanwhile")
    }
    let version = try RowWriter("PRAGMA data_version", db).integer()
    let head = try edge.head(size: size, version: version) ?? storedHead()
    let origin = try logSigner.check(kinds: entries.map(\.leaf.kind), after: head)
    let range = try edge.range(size: size, version: version) ?? storedRange(size: size)
    var appended = Appended(
      range: range, head: logSigner.head(after: head), version: version)
    let rows = try EntryInserts(db: db)
    for entry in entries {
      let index = appended.range.size
      guard try rows.insert(entry, at: index) else {
        appended.indices.append(try rows.index(entryID: entry.leaf.entryID))
        continue
      }
      appended.indices.append(index)
      try appended.range.append(entry.hash) { try rows.insert($1, at: $0) }
    }
    if appended.range.size > size {
      let note = try logSigner.sign(
        Checkpoint(origin: origin, size: appended.range.size, root: appended.range.root))
      try RowWriter("INSERT INTO checkpoint (size, note) VALUES (?, ?)", db)
        .run(.integer(appended.range.size), .text(note.description))
    }
    return appended
  }

  private func storedHead() throws -> LogHead {
    let last = try String.fetchOne(
      db.cachedStatement(sql: "SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1"))
    return try LogHead(after: last, founding: key)
  }

  private func storedRange(size: Int64) throws -> CompactRange {
    try CompactRange(size: size) { place in
      guard let hash = try LedgerSnapshot.node(place, db) else {
        throw Problem(
          .ledgerDamaged,
          "the stored hash at level \(place.level), place \(place.index) is missing")
      }
      return hash
    }
  }
}

/// The statements that write an entry's rows.
struct EntryInserts {
  private let db: Database
  private let entry: RowWriter
  private let payload: RowWriter
  private let node: RowWriter
  private let indexed: IndexRows.Inserts

  /// Takes the statements from the connection's cache.
  init(db: Database) throws {
    self.db = db
    entry = try RowWriter(
      """
      INSERT INTO entry ("index", entry_id, leaf) VALUES (?, ?, ?)
      ON CONFLICT (entry_id) DO NOTHING
      """, db)
    payload = try RowWriter(
      "INSERT INTO payload (entry, salt, envelope, blob) VALUES (?, ?, ?, ?)", db)
    node = try RowWriter("INSERT INTO node (level, place, hash) VALUES (?, ?, ?)", db)
    indexed = try IndexRows.Inserts(db: db)
  }

  /// Writes the rows of an entry.
  ///
  /// - Returns: whether there was no entry with its id; otherwise nothing was written.
  func insert(_ prepared: PreparedEntry, at index: Int64) throws -> Bool {
    let changes = try entry.run(
      .integer(index), .bytes(prepared.leaf.entryID), .bytes(prepared.leafBytes))
    guard changes > 0 else { return false }
    try payload.run(
      .integer(index), .bytes(prepared.salt), .bytes(prepared.envelope),
      .text(prepared.blob?.description))
    try indexed.insert(IndexedEntry(index: index, leaf: prepared.leaf, facts: prepared.facts))
    return true
  }

  /// Writes a perfect subtree.
  func insert(_ hash: TreeHash, at place: NodePlace) throws {
    try node.run(.integer(Int64(place.level)), .integer(place.index), .bytes(hash.bytes))
  }

  /// The index of the entry with an id.
  func index(entryID: [UInt8]) throws -> Int64 {
    let known = try Int64.fetchOne(
      db.cachedStatement(sql: "SELECT \"index\" FROM entry WHERE entry_id = ?"),
      arguments: [bytes(entryID)])
    guard let known else {
      throw Problem(.ledgerDamaged, "an entry id is there and is not there")
    }
    return known
  }
}

/// Bytes as GRDB takes them for a BLOB.
func bytes(_ bytes: [UInt8]) -> Data { Data(bytes) }
