import Attestation
import Compliance
import Foundation
import Ledger
import LedgerSQLite
import Model
import TestKit

@testable import Journey

/// A ledger with people who have keys, a policy that asks two of them, and a release that waits.
struct PeopleLedger {
  static let start = Instant("2026-06-01T08:00:00Z") ?? Instant(milliseconds: 0)
  static let official = Role(rawValue: "security-official")
  static let clinical = Role(rawValue: "clinical-lead")
  static let commit = Subject(
    name: "commit",
    digest: Digest(.gitCommit, hex: String(repeating: "c", count: 40)) ?? .sha256([]))

  let folder: TemporaryFolder
  let home: LedgerHome
  let keys: [String: PrivateKey]
  let release = Release(
    application: "portal", version: "1.0.0", origin: .built, commit: commit,
    image: Subject(name: "portal", digest: .sha256("image".utf8)), imageConfig: .sha256("c".utf8))

  static let policy = """
    policy: hospital
    version: "1"
    environments:
      production:
        approvals:
          - {role: security-official, count: 1}
          - {role: clinical-lead, count: 1, meaning: reviewed for clinical safety}
      staging:
        approvals:
          - {role: security-official, count: 1}

    """

  static let trust = """
    organisation: hospital
    people:
      - {id: dana, name: Dana, roles: [developer], keys: [dana.pub]}
      - {id: ben, name: Ben, roles: [security-official], keys: [ben.pub, ben-2.pub]}
      - {id: bea, name: Bea, roles: [security-official], keys: [bea.pub], employer: agency, sponsor: ben}
      - {id: cleo, name: Cleo, roles: [clinical-lead], keys: [cleo.pub]}
    machine: {id: runner, on-behalf-of: dana, roles: [pipeline]}
    changes:
      - {role: clinical-lead, count: 1}
    policy: policy.yaml

    """

  init(
    trust: String = trust, policy: String = policy, catalog: String? = nil
  ) async throws {
    folder = try TemporaryFolder()
    let names = ["dana", "ben", "ben-2", "bea", "cleo"]
    keys = Dictionary(uniqueKeysWithValues: names.map { ($0, PrivateKey.generate()) })
    for (name, key) in keys {
      try Data(key.publicKey.pem.utf8).write(
        to: URL(fileURLWithPath: folder.file("\(name).pub")))
    }
    let files = [("policy.yaml", policy), ("trust.yaml", trust), ("catalog.yaml", catalog ?? "")]
    for (name, text) in files {
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file(name)))
    }
    home = try await LedgerHome.initialise(
      at: folder.file("ledger"), from: TrustFile.read(path: folder.file("trust.yaml")),
      time: Self.start)
    let recorder = try await home.recorder(role: .pipeline, time: .fixed(Self.start))
    let check = SourceCheck(
      application: "portal", run: "run-1", time: Self.start, commit: Self.commit.digests[0].hex,
      export: .sha256("tree".utf8), isSigned: true, reason: "signed", key: nil, signer: "dana",
      author: "dana", isCommitterMatched: true,
      changes: ["production", "staging"].map {
        Changes(
          environment: $0, since: nil, commits: 1, people: ["dana"], unknownAuthors: 0,
          isComplete: true)
      })
    _ = try await recorder.record([
      Evidence(kind: .sourceCheck, subjects: [Self.commit], predicate: check),
      Evidence(kind: .release, subjects: release.subjects, predicate: release),
    ])
  }

  func write(_ text: String, _ name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file(name)))
  }

  func key(_ name: String) -> Signer { (keys[name] ?? PrivateKey.generate()).signer }

  /// So many minutes after the ledger began.
  static func time(_ minutes: Int64) -> TimeSource {
    .fixed(start.advanced(byMilliseconds: minutes * 60_000))
  }

  func judge(_ minutes: Int64 = 60, in environment: String = "production") async throws -> Decision
  {
    try await home.judge(release, environment: environment, time: Self.time(minutes))
  }

  @discardableResult
  func approve(
    _ name: String, _ role: Role, at minutes: Int64 = 10, in environment: String = "production",
    verdict: Approval.Verdict = .approved, key signer: Signer? = nil
  ) async throws -> Approval {
    try await home.approve(
      release, environment: environment, verdict: verdict, role: role, reason: "I read it",
      key: signer ?? key(name), time: Self.time(minutes)
    ).0
  }

  /// Records an envelope as an approval, past everything that `approve` checks.
  func smuggle(_ envelope: [UInt8], by actor: String, at minutes: Int64 = 10) async throws -> Int64
  {
    try await home.ledger.append(
      [
        EntryDraft(
          kind: .approval, envelope: envelope, subjects: release.subjects.flatMap(\.digests),
          actor: actor, role: Self.official, time: Self.time(minutes).now())
      ], logSigner: home.appendingSigner())[0]
  }

  /// The statement of an approval that would count.
  func statement(
    of person: String, _ role: Role, verdict: Approval.Verdict = .approved, at minutes: Int64 = 10
  ) async throws -> Statement {
    let decision = try await judge(minutes)
    let approval = Approval(
      verdict: verdict, application: "portal", environment: "production",
      release: release.digests, policy: decision.policy.digest, evidenceSet: decision.evidenceSet,
      person: person, role: role,
      meaning: role == Self.clinical ? "reviewed for clinical safety" : nil, reason: "I read it",
      time: Self.time(minutes).now())
    return try Statement(
      Evidence(kind: .approval, subjects: release.subjects, predicate: approval))
  }

  /// Changes the trust root, as cleo approves it.
  func changeTrust(_ text: String, at minutes: Int64) async throws {
    try write(text, "trust.yaml")
    let change = folder.file("change.json")
    _ = try await home.proposeTrust(
      from: TrustFile.read(path: folder.file("trust.yaml")), to: change,
      time: Self.time(minutes).now())
    try await apply(change, at: minutes)
  }

  func apply(_ change: String, at minutes: Int64) async throws {
    _ = try TrustChange.sign(path: change, signer: key("cleo"))
    _ = try await home.applyTrust(path: change, time: Self.time(minutes).now())
  }
}
