import Attestation
import Blobs
import Foundation
import Ledger
import LedgerPostgreSQL
import LedgerSQLite
import Model
import Synchronization
import TestKit
import Testing

extension PostgreSQLSerial {
  @Suite("Copies of a ledger")
  struct Copies {
    /// A ledger of that many entries, in pages with checkpoints of several sizes; one payload is
    /// large and one is gone.
    private func filled(_ count: Int) async throws -> SampleServer {
      let sample = try await SampleServer()
      let large = String(repeating: "x", count: PostgreSQLLedger.inlineLimit)
      _ = try await sample.append([sample.draft(.step, ["n": large])])
      var left = count - 2
      var length = 1
      while left > 0 {
        let drafts = try (0..<min(left, length)).map { try sample.draft(.step, ["n": "\($0)"]) }
        _ = try await sample.append(drafts)
        left -= drafts.count
        length = min(length * 2, 70)
      }
      _ = try await sample.sql("DELETE FROM payload WHERE entry = 2")
      try await witness(sample, "first", size: 3)
      try await sample.ledger.keep(
        CheckpointTimestamp(size: 5, authority: "office", token: [1, 2, 3], certificates: "PEM"))
      return sample
    }

    /// Keeps something that has the form of a cosignature.
    private func witness(_ sample: SampleServer, _ name: String, size: Int64) async throws {
      let signature = try SignedNote.Signature(
        name: name, keyID: [1, 2, 3, 4], signature: [UInt8](repeating: 7, count: 72))
      try await sample.ledger.keep(cosignatures: [signature], size: size)
    }

    private func sqlite(_ sample: SampleServer, _ name: String) throws -> SQLiteLedger {
      try SQLiteLedger.create(
        at: sample.folder.file(name), origin: sample.ledger.key.name,
        logKey: sample.logKey.publicKey,
        blobs: FileBlobStore(folder: sample.folder.file("\(name).blobs")))
    }

    private func content(_ ledger: some LedgerStore) async throws -> [String] {
      try await ledger.read { reader in
        let size = try reader.size()
        let rows = try reader.rows(0..<size).map { row in
          "\(row.index) \(Digest.sha256(row.leaf)) \(row.payload)"
        }
        let notes = try reader.checkpoints(sizes: 0...size).map { "\($0.size) \($0.note)" }
        let additions = try reader.cosignedSizes(upTo: size, limit: 1_000).map { size in
          "\(size) \(try reader.cosignatures(size: size))"
        }
        let stamps = try reader.timestampedSizes(upTo: size, limit: 1_000).map { size in
          "\(size) \(try reader.timestamps(size: size))"
        }
        let faults = try reader.structureFaults() + reader.strayIndexFaults()
        return rows + notes + additions + stamps + faults.map(\.message)
      }
    }

    @Test("from PostgreSQL to SQLite and back everything is the same, byte by byte")
    func thereAndBack() async throws {
      let sample = try await filled(260)
      let file = try sqlite(sample, "copy.sqlite")
      let seen = Mutex<[Int64]>([])
      let report = try await file.copy(from: sample.ledger, pageLength: 100) { done, all in
        seen.withLock { $0.append(done) }
        #expect(all == 260)
      }
      #expect(report.entries == 260 && report.copied == 260)
      #expect(report.root == report.sourceRoot)
      #expect(seen.withLock { $0.first == 0 && $0.last == 260 && $0.count > 3 })
      #expect(try await content(file) == content(sample.ledger))
      let other = try await SampleServer(like: sample)
      let back = try await other.ledger.copy(from: file, pageLength: 100) { _, _ in }
      #expect(back.root == report.root)
      #expect(try await content(other.ledger) == content(file))
      for (left, right) in [(sample.ledger, other.ledger)] {
        let faults = try await (left.verify().faults, right.verify().faults)
        // The payload was taken away behind the ledger's back: that is seen in every copy.
        #expect(faults.0.map(\.index) == [2])
        #expect(faults.1 == faults.0)
      }
      // Both go on: the copy takes what came later, and only that.
      _ = try await sample.append([sample.draft(.step, ["n": "later"])])
      // A witness that was asked late, of a checkpoint that is copied already.
      try await witness(sample, "second", size: 3)
      #expect(try await content(sample.ledger).filter { $0.contains("second") }.count == 1)
      let later = try await file.copy(from: sample.ledger, pageLength: 100) { _, _ in }
      #expect(later.entries == 261 && later.copied == 1)
      #expect(try await content(file) == content(sample.ledger))
    }

    @Test(
      "a copy that was interrupted goes on where it was")
    func interrupted() async throws {
      let source = try await filled(300)
      let other = try await SampleServer(like: source)
      let target = other.ledger
      let task = Task {
        try await target.copy(from: source.ledger, pageLength: 100) { done, _ in
          if done > 90 { withUnsafeCurrentTask { $0?.cancel() } }
        }
      }
      await #expect(throws: CancellationError.self) { try await task.value }
      let size = try await target.read { try $0.size() }
      #expect(size > 90 && size < 300)
      let report = try await target.copy(from: source.ledger, pageLength: 100) { _, _ in }
      #expect(report.copied == 300 - size)
      #expect(try await content(target) == content(source.ledger))
    }

    @Test("what is no beginning of the ledger is refused, and left as it was")
    func refused() async throws {
      let source = try await filled(20)
      let foreign = try await SampleServer()
      await #expect(throws: Problem(.badInput, "")) {
        try await foreign.ledger.copy(from: source.ledger, pageLength: 100) { _, _ in }
      }
      // The same log key, but another history.
      let fork = try await SampleServer(like: source)
      let draft = try source.draft(.step, ["n": "fork"])
      _ = try await fork.ledger.append([draft], logSigner: source.logKey.signer)
      await #expect(throws: Problem(.badInput, "")) {
        try await fork.ledger.copy(from: source.ledger, pageLength: 100) { _, _ in }
      }
      #expect(try await fork.ledger.read { try $0.size() } == 1)
      // The shorter is no source for the longer.
      let file = try sqlite(source, "shorter.sqlite")
      await #expect(throws: Problem(.badInput, "")) {
        try await source.ledger.copy(from: file, pageLength: 100) { _, _ in }
      }
    }

    @Test(
      "a source that was altered is not copied any further",
      arguments: [
        "UPDATE entry SET leaf = convert_to(replace(convert_from(leaf, 'UTF8'), 'runner', 'runnar'), 'UTF8') WHERE \"index\" = 5",
        "UPDATE payload SET envelope = (SELECT envelope FROM payload WHERE entry = 6) WHERE entry = 5",
        "DELETE FROM entry WHERE \"index\" = 5",
        "UPDATE checkpoint SET note = (SELECT note FROM checkpoint WHERE size = 9) WHERE size = 5",
        "UPDATE payload SET blob = 'sha256:\(String(repeating: "0", count: 64))', envelope = NULL WHERE entry = 5",
      ])
    func altered(sql: String) async throws {
      let source = try await filled(20)
      #expect(try await source.sql(sql) != nil)
      let file = try sqlite(source, "copy.sqlite")
      let problem = await #expect(throws: Problem.self) {
        try await file.copy(from: source.ledger, pageLength: 100) { _, _ in }
      }
      #expect([.ledgerDamaged, .notTrusted].contains(problem?.code))
      #expect(try await file.read { try $0.size() } <= 5)
    }
  }
}
