import Attestation
import Foundation
import Ledger
import LedgerSQLite
import Model
import TestKit

@testable import Journey

/// A ledger made from a trust file, with a release that lacks its tests.
struct ExceptionLedger {
  static let start = Instant("2026-06-01T08:00:00Z") ?? Instant(milliseconds: 0)
  let folder: TemporaryFolder
  let home: LedgerHome
  let release: Release
  private let keys: [String: PrivateKey]

  private static let people = [
    "dev": "developer, security-official", "sec": "security-official", "call": "on-call",
    "clin": "clinical-lead",
  ]

  /// - Parameter store: the address of a server where the entries shall lie; otherwise a file.
  init(environment: String = "", store: String? = nil) async throws {
    folder = try TemporaryFolder()
    var keys: [String: PrivateKey] = [:]
    var people = ""
    for (id, roles) in Self.people.sorted(by: { $0.key < $1.key }) {
      let key = PrivateKey.generate()
      keys[id] = key
      try Self.write(key.publicKey.pem, to: folder.file("\(id).pub"))
      people += "  - {id: \(id), name: N \(id), emails: [], roles: [\(roles)], keys: [\(id).pub]}\n"
    }
    try Self.write(
      """
      catalog: small
      version: "1"
      framework: what the tests ask
      controls:
        - {id: tested, citation: S 1, title: tests, scope: release, automation: evidence, producer: p, text-checked: true, checks: [{id: a, kind: test-result, each: failures(evidence) == 0, fix: test it}]}
      """, to: folder.file("catalog.yaml"))
    try Self.write(
      """
      policy: small
      version: "1"
      catalogs: [catalog.yaml]
      environments:
        production:
          required: [tested]
          waivers: {roles: [security-official], maximum-days: 30}
          out-of-scope: {roles: [security-official], maximum-days: 365}
          observe-only: {roles: [security-official], maximum-days: 60}
          break-glass: {roles: [on-call], hours: 8, review-days: 3, reviewers: [clinical-lead, on-call]}
      \(environment)
      """, to: folder.file("policy.yaml"))
    try Self.write(
      """
      organisation: small
      people:
      \(people)machine: {id: runner, on-behalf-of: dev, roles: [pipeline]}
      changes: [{role: security-official}]
      policy: policy.yaml
      """, to: folder.file("trust.yaml"))
    self.keys = keys
    let location = try store.map { [path = folder.path] in try StoreLocation($0, in: path) }
    home = try await LedgerHome.initialise(
      at: folder.file("ledger"), from: TrustFile.read(path: folder.file("trust.yaml")),
      store: location, time: Self.start)
    release = SmallLedger.release(1)
    let recorder = try await home.recorder(role: .pipeline, time: .fixed(Self.start))
    let check = SourceCheck(
      application: release.application, run: "run-1", time: Self.start,
      commit: String(repeating: "1", count: 40), export: .sha256([]), isSigned: true,
      reason: "signed", key: nil, signer: "dev", author: "dev", isCommitterMatched: true,
      changes: [])
    _ = try await recorder.record([
      Evidence(
        kind: .sourceCheck, subjects: [release.commit].compactMap(\.self), predicate: check),
      Evidence(kind: .release, subjects: release.subjects, predicate: release),
    ])
  }

  private static func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  /// A person with their key.
  func person(_ id: String, as role: String? = nil) -> ActingPerson {
    ActingPerson(
      signer: (keys[id] ?? PrivateKey.generate()).signer, role: role.map(Role.init(rawValue:)))
  }

  /// So many hours after the start.
  static func time(_ hours: Int64) -> TimeSource {
    .fixed(start.advanced(byMilliseconds: hours * 3_600_000))
  }

  func judge(_ hours: Int64) async throws -> Decision {
    try await home.judge(release, environment: "production", time: Self.time(hours))
  }

  func size() async throws -> Int64 { try await home.ledger.read { try $0.size() } }
}
