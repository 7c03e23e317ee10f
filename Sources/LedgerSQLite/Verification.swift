import GRDB
public import Ledger
import Model

extension LedgerSnapshot {
  /// Shows the rows of a range in place, ascending. What is not of its type is shown as empty: it is
  /// then not what the leaf or the tree says.
  public func visit(_ range: Range<Int64>, _ body: (BorrowedRow) throws -> Void) throws {
    // Both tables are read in their own order: a join would look up each payload anew.
    var payloads = RowInPlace.Rows(
      try db.cachedStatement(
        sql: "SELECT entry, salt, envelope, blob FROM payload WHERE entry >= ? AND entry < ?"
          + " ORDER BY entry"), [range.lowerBound, range.upperBound])
    defer { payloads.end() }
    var payload = try payloads.next()
    var payloadIndex = payload?.rowID(0) ?? .max
    let entries = try db.cachedStatement(
      sql: "SELECT \"index\", leaf FROM entry WHERE \"index\" >= ? AND \"index\" < ?"
        + " ORDER BY \"index\"")
    try RowInPlace.forEach(entries, range.lowerBound, range.upperBound) { entry in
      let index = entry.rowID(0)
      while payloadIndex < index {
        payload = try payloads.next()
        payloadIndex = payload?.rowID(0) ?? .max
      }
      let own = payloadIndex == index ? payload : nil
      try body(
        BorrowedRow(
          index: index, leaf: entry.blob(1) ?? Self.nothing,
          payload: own.map(Self.payload) ?? .none))
    }
  }

  private static var nothing: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: nil, count: 0)
  }

  private static func payload(_ row: RowInPlace) -> BorrowedRow.Payload {
    let salt = row.blob(1) ?? nothing
    guard row.isNull(2) || row.isNull(3) else { return .inline(nothing, salt: salt) }
    if row.isNull(2), let digest = row.text(3).flatMap({ Digest($0) }) {
      return .blob(digest, salt: Array(salt))
    }
    return .inline(row.blob(2) ?? nothing, salt: salt)
  }

  /// The stored perfect subtrees of a level at these places, ascending.
  public func nodes(
    level: Int, _ places: Range<Int64>
  ) throws -> [(place: Int64, hash: TreeHash)] {
    var nodes: [(place: Int64, hash: TreeHash)] = []
    nodes.reserveCapacity(min(places.count, 1 << 16))
    try RowInPlace.forEach(
      db.cachedStatement(
        sql:
          "SELECT place, hash FROM node WHERE level = ? AND place >= ? AND place < ? ORDER BY place"
      ), Int64(level), places.lowerBound, places.upperBound
    ) { row in
      if let hash = row.blob(1).flatMap({ TreeHash($0) }) { nodes.append((row.rowID(0), hash)) }
    }
    return nodes
  }

  /// The signed checkpoints with sizes in a range, ascending; one that is no text is shown as empty.
  public func checkpoints(sizes: ClosedRange<Int64>) throws -> [StoredCheckpoint] {
    var checkpoints: [StoredCheckpoint] = []
    try RowInPlace.forEach(
      db.cachedStatement(
        sql: """
          SELECT size, note, previous FROM checkpoint WHERE size >= ? AND size <= ? ORDER BY size
          """), sizes.lowerBound, sizes.upperBound
    ) { row in
      checkpoints.append(
        StoredCheckpoint(
          size: row.integer(0) ?? 0, note: row.text(1) ?? "", previous: row.integer(2) ?? -1))
    }
    return checkpoints
  }
}
