import Foundation
import Ledger
import Model

extension PostgreSQLSnapshot {
  /// Shows rows as they lie in the server's answer.
  func visit(_ range: Range<Int64>, _ body: (BorrowedRow) throws -> Void) throws {
    let answer = try answer(range)
    // What is shown lies in the answer.
    try withExtendedLifetime(answer) {
      for row in 0..<answer.count { try body(borrowed(answer, row)) }
    }
  }

  private func borrowed(_ answer: Answer, _ row: Int) throws -> BorrowedRow {
    let payload: BorrowedRow.Payload
    if let salt = answer.borrowed(row, 2), let envelope = answer.borrowed(row, 3) {
      payload = .inline(envelope, salt: salt)
    } else {
      payload =
        switch try self.payload(answer, row, answer.integer(row, 0)) {
        case .blob(let digest, let salt): .blob(digest, salt: salt)
        case .none, .inline: .none
        }
    }
    let empty = UnsafeRawBufferPointer(start: nil, count: 0)
    return BorrowedRow(
      index: try answer.integer(row, 0), leaf: answer.borrowed(row, 1) ?? empty,
      payload: payload)
  }

  /// Rows that belong to no entry. What the server keeps beside its rows is checked with its own
  /// `pg_amcheck`.
  func structureFaults() throws -> [LedgerFault] {
    let size = try size()
    let answer = try session.run([
      SQLCommand(
        """
        SELECT (SELECT count(*) FROM node),
          (SELECT count(*) FROM payload WHERE entry < 0 OR entry >= $1::int8),
          (SELECT count(*) FROM checkpoint WHERE size < 0 OR size > $1::int8),
          (SELECT count(*) FROM entry WHERE "index" < 0), (SELECT count(*) FROM index_form),
          (SELECT count(*) FROM cosignature c WHERE NOT EXISTS
            (SELECT 1 FROM checkpoint k WHERE k.size = c.size))
          + (SELECT count(*) FROM checkpoint_timestamp t WHERE NOT EXISTS
            (SELECT 1 FROM checkpoint k WHERE k.size = t.size))
        """, [.integer(size)])
    ])[0]
    var expectedNodes: Int64 = 0
    for level in 0..<63 { expectedNodes += size >> Int64(level) }
    var faults: [String] = []
    if try answer.integer(0, 0) != expectedNodes {
      faults.append("the number of stored hashes is not \(expectedNodes)")
    }
    if try answer.integer(0, 1) != 0 { faults.append("a payload belongs to no entry") }
    if try answer.integer(0, 2) != 0 {
      faults.append("a checkpoint covers more entries than there are")
    }
    if try answer.integer(0, 3) != 0 { faults.append("an entry stands before the first") }
    if try answer.integer(0, 4) > 1 {
      faults.append("the index says more than once of which form it is")
    }
    if try answer.integer(0, 5) != 0 {
      faults.append("a cosignature or a timestamp is of a checkpoint that is not there")
    }
    return (faults + (try logFaults()) + (try strangers())).map {
      LedgerFault(index: nil, message: $0)
    }
  }

  /// What is wrong with the row that names the log.
  private func logFaults() throws -> [String] {
    let logs = try rows("SELECT one, origin, key FROM log")
    let key = logs.count == 1 ? logs.text(0, 2).flatMap { try? NoteKey($0) } : nil
    guard let key, try logs.integer(0, 0) == 1,
      logs.text(0, 1)?.utf8.elementsEqual(key.name.utf8) == true
    else { return ["the log's name and the name of its key are not one"] }
    return []
  }

  /// What acts on the tables and was never made by this program: it could show or write other rows
  /// than those that are asked for.
  private func strangers() throws -> [String] {
    let found = try rows(
      """
      WITH own AS (
        SELECT oid, relname, relkind FROM pg_class WHERE relnamespace =
          (SELECT relnamespace FROM pg_class WHERE oid = 'log'::regclass)
      )
      SELECT 'the trigger ' || tgname::text FROM pg_trigger
      WHERE NOT tgisinternal AND tgrelid IN (SELECT oid FROM own)
      UNION ALL SELECT 'the rule ' || rulename::text FROM pg_rewrite
      WHERE ev_class IN (SELECT oid FROM own) AND rulename <> '_RETURN'
      UNION ALL SELECT 'the policy ' || polname::text FROM pg_policy
      WHERE polrelid IN (SELECT oid FROM own)
      UNION ALL SELECT 'the view ' || relname::text FROM own WHERE relkind IN ('v', 'm')
      """)
    return (0..<found.count).map { "\(found.text($0, 0) ?? "something") is none of ours" }
  }
}
