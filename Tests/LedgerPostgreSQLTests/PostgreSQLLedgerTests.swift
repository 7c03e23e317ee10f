import Attestation
import Foundation
import Ledger
import LedgerPostgreSQL
import Model
import Reading
import TestKit
import Testing

extension PostgreSQLSerial {
  @Suite("PostgreSQL ledger")
  struct Store {
    @Test("appends, reads back, proves and verifies; large payloads lie in the blob store")
    func roundTrip() async throws {
      let sample = try await SampleServer()
      let large = String(repeating: "x", count: PostgreSQLLedger.inlineLimit)
      let indices = try await sample.append([
        sample.draft(.step, ["n": "1"]), sample.draft(.step, ["n": large]),
      ])
      #expect(indices == [1, 2])
      let ledger = try sample.open(readOnly: true)
      let report = try await ledger.verify()
      #expect(report.isSound, "\(report.faults)")
      #expect(report.entries == 3)
      #expect(report.envelopes == 3)
      let entries = try await ledger.entries([2])
      guard case .present(let envelope, _) = entries[0].payload else {
        Issue.record("the payload is not there")
        return
      }
      #expect(
        try Statement(json: Envelope(json: envelope).payload).predicate["n"]?.string == large)
      let (note, proof, leaf) = try await ledger.read { snapshot in
        (
          try snapshot.checkpoint(), try snapshot.proofs.inclusion(of: 1, in: 3),
          try snapshot.leaf(1)
        )
      }
      let receipt = Receipt(index: 1, proof: proof, checkpoint: try #require(note))
      #expect(try receipt.verify(leaf: #require(leaf), key: ledger.key).size == 3)
      #expect(
        try await ledger.read { try $0.indices(subjects: [.sha256("thing".utf8)]) } == [0, 1, 2])
      #expect(try await ledger.read { try $0.indices(kind: .step) } == [1, 2])
      #expect(try await ledger.read { try $0.checkpoint(covering: 0) }?.contains("\n1\n") == true)
      await #expect(throws: Problem(.notFound, "")) { try await ledger.entries([3]) }
      await #expect(throws: Problem(.inputOutput, "")) {
        try await ledger.append([sample.draft(.step, ["n": "2"])], logSigner: sample.logKey.signer)
      }
    }

    @Test("a snapshot stays as it was while others append")
    func snapshot() async throws {
      let sample = try await SampleServer()
      let other = try sample.open()
      let sizes = try await other.read { reader in
        let before = try reader.size()
        let group = DispatchGroup()
        group.enter()
        Task {
          _ = try? await sample.append([sample.draft(.step, ["n": "1"])])
          group.leave()
        }
        group.wait()
        return [before, try reader.size()]
      }
      #expect(sizes == [1, 1])
      #expect(try await other.read { try $0.size() } == 2)
    }

    @Test("the same entry id is one entry, however often it is sent")
    func retry() async throws {
      let sample = try await SampleServer()
      let draft = try sample.draft(.step, ["n": "1"], entryID: Array(0..<16))
      #expect(try await sample.append([draft]) == [1])
      #expect(
        try await sample.append([draft, sample.draft(.step, ["n": "2"]), draft]) == [1, 2, 1])
      // Also where the answer to the first was lost, and the ledger has grown since.
      #expect(
        try await sample.ledger.append([draft], logSigner: sample.logKey.signer, ifSize: 1) == [1])
      await #expect(throws: Problem(.busy, "")) {
        try await sample.ledger.append(
          [sample.draft(.step, ["n": "3"])], logSigner: sample.logKey.signer, ifSize: 1)
      }
      #expect(try await sample.ledger.verify().entries == 3)
    }

    @Test("connections and tasks append at once without gap or fork, and share transactions")
    func concurrent() async throws {
      let sample = try await SampleServer()
      let ledgers = [sample.ledger, try sample.open(), try sample.open()]
      let answers = try await withThrowingTaskGroup(of: [Int64].self) { group in
        for ledger in ledgers {
          for number in 0..<100 {
            let drafts = try [
              sample.draft(.step, ["n": "\(number)"]), sample.draft(.step, ["m": "1"]),
            ]
            group.addTask { try await ledger.append(drafts, logSigner: sample.logKey.signer) }
          }
        }
        return try await group.reduce(into: [Int64]()) { $0 += $1 }
      }
      #expect(answers.sorted() == Array(1...600))
      let report = try await sample.ledger.verify()
      #expect(report.isSound, "\(report.faults)")
      #expect(report.entries == 601)
      let checkpoints = try #require(try await sample.sql("SELECT count(*) FROM checkpoint"))
      #expect(Int(checkpoints) ?? .max < 200, "no transaction carried entries of several callers")
    }

    @Test("only the key that began a ledger continues it, and only where that ledger is")
    func otherKey() async throws {
      let sample = try await SampleServer()
      await #expect(throws: Problem(.notTrusted, "")) {
        try await sample.ledger.append(
          [sample.draft(.step, ["n": "1"])], logSigner: PrivateKey.generate().signer)
      }
      _ = try await sample.sql("UPDATE log SET key = key || 'x'")
      await #expect(throws: Problem(.notTrusted, "")) {
        try await sample.append([sample.draft(.step, ["n": "1"])])
      }
      #expect(try await sample.sql("SELECT count(*) FROM entry") == "1")
    }

    @Test("a schema that is not as this version makes it is refused")
    func shape() async throws {
      let sample = try await SampleServer()
      #expect(throws: Problem(.badInput, "")) {
        try PostgreSQLLedger.create(
          at: sample.address(), origin: "test.ledger", logKey: sample.logKey.publicKey,
          blobs: sample.blobs)
      }
      #expect(throws: Problem(.notFound, "")) {
        try PostgreSQLLedger.open(
          at: ServerAddress(sample.server.address(schema: "nothing_here")), blobs: sample.blobs)
      }
      _ = try await sample.sql("INSERT INTO migration VALUES (99, 'later')")
      #expect(throws: Problem(.ledgerDamaged, "")) { try sample.open() }
      await #expect(throws: Problem(.ledgerDamaged, "")) {
        try await sample.append([sample.draft(.step, ["n": "1"])])
      }
      _ = try await sample.sql("DELETE FROM migration WHERE place = 99")
      _ = try await sample.sql("ALTER TABLE payload SET UNLOGGED")
      #expect(throws: Problem(.ledgerDamaged, "")) { try sample.open() }
      _ = try await sample.sql("ALTER TABLE payload SET LOGGED")
      #expect(try await sample.append([sample.draft(.step, ["n": "1"])]) == [1])
    }

    @Test("nothing is signed over an end that is not the one that was signed last")
    func alteredEnd() async throws {
      let sample = try await SampleServer()
      for n in 0..<4 { _ = try await sample.append([sample.draft(.step, ["n": "\(n)"])]) }
      for sql in [
        "UPDATE node SET hash = decode(repeat('00', 32), 'hex') WHERE level = 2",
        "DELETE FROM node WHERE level = 2", "DELETE FROM entry WHERE \"index\" = 4",
        "DELETE FROM checkpoint WHERE size = 5",
      ] {
        let copy = try #require(try await sample.sql("SELECT note FROM checkpoint WHERE size = 5"))
        #expect(!copy.isEmpty)
        _ = try await sample.sql("CREATE TABLE IF NOT EXISTS kept AS SELECT * FROM node")
        _ = try await sample.sql("CREATE TABLE IF NOT EXISTS keptc AS SELECT * FROM checkpoint")
        _ = try await sample.sql("CREATE TABLE IF NOT EXISTS kepte AS SELECT * FROM entry")
        #expect(try await sample.sql(sql) != nil)
        // One who does not remember the end, but reads it.
        let other = try sample.open()
        await #expect(throws: Problem(.ledgerDamaged, ""), "\(sql)") {
          try await other.append(
            [sample.draft(.step, ["n": "x"])], logSigner: sample.logKey.signer)
        }
        _ = try await sample.sql(
          "TRUNCATE node, checkpoint, entry; INSERT INTO node SELECT * FROM kept; "
            + "INSERT INTO checkpoint SELECT * FROM keptc; INSERT INTO entry SELECT * FROM kepte")
      }
      #expect(try await sample.append([sample.draft(.step, ["n": "x"])]) == [5])
      #expect(try await sample.ledger.verify().isSound)
    }

    @Test(
      "what is altered behind the ledger's back is found by verify",
      arguments: [
        "UPDATE entry SET leaf = convert_to(replace(convert_from(leaf, 'UTF8'), 'runner', 'runnar'), 'UTF8') WHERE \"index\" = 1",
        "UPDATE entry SET entry_id = decode(md5('x'), 'hex') WHERE \"index\" = 2",
        "UPDATE node SET hash = decode(repeat('00', 32), 'hex') WHERE level = 1 AND place = 0",
        "DELETE FROM node WHERE level = 0 AND place = 2",
        "INSERT INTO node VALUES (9, 9, decode(repeat('00', 32), 'hex'))",
        "DELETE FROM entry WHERE \"index\" = 4", "DELETE FROM entry WHERE \"index\" = 2",
        "UPDATE payload SET salt = decode(repeat('00', 32), 'hex') WHERE entry = 1",
        "UPDATE payload SET envelope = (SELECT envelope FROM payload WHERE entry = 1) WHERE entry = 2",
        "DELETE FROM payload WHERE entry = 3",
        "INSERT INTO payload SELECT 77, salt, envelope, blob FROM payload WHERE entry = 1",
        "UPDATE checkpoint SET note = replace(note, 'test', 'tost')", "DELETE FROM checkpoint",
        "DELETE FROM checkpoint WHERE size = 3", "DELETE FROM checkpoint WHERE size = 5",
        "UPDATE entry_index SET kind = 'approval' WHERE entry = 1",
        "UPDATE entry_index SET application = 'other' WHERE entry = 1",
        "DELETE FROM entry_index WHERE entry = 3", "DELETE FROM subject_index WHERE entry = 3",
        "INSERT INTO subject_index VALUES ('sha256:00', 2)", "DELETE FROM index_form",
        "UPDATE log SET origin = 'other'",
        "INSERT INTO cosignature VALUES (9, 'w', decode('00000000', 'hex'), decode('00', 'hex'))",
        "CREATE RULE quiet AS ON DELETE TO payload DO INSTEAD NOTHING",
        "CREATE VIEW more AS SELECT 1",
      ])
    func tampering(sql: String) async throws {
      let sample = try await SampleServer()
      for n in 0..<4 { _ = try await sample.append([sample.draft(.step, ["n": "\(n)"])]) }
      let whole = try await sample.ledger.verify()
      #expect(whole.isSound, "\(whole.faults)")
      #expect(try await sample.sql(sql) != nil)
      #expect(try await !sample.ledger.verify().isSound)
    }

    @Test("a dropped or altered index is built again from the entries")
    func index() async throws {
      let sample = try await SampleServer()
      for n in 0..<4 {
        _ = try await sample.append([sample.draft(.step, ["n": "\(n)", "application": "app"])])
      }
      let query = EntryQuery(application: "app", kind: .step)
      #expect(
        try await sample.ledger.read { try $0.indices(matching: query, limit: 3, after: 1) } == [
          2, 3, 4,
        ])
      for sql in [
        "DROP TABLE entry_index, subject_index, index_form",
        "UPDATE entry_index SET application = NULL; DELETE FROM subject_index WHERE entry = 2",
        "INSERT INTO subject_index VALUES ('sha256:00', 2); INSERT INTO entry_index SELECT 99, kind, actor, time, subjects FROM entry_index WHERE entry = 1",
      ] {
        #expect(try await sample.sql(sql) != nil)
        _ = try await sample.ledger.rebuildIndex { _, _ in }
        let report = try await sample.ledger.verify()
        #expect(report.isSound, "\(sql): \(report.faults)")
      }
      #expect(
        try await sample.ledger.read { try $0.indices(matching: query, limit: 9, after: nil) } == [
          1, 2, 3, 4,
        ])
    }
  }
}
