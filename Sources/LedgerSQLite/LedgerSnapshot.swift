import Foundation
import GRDB
public import Ledger
public import Model

/// The ledger at one moment.
public struct LedgerSnapshot {
  let db: Database

  /// An entry's row, its payload not yet fetched from the blob store.
  struct Row: Sendable {
    enum Payload: Sendable {
      case none
      case inline([UInt8], salt: [UInt8])
      case blob(Digest, salt: [UInt8])
    }
    let index: Int64
    let leaf: [UInt8]
    let payload: Payload
  }

  /// Number of entries.
  public func size() throws -> Int64 {
    try Int64.fetchOne(db, sql: "SELECT COALESCE(MAX(\"index\") + 1, 0) FROM entry") ?? 0
  }

  /// The last signed checkpoint.
  public func checkpoint() throws -> String? {
    try String.fetchOne(db, sql: "SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1")
  }

  /// The signed checkpoint of exactly that size, where one was made.
  public func checkpoint(size: Int64) throws -> String? {
    try String.fetchOne(
      db, sql: "SELECT note FROM checkpoint WHERE size = ?", arguments: [size])
  }

  /// The signed checkpoint with the least size that covers an entry.
  public func checkpoint(covering index: Int64) throws -> String? {
    try String.fetchOne(
      db, sql: "SELECT note FROM checkpoint WHERE size > ? ORDER BY size LIMIT 1",
      arguments: [index])
  }

  /// The indices of entries of a kind, ascending.
  public func indices(kind: EvidenceKind) throws -> [Int64] {
    try Int64.fetchAll(
      db, sql: "SELECT entry FROM entry_index WHERE kind = ? ORDER BY entry",
      arguments: [kind.rawValue])
  }

  /// The indices of all entries that speak of any of these digests, ascending, each once.
  public func indices(subjects: [Digest]) throws -> [Int64] {
    var indices: Set<Int64> = []
    for digest in subjects {
      indices.formUnion(
        try Int64.fetchAll(
          db, sql: "SELECT entry FROM subject_index WHERE digest = ?",
          arguments: [digest.description]))
    }
    return indices.sorted()
  }

  /// The leaf at an index.
  public func leaf(_ index: Int64) throws -> [UInt8]? {
    try Data.fetchOne(db, sql: "SELECT leaf FROM entry WHERE \"index\" = ?", arguments: [index])
      .map(Array.init)
  }

  /// Makes proofs of this moment.
  public var proofs: ProofMaker {
    ProofMaker { place in
      guard let hash = try Self.node(place, db) else {
        throw Problem(
          .ledgerDamaged,
          "the stored hash at level \(place.level), place \(place.index) is missing")
      }
      return hash
    }
  }

  static func node(_ place: NodePlace, _ db: Database) throws -> TreeHash? {
    try Data.fetchOne(
      db.cachedStatement(sql: "SELECT hash FROM node WHERE level = ? AND place = ?"),
      arguments: [place.level, place.index]
    ).flatMap { TreeHash($0) }
  }

  func row(_ index: Int64) throws -> Row {
    guard let row = try rows(index..<index + 1).first else {
      throw Problem(.notFound, "there is no entry \(index)")
    }
    return row
  }

  func rows(_ range: Range<Int64>) throws -> [Row] {
    let fetched = try GRDB.Row.fetchAll(
      db,
      sql: """
        SELECT e."index", e.leaf, p.salt, p.envelope, p.blob FROM entry e
        LEFT JOIN payload p ON p.entry = e."index"
        WHERE e."index" >= ? AND e."index" < ? ORDER BY e."index"
        """, arguments: [range.lowerBound, range.upperBound])
    return try fetched.map { row in
      let salt = (row["salt"] as Data?).map(Array.init)
      let index: Int64 = row["index"]
      let payload: Row.Payload
      if let salt, let envelope = row["envelope"] as Data? {
        payload = .inline(Array(envelope), salt: salt)
      } else if let salt, let text = row["blob"] as String? {
        guard let digest = Digest(text) else {
          throw Problem(.ledgerDamaged, "the payload of entry \(index) has no proper digest")
        }
        payload = .blob(digest, salt: salt)
      } else {
        payload = .none
      }
      return Row(index: index, leaf: Array(row["leaf"] as Data), payload: payload)
    }
  }
}
