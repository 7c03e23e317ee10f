import Attestation
import Blobs
import Compliance
import Foundation
import Ledger
import LedgerSQLite
import Model
import TestKit

@testable import Journey

/// A ledger in a folder of its own, with a machine, a person, and a machine that may speak of
/// staging alone.
struct SmallLedger {
  static let application = "portal"
  static let now = Instant("2026-06-01T12:00:00Z") ?? Instant(milliseconds: 0)
  let folder: TemporaryFolder
  let home: LedgerHome
  let log = PrivateKey.generate()
  let runner = PrivateKey.generate()
  let stager = PrivateKey.generate()
  let ana = PrivateKey.generate()

  init() async throws {
    folder = try TemporaryFolder()
    let path = folder.file("ledger")
    for name in ["", "/keys", "/runs"] {
      try FileManager.default.createDirectory(
        atPath: path + name, withIntermediateDirectories: true)
    }
    try Data(log.pem.utf8).write(to: URL(fileURLWithPath: "\(path)/keys/log.pem"))
    try Data(runner.pem.utf8).write(to: URL(fileURLWithPath: "\(path)/keys/runner.pem"))
    for name in ["log", "runner"] {
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o600], ofItemAtPath: "\(path)/keys/\(name).pem")
    }
    let catalog = """
      catalog: small
      version: "1"
      framework: what the tests ask
      controls:
        - {id: tested, citation: S 1, title: tests, scope: release, automation: evidence, producer: p, text-checked: true, checks: [{id: a, kind: test-result, about: 'evidence.suite == "unit"', each: failures(evidence) == 0, fix: test it}]}
        - {id: staged, citation: S 2, title: staging, scope: release, automation: evidence, producer: p, text-checked: true, checks: [{id: a, kind: rollout, about: 'evidence.environment == "staging"', each: 'evidence.outcome == "released"', fix: stage it}]}
      """
    let text = """
      policy: small
      version: "1"
      catalogs: [catalog.yaml]
      environments:
        production: {required: [staged]}
      """
    let policy = try Policy.read(Array(text.utf8), file: "p").0
    let bundle = try PolicyBundle(
      policy: policy, catalogs: [Catalog.read(Array(catalog.utf8), file: "c")])
    let blobs = FileBlobStore(folder: "\(path)/blobs")
    _ = try await blobs.put(try bundle.bytes())
    let ledger = try SQLiteLedger.create(
      at: "\(path)/ledger.sqlite", origin: "small.ledger", logKey: log.publicKey, blobs: blobs)
    let start = Instant(milliseconds: 0)
    let root = TrustRoot(
      organisation: "small", version: 1,
      people: [.init(id: "ana", roles: [Role(rawValue: "developer")])],
      machines: [
        .init(id: "runner", onBehalfOf: "ana", roles: [.pipeline]),
        .init(id: "stager", onBehalfOf: "ana", roles: [Role(rawValue: "stager")]),
      ],
      keys: [
        .init(
          runner.publicKey, holder: "runner",
          kinds: [.trustRoot, .rollout, .release, .intent, .testResult, .decision], validFrom: start
        ),
        .init(
          stager.publicKey, holder: "stager", kinds: [.rollout], environments: ["staging"],
          validFrom: start),
        .init(
          ana.publicKey, holder: "ana",
          kinds: [.approval, .erasure, .erasureRequest, .legalHold, .phiSpill], validFrom: start),
      ],
      changeApproval: [], policies: [try bundle.reference()], recovery: nil)
    let draft = try TrustEntry.draft(
      root, signers: [runner.signer], actor: "runner", time: Self.now)
    _ = try await ledger.append([draft], logSigner: log.signer)
    try ledger.close()
    home = try LedgerHome.open(at: path)
  }

  /// A release of the application; commit and image follow from the number.
  static func release(_ number: Int) -> Release {
    let hex = String(repeating: "\(number)", count: 40)
    let commit = Digest(.gitCommit, hex: hex) ?? .sha256([])
    return Release(
      application: application, version: "\(number).0", origin: .built,
      commit: Subject(name: "commit", digest: commit),
      image: Subject(name: "image", digest: .sha256([UInt8(number)])),
      imageConfig: .sha256([UInt8(number), 1]))
  }

  @discardableResult
  func record(
    _ kind: EvidenceKind, _ predicate: any Encodable & Sendable, of release: Release,
    by keys: [PrivateKey]? = nil
  ) async throws -> Int64 {
    let evidence = Evidence(kind: kind, subjects: release.subjects, predicate: predicate)
    let signers = (keys ?? [runner]).map(\.signer)
    let bytes = try Envelope(signing: Statement(evidence).json(), by: signers).json()
    return try await home.ledger.append(
      [
        EntryDraft(
          kind: kind, envelope: bytes, subjects: release.subjects.flatMap(\.digests),
          actor: "runner", role: .pipeline, time: Self.now)
      ], logSigner: log.signer)[0]
  }

  static func rollout(
    _ number: Int, _ outcome: RolloutReport.Outcome = .released, before: Int? = nil,
    in environment: String = "production", request: RolloutReport.Request? = nil,
    application: String = application
  ) -> RolloutReport {
    let image = release(number).image.digests[0]
    return RolloutReport(
      environment: environment, application: application, version: "\(number).0", image: image,
      previousImage: before.map { release($0).image.digests[0] },
      previousVersion: before.map { "\($0).0" }, strategy: "blue-green", outcome: outcome,
      reason: nil, startedAt: now, finishedAt: now,
      requests: .init(served: 1, lost: 0, serverErrors: 0), events: [], translations: [],
      request: request)
  }
}
