import Attestation
import Blobs
import Foundation
import Ledger
import LedgerSQLite
import Model

/// A ledger's folder as six years of eight applications leave it: about a hundred entries a release,
/// signed for real, so that `pratique audit` and `pratique ledger verify` can be asked about it.
struct AuditLedger {
  static let applications = 8
  static let begins = Instant("2020-11-23T08:00:00Z") ?? Instant(milliseconds: 0)
  static let sixYears: Int64 = 6 * 365 * 86_400_000

  let folder: String
  private let log = PrivateKey.generate()
  private let machine = PrivateKey.generate()
  private let people = ["ana": PrivateKey.generate(), "ben": PrivateKey.generate()]

  init(folder: String) { self.folder = folder }

  /// Makes the folder with at least so many entries.
  ///
  /// - Returns: how many there are.
  func build(_ count: Int) async throws -> Int64 {
    try DurableFolder.make(folder, mode: 0o711)
    try DurableFolder.make("\(folder)/keys", mode: 0o700)
    try DurableFile.write(Array(log.pem.utf8), to: "\(folder)/keys/log.pem")
    try DurableFile.write(Array(machine.pem.utf8), to: "\(folder)/keys/pipeline.pem")
    // Who may erase, so that erasing can be measured too.
    try DurableFile.write(Array((people["ana"]?.pem ?? "").utf8), to: "\(folder)/keys/ana.pem")
    try DurableFile.write(Array(registry.utf8), to: "\(folder)/registry.json")
    let ledger = try SQLiteLedger.create(
      at: "\(folder)/ledger.sqlite", origin: "bench.audit", logKey: log.publicKey,
      blobs: FileBlobStore(folder: "\(folder)/blobs"))
    let organisation = Subject(name: "hospital", digest: .sha256("hospital".utf8))
    _ = try await ledger.append(
      [
        try draft(
          .trustRoot, trustRoot, on: [organisation], by: "pipeline", role: .pipeline,
          at: Self.begins)
      ], logSigner: log.signer)
    let releases = max(1, count / SyntheticRelease.entries)
    var size: Int64 = 1
    for start in stride(from: 0, to: releases, by: 16) {
      let numbers = start..<min(start + 16, releases)
      let parts = try await withThrowingTaskGroup(of: (Int, [EntryDraft]).self) { group in
        for number in numbers {
          group.addTask { (number, try self.drafts(number, of: releases)) }
        }
        return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
      }
      let indices = try await ledger.append(
        numbers.flatMap { parts[$0] ?? [] }, logSigner: log.signer)
      size = (indices.last ?? 0) + 1
    }
    try ledger.close()
    return size
  }

  private func drafts(_ number: Int, of releases: Int) throws -> [EntryDraft] {
    let time = Self.begins.advanced(
      byMilliseconds: Self.sixYears / Int64(releases) * Int64(number))
    let release = SyntheticRelease(number: number, begun: time)
    return try release.facts.map { fact in
      try draft(
        fact.kind, fact.predicate, on: fact.subjects, by: fact.actor,
        role: fact.actor == "pipeline" ? .pipeline : Role(rawValue: "clinical-lead"), at: fact.time)
    }
  }

  private func draft(
    _ kind: EvidenceKind, _ predicate: any Encodable & Sendable, on subjects: [Subject],
    by actor: String, role: Role, at time: Instant
  ) throws -> EntryDraft {
    let statement = try Statement(
      Evidence(kind: kind, subjects: subjects, predicate: predicate))
    let key = people[actor] ?? machine
    return EntryDraft(
      kind: kind, envelope: try Envelope(signing: statement.json(), by: [key.signer]).json(),
      subjects: subjects.flatMap(\.digests), actor: actor, role: role, time: time,
      facts: EntryFacts(statement))
  }

  private var trustRoot: TrustRoot {
    TrustRoot(
      organisation: "hospital", version: 1,
      people: people.keys.sorted().map { .init(id: $0, roles: [Role(rawValue: "clinical-lead")]) },
      machines: [.init(id: "pipeline", onBehalfOf: "ana", roles: [.pipeline])],
      keys: [
        .init(
          machine.publicKey, holder: "pipeline",
          kinds: [
            .trustRoot, .run, .sourceCheck, .step, .testResult, .vulnerabilityScan, .staticAnalysis,
            .inventory, .release, .decision, .rollout,
          ], validFrom: Self.begins)
      ]
        + people.sorted { $0.key < $1.key }.map {
          .init(
            $0.value.publicKey, holder: $0.key, kinds: [.approval, .erasure, .erasureRequest],
            validFrom: Self.begins)
        },
      changeApproval: [], policies: [], recovery: nil)
  }

  private var registry: String {
    """
    {"people":[{"emails":[],"id":"ana","name":"Ana Example"},\
    {"emails":[],"id":"ben","name":"Ben Example"}]}
    """
  }
}
