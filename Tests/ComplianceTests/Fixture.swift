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
