import Foundation
import GRDB
import Ledger
import LedgerSQLite
import Model
import Reading
import Synchronization
import TestKit
import Testing

@Suite("Verifying in several goes")
struct ResumedVerificationTests {
  /// A ledger of three pages and a piece, its trust root changed in the first.
  private static func sample() async throws -> SampleLedger {
    let sample = try await SampleLedger()
    let drafts = try (1..<1_100).map { try sample.draft(.step, ["n": "\($0)"]) }
    for start in stride(from: 0, to: drafts.count, by: 100) {
      _ = try await sample.append(Array(drafts[start..<min(start + 100, drafts.count)]))
    }
    return sample
  }

  /// Verifies, and is interrupted after the first page.
  private static func interrupted(
    _ ledger: SQLiteLedger, _ scope: VerificationScope = .full
  ) async throws -> VerificationState {
    let kept = Mutex<VerificationState?>(nil)
    let task = Task {
      try await ledger.verify(
        VerificationOptions(scope: scope) { state in
          kept.withLock { if $0 == nil { $0 = state } }
          withUnsafeCurrentTask { $0?.cancel() }
        })
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    let state = try #require(kept.withLock { $0 })
    // As a file keeps it.
    return try JSONReader.read(CanonicalJSON.write(state)).decode(VerificationState.self)
  }

  private static func alter(_ sample: SampleLedger, _ sql: String) async throws {
    let queue = try DatabaseQueue(path: sample.path)
    try await queue.writeWithoutTransaction { try $0.execute(sql: sql) }
    try queue.close()
  }

  @Test("goes on where it stood, says so, and comes to the same root and counts")
  func resumed() async throws {
    let sample = try await Self.sample()
    let whole = try await sample.ledger.verify()
    #expect(whole.isSound && whole.entries == 1_100, "\(whole.faults)")
    let state = try await Self.interrupted(sample.ledger)
    #expect(state.entries == 512)
    // It may have grown meanwhile.
    _ = try await sample.append([sample.draft(.step, ["n": "late"])])
    let read = Mutex<[Int64]>([])
    let rest = try await sample.ledger.verify(VerificationOptions(resuming: state)) { done, _ in
      read.withLock { $0.append(done) }
    }
    #expect(rest.isSound, "\(rest.faults)")
    #expect(read.withLock { $0.first } == 1_024)
    #expect(rest.entries == 1_101 && rest.envelopes == 1_101)
    #expect(rest.checkpoints == whole.checkpoints + 1)
    #expect(rest.resumedAt == 512)
    #expect(rest.notChecked.contains { $0.contains("512") })
    let root = try await sample.ledger.read { try $0.proofs.root(size: 1_101).description }
    #expect(rest.root == root)

    // A fault behind it is found, one before it was for the earlier run to find.
    try await Self.alter(sample, "UPDATE payload SET salt = zeroblob(32) WHERE entry IN (7, 900)")
    let later = try await sample.ledger.verify(VerificationOptions(resuming: state))
    #expect(later.faults.map(\.index) == [900])
    #expect(try await sample.ledger.verify().faults.map(\.index) == [7, 900])
    let again = try await Self.interrupted(sample.ledger)
    #expect(again.faultCount == 1)
    let both = try await sample.ledger.verify(VerificationOptions(resuming: again))
    #expect(both.faults.map(\.index) == [7, 900])
  }

  @Test("refuses to go on when the beginning is another one, or the state is of something else")
  func refused() async throws {
    let sample = try await Self.sample()
    let state = try await Self.interrupted(sample.ledger)
    await #expect(throws: Problem(.badInput, "")) {
      try await sample.ledger.verify(VerificationOptions(scope: .hashes, resuming: state))
    }
    let other = try await SampleLedger()
    await #expect(throws: Problem(.badInput, "")) {
      try await other.ledger.verify(VerificationOptions(resuming: state))
    }
    for sql in [
      "UPDATE node SET hash = zeroblob(32) WHERE level = 9 AND place = 0",
      "UPDATE entry SET leaf = CAST(leaf || 'x' AS BLOB) WHERE \"index\" = 0",
      "DELETE FROM entry WHERE \"index\" >= 1000",
    ] {
      let copy = try TemporaryFolder()
      try await sample.ledger.read { _ in }
      let path = copy.file("ledger.sqlite")
      try await Self.alter(sample, "VACUUM INTO '\(path)'")
      let queue = try DatabaseQueue(path: path)
      try await queue.writeWithoutTransaction { db in
        try db.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA foreign_keys = OFF; \(sql)")
      }
      try queue.close()
      let ledger = try SQLiteLedger.open(at: path, blobs: sample.blobs, readOnly: true)
      await #expect(throws: Problem(.ledgerDamaged, "")) {
        try await ledger.verify(VerificationOptions(resuming: state))
      }
    }
    let bytes = try CanonicalJSON.write(state)
    let text = String(decoding: bytes, as: UTF8.self)
    for broken in [
      text.replacingOccurrences(of: "\"form\":1", with: "\"form\":2"),
      text.replacingOccurrences(of: "\"entries\":512", with: "\"entries\":511"),
    ] {
      #expect(throws: ReadingError.self) {
        try JSONReader.read(Array(broken.utf8)).decode(VerificationState.self)
      }
    }
  }
}
