import Attestation
import Foundation
import Ledger
import LedgerPostgreSQL
import LedgerSQLite
import Model
import TestKit
import Testing

extension PostgreSQLSerial {
  @Suite("Erasing from PostgreSQL")
  struct Erasing {
    private func draft(_ sample: SampleServer, _ indices: [Int64]) async throws -> EntryDraft {
      let entries = try await sample.ledger.read { reader in
        try indices.map { index in
          let leaf = try Leaf(bytes: reader.row(index).leaf)
          return Erasure.Entry(index: index, kind: leaf.kind, envelope: leaf.envelope)
        }
      }
      return try sample.draft(
        .erasure,
        Erasure(
          entries: entries, basis: .spill, reason: "test", requestedBy: nil, person: "runner",
          role: .pipeline, time: sample.time))
    }

    @Test("payloads go in the transaction that records it, all or none")
    func transaction() async throws {
      let sample = try await SampleServer()
      let ledger = sample.ledger
      _ = try await sample.append(try (0..<4).map { try sample.draft(.step, ["n": "\($0)"]) })
      let content = Remnant(.content, name: "sha256:00", erasure: 0)
      let index = try await ledger.erase(
        draft(sample, [1, 3]), payloads: [1, 3], remnants: [content],
        logSigner: LogSigner(sample.logKey.signer), ifSize: 5)
      #expect(index == 5)
      let left = try await ledger.remnants()
      #expect(left.map(\.sort) == [.content, .pages])
      #expect(left.allSatisfy { $0.erasure == 5 })
      // One that is gone already, another size: nothing changes.
      for (payloads, size) in [([2, 3], 6), ([2], 5)] as [([Int64], Int64)] {
        await #expect(throws: Problem(.busy, "")) {
          try await ledger.erase(
            draft(sample, payloads), payloads: payloads, remnants: [],
            logSigner: LogSigner(sample.logKey.signer), ifSize: size)
        }
      }
      #expect(try await sample.sql("SELECT string_agg(entry::text, ',') FROM payload") == "0,2,4,5")
      let report = try await ledger.verify()
      #expect(report.isSound && report.erased == 2 && report.entries == 6, "\(report.faults)")
      // Copies follow, also one that was made before.
      let early = try SQLiteLedger.create(
        at: sample.folder.file("copy.sqlite"), origin: "test.ledger",
        logKey: sample.logKey.publicKey, blobs: sample.blobs)
      _ = try await early.copy(from: ledger) { _, _ in }
      _ = try await ledger.erase(
        draft(sample, [2]), payloads: [2], remnants: [],
        logSigner: LogSigner(sample.logKey.signer), ifSize: 6)
      _ = try await early.copy(from: ledger) { _, _ in }
      let copied = try await early.verify()
      #expect(copied.isSound && copied.erased == 3, "\(copied.faults)")
      #expect(try await early.remnants().map(\.sort) == [.pages])
      try await ledger.forget(ledger.remnants())
      #expect(try await ledger.remnants().isEmpty)
    }

    @Test("behind a scrub nothing of it is in the server's files, where segments are not reused")
    func scrub() async throws {
      let server = try await PostgreSQLServer(settings: [
        "wal_recycle": "off", "wal_init_zero": "off", "autovacuum": "off",
      ])
      let sample = try await SampleServer(server: server)
      let marker = UUID().uuidString
      _ = try await sample.append([
        sample.draft(.step, ["secret": String(repeating: "\(marker) ", count: 20)]),
        sample.draft(.step, ["n": "other"]),
      ])
      guard case .inline(let envelope, _) = try await sample.ledger.read({ try $0.row(1) }).payload
      else { throw Problem(.notFound, "no payload") }
      // From the middle, where it repeats in base64; and compressed rows are not looked for.
      let needle = Data(envelope[400..<460])
      #expect(try await sample.sql("CHECKPOINT") != nil)
      #expect(!server.files(holding: needle).isEmpty)
      _ = try await sample.ledger.erase(
        draft(sample, [1]), payloads: [1], remnants: [],
        logSigner: LogSigner(sample.logKey.signer), ifSize: 3)
      try await sample.ledger.scrub()
      #expect(server.files(holding: needle) == [])
      #expect(try await sample.ledger.verify().isSound)
    }
  }
}
