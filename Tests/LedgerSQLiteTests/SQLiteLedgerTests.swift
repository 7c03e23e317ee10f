import Attestation
import Blobs
import Foundation
import GRDB
import Ledger
import LedgerSQLite
import Model
import Reading
import TestKit
import Testing

/// A ledger with a trust root in a folder of its own.
struct SampleLedger {
  let folder: TemporaryFolder
  let logKey = PrivateKey.generate()
  let machine = PrivateKey.generate()
  let ledger: SQLiteLedger
  let time = Instant(milliseconds: 1_000_000)

  var path: String { folder.file("ledger.sqlite") }
  var blobs: FileBlobStore { FileBlobStore(folder: folder.file("blobs")) }

  init(kinds: [EvidenceKind] = [.trustRoot, .step]) async throws {
    folder = try TemporaryFolder()
    ledger = try SQLiteLedger.create(
      at: folder.file("ledger.sqlite"), origin: "test.ledger", logKey: logKey.publicKey,
      blobs: FileBlobStore(folder: folder.file("blobs")))
    let root = TrustRoot(
      organisation: "hospital", version: 1, people: [.init(id: "ana", roles: [.deliverer])],
      machines: [.init(id: "runner", onBehalfOf: "ana", roles: [.pipeline])],
      keys: [
        .init(
          machine.publicKey, holder: "runner", kinds: kinds,
          validFrom: Instant(milliseconds: 0))
      ], changeApproval: [], policies: [], recovery: nil)
    _ = try await append([draft(.trustRoot, root)])
  }

  func draft(
    _ kind: EvidenceKind, _ predicate: some Encodable & Sendable, entryID: [UInt8]? = nil
  ) throws -> EntryDraft {
    let subject = Subject(name: "thing", digest: .sha256("thing".utf8))
    let statement = try Statement(
      Evidence(kind: kind, subjects: [subject], predicate: predicate))
    let envelope = try Envelope(signing: statement.json(), by: [machine.signer])
    return EntryDraft(
      kind: kind, envelope: try envelope.json(), subjects: subject.digests, actor: "runner",
      role: .pipeline, time: time, entryID: entryID)
  }

  func append(_ drafts: [EntryDraft]) async throws -> [Int64] {
    try await ledger.append(drafts, logSigner: logKey.signer)
  }
}

@Suite("SQLite ledger")
struct SQLiteLedgerTests {
  @Test("appends, reads back, proves and verifies; large payloads lie in the blob store")
  func roundTrip() async throws {
    let sample = try await SampleLedger()
    let large = String(repeating: "x", count: SQLiteLedger.inlineLimit)
    let indices = try await sample.append([
      sample.draft(.step, ["n": "1"]), sample.draft(.step, ["n": large]),
    ])
    #expect(indices == [1, 2])
    let report = try await sample.ledger.verify()
    #expect(report.isSound, "\(report.faults)")
    #expect(report.entries == 3)
    #expect(report.envelopes == 3)
    let entries = try await sample.ledger.entries([2])
    guard case .present(let envelope, _) = entries[0].payload else {
      Issue.record("the payload is not there")
      return
    }
    #expect(try Statement(json: Envelope(json: envelope).payload).predicate["n"]?.string == large)
    let (note, proof, leaf) = try await sample.ledger.read { snapshot in
      (
        try snapshot.checkpoint(), try snapshot.proofs.inclusion(of: 1, in: 3),
        try snapshot.leaf(1)
      )
    }
    let receipt = Receipt(index: 1, proof: proof, checkpoint: try #require(note))
    #expect(try receipt.verify(leaf: #require(leaf), key: sample.ledger.key).size == 3)
    #expect(
      try await sample.ledger.read { try $0.indices(subjects: [.sha256("thing".utf8)]) }
        == [0, 1, 2])
    #expect(try await sample.ledger.read { try $0.indices(kind: .step) } == [1, 2])
  }

  @Test("the same entry id is one entry, however often it is sent")
  func retry() async throws {
    let sample = try await SampleLedger()
    let draft = try sample.draft(.step, ["n": "1"], entryID: Array(0..<16))
    #expect(try await sample.append([draft]) == [1])
    #expect(try await sample.append([draft, sample.draft(.step, ["n": "2"])]) == [1, 2])
    #expect(try await sample.ledger.verify().isSound)
  }

  @Test("two connections append at once without gap or fork")
  func concurrent() async throws {
    let sample = try await SampleLedger()
    let path = sample.path
    let blobs = sample.blobs
    let other = try SQLiteLedger.open(at: path, blobs: blobs)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for ledger in [sample.ledger, other] {
        for number in 0..<50 {
          let draft = try sample.draft(.step, ["n": "\(number)"])
          group.addTask { _ = try await ledger.append([draft], logSigner: sample.logKey.signer) }
        }
      }
      try await group.waitForAll()
    }
    let report = try await sample.ledger.verify()
    #expect(report.isSound, "\(report.faults)")
    #expect(report.entries == 101)
  }

  @Test("only the key that began a ledger continues it")
  func otherKey() async throws {
    let sample = try await SampleLedger()
    await #expect(throws: Problem(.notTrusted, "")) {
      try await sample.ledger.append(
        [sample.draft(.step, ["n": "1"])], logSigner: PrivateKey.generate().signer)
    }
    #expect(try await sample.ledger.verify().entries == 1)
  }

  @Test(
    "every alteration of the store is found",
    arguments: [
      "UPDATE entry SET leaf = CAST(replace(CAST(leaf AS TEXT), 'runner', 'runnar') AS BLOB) WHERE \"index\" = 1",
      "UPDATE entry SET entry_id = randomblob(16) WHERE \"index\" = 2",
      "UPDATE node SET hash = zeroblob(32) WHERE level = 1 AND place = 0",
      "UPDATE node SET hash = zeroblob(32) WHERE level = 0 AND place = 3",
      "DELETE FROM node WHERE level = 0 AND place = 2",
      "INSERT INTO node VALUES (9, 9, zeroblob(32))",
      "DELETE FROM entry WHERE \"index\" = 4", "DELETE FROM entry WHERE \"index\" = 2",
      "UPDATE payload SET salt = zeroblob(32) WHERE entry = 1",
      "UPDATE payload SET envelope = (SELECT envelope FROM payload WHERE entry = 1) WHERE entry = 2",
      "UPDATE checkpoint SET note = replace(note, 'test', 'tost')",
      "UPDATE checkpoint SET note = replace(note, 'test', 'tost') WHERE size = 2",
      "UPDATE checkpoint SET note = (SELECT note FROM checkpoint WHERE size = 3) WHERE size = 2",
      "DELETE FROM checkpoint", "DELETE FROM checkpoint WHERE size = 5",
      "DELETE FROM payload WHERE entry = 2",
      "UPDATE entry_index SET kind = 'approval' WHERE entry = 1",
      "UPDATE entry_index SET time = time + 1 WHERE entry = 1",
      "DELETE FROM entry_index WHERE entry = 3", "DELETE FROM subject_index WHERE entry = 3",
      "INSERT INTO subject_index VALUES ('sha256:00', 2)",
      "UPDATE payload SET envelope = NULL, blob = 'sha256:\(String(repeating: "0", count: 64))' WHERE entry = 1",
    ])
  func tampering(sql: String) async throws {
    let sample = try await SampleLedger()
    for number in 1...4 { _ = try await sample.append([sample.draft(.step, ["n": "\(number)"])]) }
    #expect(try await sample.ledger.verify().isSound)
    let queue = try DatabaseQueue(path: sample.path)
    try await queue.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA foreign_keys = OFF")
      try db.execute(sql: sql)
    }
    let reopened = try SQLiteLedger.open(at: sample.path, blobs: sample.blobs, readOnly: true)
    let report = try await reopened.verify()
    #expect(!report.isSound)
  }

  @Test("a truncated or foreign file is one clear error, and stays as it is")
  func truncated() async throws {
    let sample = try await SampleLedger()
    for number in 1...40 { _ = try await sample.append([sample.draft(.step, ["n": "\(number)"])]) }
    let queue = try DatabaseQueue(path: sample.path)
    try await queue.writeWithoutTransaction { db in
      _ = try Row.fetchAll(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
    }
    let whole = try Data(contentsOf: URL(fileURLWithPath: sample.path))
    let folder = try TemporaryFolder()
    for length in [1, 100, 4096, 10_000, whole.count / 2, whole.count - 4096] {
      let path = folder.file("cut-\(length).sqlite")
      let cut = whole.prefix(length)
      try cut.write(to: URL(fileURLWithPath: path))
      await #expect(throws: Problem(.ledgerDamaged, "")) {
        let ledger = try SQLiteLedger.open(at: path, blobs: sample.blobs, readOnly: true)
        let report = try await ledger.verify()
        if !report.isSound { throw Problem(.ledgerDamaged, "found by verify") }
      }
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == cut)
    }
    #expect(throws: Problem(.notFound, "")) {
      try SQLiteLedger.open(at: folder.file("none"), blobs: sample.blobs)
    }
    #expect(throws: Problem(.badInput, "")) {
      try SQLiteLedger.create(
        at: sample.path, origin: "x", logKey: sample.logKey.publicKey, blobs: sample.blobs)
    }
  }
}
