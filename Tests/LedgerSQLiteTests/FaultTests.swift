import Attestation
import Foundation
import GRDB
import Ledger
import LedgerSQLite
import Model
import TestKit
import Testing

@Suite("Faults below a SQLite ledger")
struct FaultTests {
  @Test("drafts sent again by another connection are the same entries; half known ones too")
  func resent() async throws {
    let sample = try await SampleLedger()
    let drafts = try (1...5).map { try sample.draft(.step, ["n": "\($0)"]) }
    // The answer to the first two never came: whoever sent them was killed.
    _ = try await sample.append(Array(drafts.prefix(2)))
    try sample.ledger.close()
    let opened = try SQLiteLedger.open(at: sample.path, blobs: sample.blobs)
    for _ in 0..<2 {
      #expect(try await opened.append(drafts, logSigner: sample.logKey.signer) == [1, 2, 3, 4, 5])
    }
    let report = try await opened.verify()
    #expect(report.isSound, "\(report.faults)")
    #expect(report.entries == 6)
  }

  @Test("what the last append left in memory is not believed after another connection wrote")
  func staleEdge() async throws {
    let sample = try await SampleLedger()
    let other = try SQLiteLedger.open(at: sample.path, blobs: sample.blobs)
    for round in 0..<12 {
      let ledger = round % 3 == 0 ? sample.ledger : other
      _ = try await ledger.append(
        [sample.draft(.step, ["n": "\(round)"])], logSigner: sample.logKey.signer)
    }
    // A size that stays, with another tree below it: only SQLite's own word tells.
    let queue = try DatabaseQueue(path: sample.path)
    try await queue.writeWithoutTransaction { db in
      try db.execute(sql: "DELETE FROM node WHERE level = 3")
    }
    try queue.close()
    await #expect(throws: Problem(.ledgerDamaged, "")) {
      try await other.append(
        [sample.draft(.step, ["n": "x"])], logSigner: sample.logKey.signer)
    }
    #expect(try await other.read { try $0.size() } == 13)
  }

  @Test("a write that must wait for another process waits, and is then done")
  func waits() async throws {
    let sample = try await SampleLedger()
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    let holder = try DatabaseQueue(path: sample.path, configuration: configuration)
    try await holder.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
    let draft = try sample.draft(.step, ["n": "1"])
    async let indices = sample.append([draft])
    try await Task.sleep(for: .milliseconds(200))
    #expect(try await sample.ledger.read { try $0.size() } == 1)
    try await holder.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
    #expect(try await indices == [1])
    #expect(try await sample.append([sample.draft(.step, ["n": "2"])]) == [2])
    #expect(try await sample.ledger.verify().isSound)
  }

  @Test("times that go back are recorded as they are, and a period is answered by time")
  func clock() async throws {
    let sample = try await SampleLedger()
    let draft = try sample.draft(.step, ["n": "1"])
    for time in [5_000, 1_000, 9_000, 2_000] {
      _ = try await sample.append([
        EntryDraft(
          kind: draft.kind, envelope: draft.envelope, subjects: draft.subjects, actor: draft.actor,
          role: draft.role, time: Instant(milliseconds: Int64(time)))
      ])
    }
    let found = try await sample.ledger.read {
      try $0.indices(
        matching: EntryQuery(from: Instant(milliseconds: 1_000), to: Instant(milliseconds: 5_000)),
        limit: 10, after: nil)
    }
    #expect(found == [2, 4])
    let report = try await sample.ledger.verify()
    #expect(report.isSound, "\(report.faults)")
  }
}

/// A small disk of its own, which the same open ledger fills and finds empty again.
@Suite("Full disk", .serialized, .enabled(if: geteuid() == 0, "mounting needs root"))
struct FullDiskSerial {
  @Test("an append finds the disk full: one clear error, nothing recorded; with room it goes on")
  func full() async throws {
    let sample = try await SampleLedger()
    let disk = sample.folder.file("disk")
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
    let mount = Program("mount", directory: disk, outputIn: sample.folder.path)
    try await mount.check(["-t", "tmpfs", "-o", "size=2m", "tmpfs", disk])
    let result: Result<Void, any Error>
    do { result = .success(try await fill(disk, sample)) } catch { result = .failure(error) }
    try await Program("umount", directory: "/", outputIn: sample.folder.path).check(["-l", disk])
    try result.get()
  }

  private func fill(_ disk: String, _ sample: SampleLedger) async throws {
    // Folds the write-ahead log into the file.
    try sample.ledger.close()
    try FileManager.default.copyItem(atPath: sample.path, toPath: "\(disk)/ledger.sqlite")
    let filler = URL(fileURLWithPath: "\(disk)/filler")
    try Data(count: 900_000).write(to: filler)
    let ledger = try SQLiteLedger.open(at: "\(disk)/ledger.sqlite", blobs: sample.blobs)
    var acknowledged: [Int64] = []
    var refused: EntryDraft?
    for number in 0..<2_000 where refused == nil {
      let draft = try sample.draft(.step, ["n": "\(number)"])
      do {
        acknowledged += try await ledger.append([draft], logSigner: sample.logKey.signer)
      } catch let problem as Problem {
        #expect(problem.code == .inputOutput)
        #expect(problem.message.contains("full"), "\(problem)")
        refused = draft
      }
    }
    let draft = try #require(refused)
    let size = Int64(acknowledged.count) + 1
    #expect(acknowledged == Array(1..<size))
    #expect(try await ledger.read { try $0.size() } == size)
    try FileManager.default.removeItem(at: filler)
    #expect(try await ledger.append([draft], logSigner: sample.logKey.signer) == [size])
    let report = try await ledger.verify()
    #expect(report.isSound, "\(report.faults)")
    #expect(report.entries == size + 1)
    try ledger.close()
  }
}
