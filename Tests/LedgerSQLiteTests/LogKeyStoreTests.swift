import Attestation
import Blobs
import Foundation
import GRDB
import Ledger
import LedgerSQLite
import Model
import TestKit
import Testing

/// Changes of the log key in a store: what it refuses, and what its verification finds.
@Suite("Log keys in the store")
struct LogKeyStoreTests {
  private let new = PrivateKey.generate()

  /// A change of the sample's log key, signed by these keys.
  private func draft(
    _ sample: SampleLedger, from old: PrivateKey, by keys: [PrivateKey],
    reason: LogKeyChange.Reason = .rotation
  ) async throws -> EntryDraft {
    let name = sample.ledger.key.name
    let after = try await sample.ledger.read { reader in
      let size = try reader.size()
      return LedgerPosition(
        origin: name, size: size, root: try #require(reader.proofs.root(size: size).digest))
    }
    let change = LogKeyChange(
      oldKey: try NoteKey(name: name, publicKey: old.publicKey).description,
      newKey: try NoteKey(name: name, publicKey: new.publicKey).description, reason: reason,
      explanation: "why", after: after, trusted: nil, time: sample.time)
    let subject = Subject(name: "key", digest: new.publicKey.id)
    let statement = try Statement(
      Evidence(kind: .logKey, subjects: [subject], predicate: change))
    return EntryDraft(
      kind: .logKey,
      envelope: try Envelope(signing: statement.json(), by: keys.map(\.signer)).json(),
      subjects: subject.digests, actor: "runner", role: .pipeline, time: sample.time)
  }

  private func rotate(_ sample: SampleLedger) async throws {
    let draft = try await draft(sample, from: sample.logKey, by: [sample.logKey, new])
    _ = try await sample.ledger.append(
      [draft], logSigner: .rotating(from: sample.logKey.signer, to: new.signer), ifSize: 1)
  }

  @Test("after the change only the new key appends, in every process")
  func appends() async throws {
    let sample = try await SampleLedger()
    // Another connection, which knows nothing of the change.
    let other = try SQLiteLedger.open(at: sample.path, blobs: sample.blobs)
    _ = try await other.read { try $0.size() }
    try await rotate(sample)
    let step = try sample.draft(.step, ["n": "1"])
    for ledger in [sample.ledger, other] {
      await #expect(throws: Problem(.notTrusted, "")) {
        try await ledger.append([step], logSigner: sample.logKey.signer)
      }
      await #expect(throws: Problem(.notTrusted, "")) {
        try await ledger.append([step], logSigner: PrivateKey.generate().signer)
      }
    }
    #expect(try await sample.ledger.read { try $0.size() } == 2)
    #expect(try await other.append([step], logSigner: new.signer) == [2])
    #expect(try await sample.ledger.verify().faults == [])
    #expect(try await sample.ledger.verify(VerificationOptions(scope: .hashes)).faults == [])
    #expect(try await other.histories().keys.current.firstSize == 2)
    try other.close()
  }

  @Test("a change is not recorded like other evidence, nor beside it, nor by another key")
  func refusals() async throws {
    let sample = try await SampleLedger()
    let change = try await draft(sample, from: sample.logKey, by: [sample.logKey, new])
    let step = try sample.draft(.step, ["n": "1"])
    await #expect(throws: Problem(.notTrusted, "")) {
      try await sample.ledger.append([change], logSigner: sample.logKey.signer)
    }
    for (drafts, old) in [([change, step], sample.logKey), ([change], .generate())] {
      await #expect(throws: Problem(.notTrusted, "")) {
        try await sample.ledger.append(
          drafts, logSigner: .rotating(from: old.signer, to: new.signer), ifSize: nil)
      }
    }
    #expect(try await sample.ledger.verify().entries == 1)
  }

  @Test("verification finds a change that its keys did not sign, and refuses what follows")
  func badChanges() async throws {
    for (keys, reason) in [
      ("new", LogKeyChange.Reason.rotation), ("old", .rotation), ("both", .lost),
    ] {
      let sample = try await SampleLedger()
      let signing =
        ["new": [new], "old": [sample.logKey], "both": [sample.logKey, new]][keys] ?? []
      let change = try await draft(sample, from: sample.logKey, by: signing, reason: reason)
      // Whoever holds both keys can append it; it counts for nobody.
      _ = try await sample.ledger.append(
        [change], logSigner: .rotating(from: sample.logKey.signer, to: new.signer), ifSize: 1)
      _ = try await sample.ledger.append(
        [sample.draft(.step, ["n": "1"])], logSigner: new.signer)
      let faults = try await sample.ledger.verify().faults.map(\.message)
      #expect(faults.contains { $0.contains("change of the log key does not count") }, "\(keys)")
      #expect(faults.contains { $0.contains("checkpoint of size 3 is not valid") }, "\(keys)")
      await #expect(throws: Problem(.notTrusted, "")) { try await sample.ledger.histories() }
    }
  }

  @Test("a stored checkpoint that the old key signed after the change is found")
  func oldKeyAfterwards() async throws {
    let sample = try await SampleLedger()
    try await rotate(sample)
    _ = try await sample.ledger.append(
      [sample.draft(.step, ["n": "1"])], logSigner: new.signer)
    let roots = try await sample.ledger.read { reader in
      try [Int64(2), 3].map { ($0, try reader.proofs.root(size: $0)) }
    }
    for (size, root) in roots {
      let good = try await sample.ledger.read { try $0.checkpoint(size: size) }
      let forged = try Checkpoint(origin: sample.ledger.key.name, size: size, root: root)
        .sign(by: sample.logKey.signer).description
      try await replace(forged, size: size, sample)
      let faults = try await sample.ledger.verify().faults.map(\.message)
      #expect(faults.contains { $0.contains("checkpoint of size \(size) is not valid") })
      try await replace(try #require(good), size: size, sample)
    }
    #expect(try await sample.ledger.verify().faults == [])
  }

  private func replace(_ note: String, size: Int64, _ sample: SampleLedger) async throws {
    let queue = try DatabaseQueue(path: sample.path)
    try await queue.write { db in
      try db.execute(
        sql: "UPDATE checkpoint SET note = ? WHERE size = ?", arguments: [note, size])
    }
    try queue.close()
  }
}
