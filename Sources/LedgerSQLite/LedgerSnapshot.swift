import Foundation
import GRDB
public import Ledger
public import Model

/// The ledger at one moment.
public struct LedgerSnapshot: LedgerReader {
  let db: Database

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
    try IndexSearch(db: db).groups(EntryQuery(kind: kind), limit: .max, after: -1)
  }

  /// The indices of the entries that a query asks for, ascending.
  public func indices(matching query: EntryQuery, limit: Int, after: Int64?) throws -> [Int64] {
    try IndexSearch(db: db).indices(matching: query, limit: limit, after: after ?? -1)
  }

  /// What the index does not say as it must of these entries.
  public func indexFaults(_ entries: [IndexedEntry]) throws -> [LedgerFault] {
    let rows = IndexRows(db: db)
    return try entries.filter { try !rows.match($0) }.map {
      LedgerFault(
        index: $0.index, message: "the index does not say of the entry what the entry says")
    }
  }

  /// Rows of the index that belong to no entry, or to no subject of their entry.
  public func strayIndexFaults() throws -> [LedgerFault] {
    try IndexRows(db: db).strays(size: size()).map { LedgerFault(index: nil, message: $0) }
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

  /// The index of the entry with an id.
  public func index(entryID: [UInt8]) throws -> Int64? {
    try Int64.fetchOne(
      db.cachedStatement(sql: "SELECT \"index\" FROM entry WHERE entry_id = ?"),
      arguments: [bytes(entryID)])
  }

  /// A stored perfect subtree; `nil` where there is none.
  public func node(_ place: NodePlace) throws -> TreeHash? { try Self.node(place, db) }

  static func node(_ place: NodePlace, _ db: Database) throws -> TreeHash? {
    // A proof reads twenty of them at a million entries: each in place, without a copy.
    var rows = RowInPlace.Rows(
      try db.cachedStatement(sql: "SELECT hash FROM node WHERE level = ? AND place = ?"),
      [Int64(place.level), place.index])
    defer { rows.end() }
    return try rows.next()?.blob(0).flatMap { TreeHash($0) }
  }

  /// The rows of a range, ascending.
  public func rows(_ range: Range<Int64>) throws -> [EntryRow] {
    var rows: [EntryRow] = []
    try visit(range) { rows.append(EntryRow(copying: $0)) }
    return rows
  }
}
