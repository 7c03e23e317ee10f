import Foundation
import GRDB
public import Ledger
import Model

extension SQLiteLedger {
  /// Checks the whole ledger as it is now, in pages, with flat memory.
  ///
  /// The index tables are compared with what follows from the leaves, and SQLite's own structure is
  /// checked, so that a change anywhere is found.
  ///
  /// - Parameter progress: is told the entries checked so far, and how many there are.
  /// - Throws: `Problem` when the file cannot be read at all.
  public func verify(
    progress: @Sendable (_ checked: Int64, _ all: Int64) -> Void
  ) async throws -> LedgerReport {
    let (size, note, structure) = try await query { db in
      let snapshot = LedgerSnapshot(db: db)
      return (
        try snapshot.size(), try snapshot.checkpoint(),
        try String.fetchAll(db, sql: "PRAGMA integrity_check(10)")
      )
    }
    guard structure == ["ok"] else {
      throw Problem(
        .ledgerDamaged, "SQLite's own check says: \(structure.first ?? "nothing")", at: path)
    }
    let nodes = PageNodes()
    var verifier = LedgerVerifier { nodes[$0] }
    var indexFaults: [LedgerFault] = []
    var start: Int64 = 0
    while start < size {
      try Task.checkCancellation()
      let page = start..<min(start + 1_000, size)
      let content = try await query { try PageContent(page, LedgerSnapshot(db: $0)) }
      nodes.hashes = content.nodes
      var expected: [IndexedEntry] = []
      for row in content.rows {
        let entry = try await entry(row)
        try verifier.take(entry)
        // A leaf that cannot be read is reported where the entry is checked.
        if let indexed = try? IndexedEntry(entry) { expected.append(indexed) }
      }
      let indexed = expected
      indexFaults += try await read { try $0.indexFaults(indexed) }
      if content.rows.count != page.count { break }
      start = page.upperBound
      progress(start, size)
    }
    let strays = try await query { db in
      try Self.strays(db, size: size).map { LedgerFault(index: nil, message: $0) }
        + LedgerSnapshot(db: db).strayIndexFaults()
    }
    let report = verifier.finish(checkpoint: note, key: key)
    let further = indexFaults + strays
    return LedgerReport(
      entries: report.entries, root: report.root, envelopes: report.envelopes,
      erased: report.erased, faults: report.faults + further)
  }

  /// Rows that belong to no entry.
  private static func strays(_ db: Database, size: Int64) throws -> [String] {
    func count(_ sql: String) throws -> Int64 { try Int64.fetchOne(db, sql: sql) ?? 0 }
    var expectedNodes: Int64 = 0
    for level in 0..<63 { expectedNodes += size >> Int64(level) }
    var faults: [String] = []
    if try count("SELECT COUNT(*) FROM node") != expectedNodes {
      faults.append("the number of stored hashes is not \(expectedNodes)")
    }
    if try count("SELECT COUNT(*) FROM payload WHERE entry >= \(size)") != 0 {
      faults.append("a payload belongs to no entry")
    }
    if try count("SELECT COUNT(*) FROM checkpoint WHERE size > \(size)") != 0 {
      faults.append("a checkpoint covers more entries than there are")
    }
    return faults
  }
}

/// The stored hashes of the page that is being checked.
private final class PageNodes {
  var hashes: [NodePlace: TreeHash] = [:]
  subscript(place: NodePlace) -> TreeHash? { hashes[place] }
}

/// What the store holds about a range of entries.
private struct PageContent: Sendable {
  let rows: [EntryRow]
  var nodes: [NodePlace: TreeHash] = [:]

  init(_ page: Range<Int64>, _ snapshot: LedgerSnapshot) throws {
    rows = try snapshot.rows(page)
    for level in 0..<63 {
      let places = page.lowerBound >> Int64(level)..<page.upperBound >> Int64(level)
      if places.isEmpty { if page.upperBound >> Int64(level) == 0 { break } else { continue } }
      let fetched = try GRDB.Row.fetchAll(
        snapshot.db,
        sql: "SELECT place, hash FROM node WHERE level = ? AND place >= ? AND place < ?",
        arguments: [level, places.lowerBound, places.upperBound])
      for row in fetched {
        nodes[NodePlace(level: level, index: row["place"])] = TreeHash(row["hash"] as Data)
      }
    }
  }
}
