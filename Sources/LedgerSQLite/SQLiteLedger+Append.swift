import Attestation
import GRDB
import GRDBSQLite
public import Ledger
import Model

extension SQLiteLedger {
  /// Appends drafts in order, all or none, and signs the checkpoint that covers them.
  ///
  /// A draft whose entry id is there already is not appended again; its entry is returned.
  ///
  /// - Parameter expected: the size that the ledger must still have; another one is `busy`.
  /// - Returns: the index of each draft's entry, after the entries are durable.
  /// - Throws: `Problem` with `busy`, `inputOutput`, `ledgerDamaged`, or `notTrusted` for another log
  ///   key than the one in force; then nothing was appended.
  public func append(
    _ drafts: [EntryDraft], logSigner: LogSigner, ifSize expected: Int64?
  ) async throws -> [Int64] {
    var prepared: [PreparedEntry] = []
    for draft in drafts { prepared.append(try await PreparedEntry(draft, blobs: blobs)) }
    let ready = prepared
    return try await Self.reportingAsync(path) {
      if let indices = try appendAtOnce(ready, logSigner: logSigner, ifSize: expected) {
        return indices
      }
      return try await waiting { db in
        try commit(ready, logSigner: logSigner, ifSize: expected, db)
      }
    }
  }

  /// Appends on the caller's own thread, which spares two changes of thread for each entry.
  ///
  /// - Returns: `nil` when somebody else holds the ledger: whoever must wait shall not do so on a
  ///   thread that all tasks share.
  private func appendAtOnce(
    _ entries: [PreparedEntry], logSigner: LogSigner, ifSize expected: Int64?
  ) throws -> [Int64]? {
    guard waiters.isNobody else { return nil }
    return try pool.writeWithoutTransaction { db in
      sqlite3_busy_timeout(db.sqliteConnection, 0)
      defer { sqlite3_busy_timeout(db.sqliteConnection, Int32(Self.busySeconds) * 1_000) }
      do {
        return try commit(entries, logSigner: logSigner, ifSize: expected, db)
      } catch let error as DatabaseError where error.resultCode.primaryResultCode == .SQLITE_BUSY {
        return nil
      }
    }
  }

  /// Writes on the store's own thread, which may wait for other processes.
  func waiting<Value: Sendable>(
    _ body: @Sendable @escaping (Database) throws -> Value
  ) async throws -> Value {
    waiters.come()
    defer { waiters.go() }
    return try await pool.writeWithoutTransaction(body)
  }

  /// Appends in one immediate transaction.
  ///
  /// - Parameter also: what else belongs into the transaction, given the indices.
  func commit(
    _ entries: [PreparedEntry], logSigner: LogSigner, ifSize expected: Int64?, _ db: Database,
    also: ([Int64]) throws -> Void = { _ in }
  ) throws -> [Int64] {
    var appended: Appender.Appended?
    do {
      try db.inTransaction(.immediate) {
        appended = try Appender(db: db, key: key, edge: edge).append(
          entries, logSigner: logSigner, ifSize: expected)
        try also(appended?.indices ?? [])
        return .commit
      }
    } catch {
      edge.forget()
      throw error
    }
    if let appended { edge.keep(appended.range, head: appended.head, version: appended.version) }
    return appended?.indices ?? []
  }
}
