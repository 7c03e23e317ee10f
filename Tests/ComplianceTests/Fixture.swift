import Attestation
import Compliance
import Model
import Reading
import Synchronization

/// A good release with all its evidence and both approvals, which every test makes worse in one way.
struct Fixture {
  /// A piece of evidence that waits for its place.
  struct Piece {
    var kind: EvidenceKind
    var subjects: [Subject]
    var predicate: JSONValue
    var signer = "pipeline-1"
    var time = Fixture.instant("2026-05-31T10:00:00Z")
    /// Another writing of the envelope around the same signed statement.
    var wrapping = ""
    var predicateType: String?
  }

  static let ada = TrustRoot.Person(id: "ada", roles: [Role(rawValue: "developer")])
  static let ben = TrustRoot.Person(id: "ben", roles: [Fixture.official])
  static let cleo = TrustRoot.Person(id: "cleo", roles: [Fixture.clinical])
  static let official = Role(rawValue: "security-official")
  static let clinical = Role(rawValue: "clinical-lead")
  static let commit = Subject(
    name: "commit", digest: Fixture.digest(.gitCommit, String(repeating: "c", count: 40)))
  static let image = Subject(name: "portal", digest: .sha256(Array("image".utf8)))
  static let otherImage = Subject(name: "portal", digest: .sha256(Array("other image".utf8)))

  var catalog = Fixture.catalogText
  var policy = Fixture.policyText
  var release = Release(
    application: "patient-portal", version: "1.0.0", origin: .built, commit: Fixture.commit,
    image: Fixture.image, imageConfig: .sha256(Array("config".utf8)))
  /// The release that the ledger binds, where it is another.
  var bound: Release?
  var environment = "production"
  var people = [Fixture.ada, Fixture.ben, Fixture.cleo]
  var pieces: [Piece] = Fixture.goodPieces
  var refused: [RefusedEvidence] = []
  /// What serves in the environment.
  var live: LiveRelease?
  /// The freezes and windows of the environment, as instants.
  var calendar: GateCalendar?
  var isPinned = true
  var size: Int64 = 1000
  var time = Fixture.instant("2026-06-01T12:00:00Z")
  var trustTime = Fixture.instant("2026-01-10T08:00:00Z")

  /// Catalogs are read once for each text: most tests share one.
  private static let read = Mutex<[String: PolicyBundle]>([:])

  func bundle() throws -> PolicyBundle {
    let key = policy + catalog
    if let known = Self.read.withLock({ $0[key] }) { return known }
    let bundle = try readBundle()
    Self.read.withLock { $0[key] = bundle }
    return bundle
  }

  private func readBundle() throws -> PolicyBundle {
    let (policy, _) = try Policy.read(Array(policy.utf8), file: "policy.yaml")
    return try PolicyBundle(
      policy: policy, catalogs: [Catalog.read(Array(catalog.utf8), file: "catalog.yaml")])
  }

  func trust() throws -> TrustRoot {
    TrustRoot(
      organisation: "example-hospital", version: 1, people: people,
      machines: [.init(id: "pipeline-1", onBehalfOf: "ada", roles: [.pipeline])], keys: [],
      changeApproval: [], policies: isPinned ? [try bundle().reference()] : [], recovery: nil)
  }

  /// All evidence: the trust root as entry 0, then the pieces in their order.
  func evidence() throws -> [AdmittedEvidence] {
    let root = Piece(
      kind: .trustRoot,
      subjects: [Subject(name: "example-hospital", digest: .sha256(Array("root".utf8)))],
      predicate: try JSONValue(encoding: trust()), time: trustTime)
    let release = bound ?? release
    let all = try pieces.map { piece in
      guard piece.kind == .release else { return piece }
      let again = Piece(
        kind: .release, subjects: release.subjects, predicate: try JSONValue(encoding: release))
      return again.with("run", as: piece.predicate["run"] ?? .string("run-1"))
        .with("time", as: .string("2026-05-31T09:30:00.000Z"))
    }
    return try ([root] + all).enumerated().map { try Self.admitted($1, index: Int64($0)) }
  }

  static func admitted(_ piece: Piece, index: Int64) throws -> AdmittedEvidence {
    let statement = try Statement(
      subjects: piece.subjects, predicateType: piece.predicateType ?? piece.kind.predicateType,
      predicate: piece.predicate)
    let bytes = try statement.json() + Array("\(piece.signer) \(piece.wrapping)".utf8)
    return AdmittedEvidence(
      statement: statement, kind: piece.kind, signer: piece.signer, index: index,
      envelope: .sha256(bytes), time: piece.time)
  }

  func input() throws -> Gate.Input {
    Gate.Input(
      release: release, environment: environment, bundle: try bundle(), evidence: try evidence(),
      refused: refused, trust: try trust(), live: live, calendar: calendar,
      position: LedgerPosition(
        origin: "example-hospital.ledger", size: size, root: .sha256(Array("tree".utf8))),
      time: time, timeSource: "given time")
  }

  func decide() throws -> Decision { try Gate.decide(input()) }

  /// What the gate says of one control.
  func result(_ control: String) throws -> ControlResult? {
    try decide().controls.first { $0.control == control }
  }

  /// What the gate says of the first check of a control.
  func check(_ control: String) throws -> CheckResult? { try result(control)?.checks.first }

  /// Index of the last entry.
  var last: Int64 { Int64(pieces.count) }

  static func instant(_ text: String) -> Instant { Instant(text) ?? Instant(milliseconds: 0) }

  static func digest(_ algorithm: Digest.Algorithm, _ hex: String) -> Digest {
    Digest(algorithm, hex: hex) ?? .sha256([])
  }
}

extension Fixture {
  /// One control a rule, each by its name, and controls that only a person or nobody can answer.
  static let catalogText = """
    catalog: fixture
    version: "1"
    framework: What the tests ask
    controls:
      - {id: signed, citation: F 1, title: signed commit, scope: release, automation: evidence, producer: p, text-checked: true, checks: [{id: a, kind: source-check, rule: commit-signed, fix: sign it}]}
      - {id: built, citation: F 2, title: built from it, scope: release, automation: evidence, producer: p, text-checked: true, checks: [{id: a, kind: provenance, rule: built-from-commit, fix: build it}]}
      - {id: tested, citation: F 3, title: tests, scope: release, automation: evidence, producer: p, text-checked: true, checks: [{id: a, kind: test-result, maximum-age-days: 30, rule: tests-passed, with: {suite: security, minimum: 2, named: [test_no_token, "suite.test_wrong_token"]}, fix: test it}]}
      - {id: scanned, citation: F 4, title: scan, scope: release, automation: evidence, producer: p, text-checked: true, checks: [{id: a, kind: vulnerability-scan, rule: findings-at-most, with: {scope: vulnerability, severity: high, maximum: 0, feed-maximum-age-days: 30}, fix: mend it}]}
      - {id: secrets, citation: F 5, title: secrets, scope: release, automation: evidence, producer: p, text-checked: true, checks: [{id: a, kind: static-analysis, rule: findings-at-most, with: {scope: secret, severity: low, maximum: 1}, fix: remove them}]}
      - {id: listed, citation: F 6, title: inventory, scope: release, automation: evidence, producer: p, text-checked: true, checks: [{id: a, kind: inventory, rule: inventory-complete, with: {minimum: 2}, fix: list it}]}
      - {id: official, citation: F 7, title: official, scope: organisation, automation: evidence, producer: p, text-checked: true, checks: [{id: a, kind: trust-root, maximum-age-days: 365, rule: role-held, with: {role: security-official}, fix: name one}]}
      - {id: pinned, citation: F 8, title: pinned, scope: organisation, automation: evidence, producer: p, text-checked: true, checks: [{id: a, kind: trust-root, rule: policy-pinned, fix: pin it}]}
      - {id: steps, citation: F 9, title: steps, scope: release, automation: evidence, producer: p, text-checked: true, checks: [{id: a, kind: step, maximum-age-days: 30, rule: steps-passed, fix: run it}]}
      - {id: staged, citation: F 10, title: staging, scope: release, automation: evidence, producer: p, text-checked: true, checks: [{id: a, kind: rollout, rule: rolled-out, with: {environment: staging}, fix: roll it out}]}
      - {id: there, citation: F 11, title: there, scope: release, automation: evidence, producer: p, text-checked: false, checks: [{id: a, kind: inventory, rule: present, fix: make it}, {id: b, kind: provenance, rule: present, fix: make it}]}
      - {id: judged, citation: F 12, title: judged, scope: organisation, automation: evidence-and-person, producer: p, text-checked: true, checks: [{id: a, kind: inventory, rule: present, fix: judge it}]}
      - {id: person, citation: F 13, title: person, scope: organisation, automation: person, producer: nobody yet}
      - {id: nothing, citation: F 14, title: nothing, scope: system, automation: evidence, producer: nobody yet}
      - {id: provider, citation: F 15, title: provider, scope: system, automation: inherited, producer: nobody yet}

    """

  static let policyText = """
    policy: fixture
    version: "1"
    catalogs: [catalog.yaml]
    accept-example-feeds: false
    environments:
      production:
        required: [signed, built, tested, scanned, secrets, listed, official, pinned, steps, staged]
        shown: [there, judged, person, nothing, provider]
        approvals:
          - {role: security-official, count: 1}
          - {role: clinical-lead, count: 1}
      lab:
        required: [signed]

    """
}
