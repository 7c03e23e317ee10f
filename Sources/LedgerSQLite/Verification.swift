import GRDB
public import Ledger

extension LedgerSnapshot {
  /// The signed checkpoints with sizes in a range, ascending.
  public func checkpoints(sizes: ClosedRange<Int64>) throws -> [StoredCheckpoint] {
    try GRDB.Row.fetchAll(
      db.cachedStatement(
        sql: "SELECT size, note FROM checkpoint WHERE size >= ? AND size <= ? ORDER BY size"),
      arguments: [sizes.lowerBound, sizes.upperBound]
    ).map { StoredCheckpoint(size: $0["size"], note: $0["note"]) }
  }

  /// What SQLite's own check says, and rows that belong to no entry.
  public func structureFaults() throws -> [LedgerFault] {
    var faults: [String] = []
    let check = try String.fetchAll(db, sql: "PRAGMA integrity_check(10)")
    if check != ["ok"] { faults += check.map { "SQLite's own check says: \($0)" } }
    func count(_ sql: String) throws -> Int64 { try Int64.fetchOne(db, sql: sql) ?? 0 }
    let size = try size()
    var expectedNodes: Int64 = 0
    for level in 0..<63 { expectedNodes += size >> Int64(level) }
    if try count("SELECT COUNT(*) FROM node") != expectedNodes {
      faults.append("the number of stored hashes is not \(expectedNodes)")
    }
    if try count("SELECT COUNT(*) FROM payload WHERE entry < 0 OR entry >= \(size)") != 0 {
      faults.append("a payload belongs to no entry")
    }
    if try count("SELECT COUNT(*) FROM checkpoint WHERE size < 0 OR size > \(size)") != 0 {
      faults.append("a checkpoint covers more entries than there are")
    }
    return faults.map { LedgerFault(index: nil, message: $0) }
  }
}
