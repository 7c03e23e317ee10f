public import Ledger
import Model

extension PostgreSQLLedger {
  /// Appends entries exactly as another store of the same log holds them, in one transaction.
  ///
  /// A page whose commit was cut off is found by the ledger's size when it is sent again.
  ///
  /// - Throws: `Problem`; then nothing was appended, unless the problem says that this is not known.
  public func append(_ page: LedgerPage) async throws {
    let (key, place) = (key, place)
    let deadline = ContinuousClock.now + patience.forServer
    while true {
      do {
        try await pool.lend { connection in
          try await connection.run { try $0.append(page, key: key, place: place) }
        }
        return
      } catch let error as ServerError {
        guard error.isPassing, ContinuousClock.now < deadline else { throw error.problem(place) }
        try await Task.sleep(for: .milliseconds(100))
      }
    }
  }
}

extension Session {
  fileprivate func append(_ page: LedgerPage, key: NoteKey, place: String) throws {
    let ids = page.rows.map(\.indexed.entryID)
    let head = try Head(locking: self, key: key, ids: ids, place: place)
    // The page that was sent before is there: its commit's answer was lost.
    if let last = page.rows.last, head.known[last.indexed.entryID] == last.stored.index {
      try run([SQLCommand("ROLLBACK")])
      return
    }
    var range = head.range
    _ = try page.check(onto: &range, founding: key)
    var rows = NewRows()
    range = head.range
    for row in page.rows { rows.add(row, to: &range) }
    let additions =
      page.additions.cosignatures.map { PostgreSQLLedger.insertion($1, size: $0) }
      + page.additions.timestamps.values.joined().map { PostgreSQLLedger.insertion($0) }
    let erasure =
      page.erased.isEmpty
      ? []
      : PayloadErasure(payloads: page.erased, remnants: []).commands(recordedAt: page.end - 1)
    try commit(
      rows.commands + erasure + page.checkpoints.map { NewRows.checkpoint($0.size, $0.note) }
        + additions
        + [SQLCommand("COMMIT")])
  }
}
