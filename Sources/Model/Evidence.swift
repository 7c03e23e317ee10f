/// What a piece of evidence is about; each kind has one predicate type and one JSON Schema,
/// `schemas/evidence/<kind>.json`.
public struct EvidenceKind: RawRepresentable, Hashable, Sendable, Codable, Comparable {
  /// The kind's identifier, lower case with hyphens.
  public let rawValue: String
  /// Names a kind.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// People, roles, keys and the least policy.
  public static let trustRoot = EvidenceKind(rawValue: "trust-root")
  /// Another log key, from a stated size on: signed by the old and the new one, or by recovery keys.
  public static let logKey = EvidenceKind(rawValue: "log-key")
  /// Payloads that were erased or expired: which, by whose word, and why.
  public static let erasure = EvidenceKind(rawValue: "erasure")
  /// An erasure that a legal hold stood in the way of; it waits.
  public static let erasureRequest = EvidenceKind(rawValue: "erasure-request")
  /// A legal hold that was placed or lifted, and what it covers.
  public static let legalHold = EvidenceKind(rawValue: "legal-hold")
  /// Entries that are lost for good after a restore, and the size from which the log goes on.
  public static let recoveryEpoch = EvidenceKind(rawValue: "recovery-epoch")
  /// A rename, merge or split of organisations, and the logs before this one.
  public static let reorganisation = EvidenceKind(rawValue: "reorganisation")
  /// What was checked about a commit: its signature and its author.
  public static let sourceCheck = EvidenceKind(rawValue: "source-check")
  /// One step that ran.
  public static let step = EvidenceKind(rawValue: "step")
  /// One run of a pipeline: begun, ended or cancelled.
  public static let run = EvidenceKind(rawValue: "run")
  /// An effect that cannot be repeated is about to happen.
  public static let intent = EvidenceKind(rawValue: "intent")
  /// Totals of tests (in-toto test-result v0.1).
  public static let testResult = EvidenceKind(rawValue: "test-result")
  /// Findings of a vulnerability scan, and the feed they rest on.
  public static let vulnerabilityScan = EvidenceKind(rawValue: "vulnerability-scan")
  /// Findings of a static analysis or configuration check.
  public static let staticAnalysis = EvidenceKind(rawValue: "static-analysis")
  /// A search for PHI in the commit's files or the image's layers.
  public static let phiScan = EvidenceKind(rawValue: "phi-scan")
  /// Values that should not have been here, and what became of their copies.
  public static let phiSpill = EvidenceKind(rawValue: "phi-spill")
  /// A software bill of materials.
  public static let inventory = EvidenceKind(rawValue: "inventory")
  /// How much of the code tests have run.
  public static let coverage = EvidenceKind(rawValue: "coverage")
  /// What somebody says of vulnerabilities in products (VEX).
  public static let exploitability = EvidenceKind(rawValue: "exploitability")
  /// What a plan would change in an infrastructure.
  public static let infrastructurePlan = EvidenceKind(rawValue: "infrastructure-plan")
  /// What another system attested, after its signatures were verified.
  public static let importedAttestation = EvidenceKind(rawValue: "imported-attestation")
  /// How an artifact was built (SLSA provenance v1).
  public static let provenance = EvidenceKind(rawValue: "provenance")
  /// Where an image was put, by digest, and what was attached to it there.
  public static let publication = EvidenceKind(rawValue: "publication")
  /// What an artifact is, by its content.
  public static let artifact = EvidenceKind(rawValue: "artifact")
  /// A vendor's artifact that came in: whose signatures on it were verified, and what came with it.
  public static let acquisition = EvidenceKind(rawValue: "acquisition")
  /// The subjects that make up a release.
  public static let release = EvidenceKind(rawValue: "release")
  /// A named person's signed yes or no to one release.
  public static let approval = EvidenceKind(rawValue: "approval")
  /// A person's statement: an analysis done, a policy in force, a training held; with an expiry.
  public static let personStatement = EvidenceKind(rawValue: "person-statement")
  /// A person's word that a control does not apply, and why.
  public static let scopeStatement = EvidenceKind(rawValue: "scope-statement")
  /// An expiring exception to one control, or its withdrawal.
  public static let waiver = EvidenceKind(rawValue: "waiver")
  /// What a person says of one vulnerability in an application's packages, or its withdrawal.
  public static let vex = EvidenceKind(rawValue: "vex")
  /// What runs was judged again by today's feeds, without being rebuilt.
  public static let recheck = EvidenceKind(rawValue: "recheck")
  /// A person opens a gate in an emergency, for hours.
  public static let breakGlass = EvidenceKind(rawValue: "break-glass")
  /// Somebody else's review of a break-glass.
  public static let breakGlassReview = EvidenceKind(rawValue: "break-glass-review")
  /// Until when a gate reports without refusing, and what was there before.
  public static let observation = EvidenceKind(rawValue: "observation")
  /// A gate's answer (SLSA verification summary v1).
  public static let decision = EvidenceKind(rawValue: "decision")
  /// A change of an environment: what was released, or how it was rolled back.
  public static let rollout = EvidenceKind(rawValue: "rollout")

  /// Every kind that this program knows.
  public static let all: Set<EvidenceKind> = permanent.union([
    .sourceCheck, .step, .run, .intent, .testResult, .vulnerabilityScan, .staticAnalysis,
    .inventory, .coverage, .exploitability, .infrastructurePlan, .provenance, .release, .approval,
    .personStatement, .scopeStatement, .waiver, .breakGlass, .breakGlassReview, .observation,
    .decision, .rollout, .vex, .recheck, .publication, .artifact, .acquisition,
    .importedAttestation, .phiScan, .phiSpill,
  ])

  /// Kinds that speak of the organisation or of an application as a whole, not of one release by its
  /// digests: a gate takes all of them.
  public static let standing: Set<EvidenceKind> = [
    .trustRoot, .personStatement, .scopeStatement, .waiver, .breakGlass, .breakGlassReview,
    .observation, .vex,
  ]

  /// The in-toto predicate type that statements of this kind carry.
  public var predicateType: String {
    switch self {
    case .testResult: "https://in-toto.io/attestation/test-result/v0.1"
    case .provenance: "https://slsa.dev/provenance/v1"
    case .decision: "https://slsa.dev/verification_summary/v1"
    default: "urn:pratique:evidence:\(rawValue):v1"
    }
  }

  /// Orders by identifier, byte by byte.
  public static func < (left: EvidenceKind, right: EvidenceKind) -> Bool {
    left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8)
  }
}

/// A fact that waits to be signed and recorded.
public struct Evidence: Sendable {
  /// What it is about.
  public let kind: EvidenceKind
  /// The things that it speaks of; at least one.
  public let subjects: [Subject]
  /// The predicate, written by the canonical writer when it is signed.
  public let predicate: any Encodable & Sendable

  /// Binds a predicate to its subjects.
  public init(kind: EvidenceKind, subjects: [Subject], predicate: any Encodable & Sendable) {
    self.kind = kind
    self.subjects = subjects
    self.predicate = predicate
  }
}

/// Where a recorded fact stands: given out only after the entry is durable.
public struct RecordedEvidence: Hashable, Sendable, Codable {
  /// The evidence's kind.
  public let kind: EvidenceKind
  /// Index of the entry in the ledger, counted from zero.
  public let index: Int64
  /// SHA-256 of the DSSE envelope's bytes.
  public let envelope: Digest

  /// Points at an entry.
  public init(kind: EvidenceKind, index: Int64, envelope: Digest) {
    self.kind = kind
    self.index = index
    self.envelope = envelope
  }
}

/// Signs facts and makes them durable. Rooms that produce facts know nothing else of the ledger.
public protocol Recorder: Sendable {
  /// Signs and records; returns only after the entries are durable, in the order given, all or none.
  func record(_ evidence: [Evidence]) async throws -> [RecordedEvidence]
}

extension Recorder {
  /// Signs and records one fact; returns only after it is durable.
  @discardableResult
  public func record(_ evidence: Evidence) async throws -> RecordedEvidence? {
    try await record([evidence]).first
  }
}

/// Keeps contents by digest: logs, reports and payloads too large for an entry.
public protocol BlobStore: Sendable {
  /// Keeps the bytes durably and returns their SHA-256; keeping the same bytes twice is one blob.
  func put(_ bytes: [UInt8]) async throws -> Digest
  /// The bytes of that digest, checked against it; `nil` when there is no such blob.
  func get(_ digest: Digest) async throws -> [UInt8]?
  /// The digests of all blobs, sorted.
  func digests() async throws -> [Digest]
  /// Removes a blob durably, unless it was put at that time or later; `false` when it stays for that.
  func remove(_ digest: Digest, unlessPutSince instant: Instant) async throws -> Bool
  /// Removes what a `put` that was cut off has left.
  func removeRemnants() async throws
}
