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
          (SELECT count(*) FROM checkpoint WHERE size < 0 OR size > $1::int8)
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
    return faults.map { LedgerFault(index: nil, message: $0) }
  }
}
