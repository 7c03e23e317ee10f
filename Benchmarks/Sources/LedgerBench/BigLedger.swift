import Attestation
import Blobs
import Foundation
import Ledger
import LedgerSQLite
import Model
import Reading

/// A ledger of any size to measure on: releases of twenty applications over two years, every leaf and
/// tree hash real, and every envelope really signed unless tiny ones are asked for.
struct BigLedger {
  /// Where the ledger lies.
  let folder: String

  /// Entries that share one commit, as many as pour in together when the ledger is filled at once.
  static let batch = 1_000
  static let origin = "bench.ledger"
  /// The first entry's time, 2024-01-01; two years later comes the last.
  static let begun = Instant(milliseconds: 1_704_067_200_000)

  private static let kinds: [EvidenceKind] =
    [.run, .sourceCheck] + Array(repeating: .step, count: 40)
    + [.testResult, .vulnerabilityScan, .inventory, .provenance, .release, .approval, .decision]
    + [.rollout]

  var path: String { "\(folder)/ledger.sqlite" }
  private var blobs: FileBlobStore { FileBlobStore(folder: "\(folder)/blobs") }

  /// Opens what was built.
  func open() throws -> SQLiteLedger {
    try SQLiteLedger.open(at: path, blobs: blobs, readOnly: true)
  }

  /// Builds it; there must be none.
  ///
  /// - Parameter isTiny: payloads of sixty bytes that nobody signed: for ledgers whose hashes alone
  ///   are verified.
  func build(_ count: Int, isTiny: Bool) async throws {
    let logKey = PrivateKey.generate()
    let machine = PrivateKey.generate()
    let ledger = try SQLiteLedger.create(
      at: path, origin: Self.origin, logKey: logKey.publicKey, blobs: blobs)
    _ = try await ledger.append([Self.trust(machine)], logSigner: logKey.signer)
    let step = 63_072_000_000 / Int64(count)
    var done = 1
    while done < count {
      let numbers = done..<min(done + (isTiny ? 10 : 1) * Self.batch, count)
      let drafts = try await Self.drafts(numbers, isTiny: isTiny, step: step, machine)
      _ = try await ledger.append(drafts, logSigner: logKey.signer)
      done = numbers.upperBound
    }
    try ledger.close()
  }

  /// Drafts of these numbers, signed on all cores.
  private static func drafts(
    _ numbers: Range<Int>, isTiny: Bool, step: Int64, _ machine: PrivateKey
  ) async throws -> [EntryDraft] {
    let parts = stride(from: numbers.lowerBound, to: numbers.upperBound, by: 125).map {
      $0..<min($0 + 125, numbers.upperBound)
    }
    return try await withThrowingTaskGroup(of: (Int, [EntryDraft]).self) { group in
      for part in parts {
        group.addTask {
          let signer = machine.signer
          return (
            part.lowerBound,
            try part.map {
              let time = begun.advanced(byMilliseconds: Int64($0) * step)
              return isTiny ? tiny($0, time) : try signed($0, time, signer)
            }
          )
        }
      }
      var drafts: [(Int, [EntryDraft])] = []
      for try await part in group { drafts.append(part) }
      return drafts.sorted { $0.0 < $1.0 }.flatMap(\.1)
    }
  }

  private static func tiny(_ number: Int, _ time: Instant) -> EntryDraft {
    EntryDraft(
      kind: .step,
      envelope: Array("{\"number\":\"\(String(repeating: "0", count: 40))\(number)\"}".utf8),
      subjects: [.sha256(Array("commit \(number / 50)".utf8))], actor: "runner", role: .pipeline,
      time: time)
  }

  private static func signed(_ number: Int, _ time: Instant, _ signer: Signer) throws -> EntryDraft
  {
    let kind = kinds[number % kinds.count]
    let release = number / kinds.count
    let application = "application-\(release % 20)"
    let run = "run-\(release)"
    let subject = Subject(name: application, digest: .sha256(Array("release \(release)".utf8)))
    let predicate = try JSONValue(
      encoding: [
        "application": application, "environment": release % 3 == 0 ? "production" : "staging",
        "run": run, "step": "stage/step-\(number % kinds.count)",
        "command": "make -C service package SOURCE_DATE_EPOCH=1700000000",
        "detail": String(repeating: "abcdefgh", count: 40), "control": "164.312(\(number % 9))",
      ])
    let statement = try Statement(
      subjects: [subject], predicateType: kind.predicateType, predicate: predicate)
    let envelope = try Envelope(signing: statement.json(), by: [signer])
    return EntryDraft(
      kind: kind, envelope: try envelope.json(), subjects: subject.digests, actor: "runner",
      role: .pipeline, time: time, facts: EntryFacts(statement))
  }

  private static func trust(_ machine: PrivateKey) throws -> EntryDraft {
    let subject = Subject(name: "hospital", digest: .sha256("hospital".utf8))
    let root = TrustRoot(
      organisation: "hospital", version: 1,
      people: [.init(id: "ana", roles: [Role(rawValue: "official")])],
      machines: [.init(id: "runner", onBehalfOf: "ana", roles: [.pipeline])],
      keys: [
        .init(
          machine.publicKey, holder: "runner", kinds: Array(Set(kinds)).sorted() + [.trustRoot],
          validFrom: Instant(milliseconds: 0))
      ], changeApproval: [], policies: [], recovery: nil)
    let statement = try Statement(
      Evidence(kind: .trustRoot, subjects: [subject], predicate: root))
    let envelope = try Envelope(signing: statement.json(), by: [machine.signer])
    return EntryDraft(
      kind: .trustRoot, envelope: try envelope.json(), subjects: subject.digests, actor: "runner",
      role: .pipeline, time: begun)
  }
}
