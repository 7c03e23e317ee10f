/// A signed piece of evidence that a gate looked at.
public struct EvidenceReference: Hashable, Sendable, Codable {
  /// What the evidence is about.
  public let kind: EvidenceKind
  /// Index in the ledger.
  public let index: Int64
  /// SHA-256 of the envelope.
  public let envelope: Digest
  /// Pseudonym of whoever's key signed it.
  public let signer: String
  /// When it was recorded.
  public let time: Instant

  /// Points at a piece of evidence.
  public init(
    kind: EvidenceKind, index: Int64, envelope: Digest, signer: String, time: Instant
  ) {
    self.kind = kind
    self.index = index
    self.envelope = envelope
    self.signer = signer
    self.time = time
  }
}

/// The answer for one check of a control.
public struct CheckResult: Hashable, Sendable, Codable {
  /// The check's id in its catalog.
  public let check: String
  /// The answer.
  public let state: ControlState
  /// Why, in one sentence, for passes too.
  public let reason: String
  /// What to do when it is not met.
  public let fix: String?
  /// The role that does it; `nil` where the control's owner does, or nobody is named.
  public let owner: Role?
  /// Which parts of what was asked are false, and the values that they looked at; empty when met.
  public let because: [String]
  /// The evidence that decided.
  public let evidence: [EvidenceReference]
  /// Earlier evidence of the same kind that spoke otherwise, so that nothing is left out.
  public let earlierFailures: [EvidenceReference]

  /// States an answer.
  public init(
    check: String, state: ControlState, reason: String, fix: String?, owner: Role? = nil,
    because: [String] = [], evidence: [EvidenceReference], earlierFailures: [EvidenceReference]
  ) {
    self.check = check
    self.state = state
    self.reason = reason
    self.fix = fix
    self.owner = owner
    self.because = because
    self.evidence = evidence
    self.earlierFailures = earlierFailures
  }
}

/// The answer for one control: as good as the worst of its checks.
public struct ControlResult: Hashable, Sendable, Codable {
  /// The control's id in its catalog, such as `hipaa.164.312.c.1`.
  public let control: String
  /// The framework's citation, such as `45 CFR 164.312(c)(1)`.
  public let citation: String
  /// What weight the framework gives it, such as `required` or `addressable`; `nil` where the catalog
  /// does not say it.
  public let level: String?
  /// A title in our own words.
  public let title: String
  /// Whether the control speaks of a release, a system or the organisation.
  public let scope: String
  /// Whether the gate refuses when it is not met, or only shows it.
  public let isRequired: Bool
  /// Who or what produces its evidence.
  public let producer: String
  /// The role that answers for it; `nil` where the catalog names none.
  public let owner: Role?
  /// The answer: the worst of the checks.
  public let state: ControlState
  /// The answers of its checks, in the order of the catalog.
  public let checks: [CheckResult]

  /// States an answer.
  public init(
    control: String, citation: String, level: String? = nil, title: String, scope: String,
    isRequired: Bool, producer: String, owner: Role? = nil, state: ControlState,
    checks: [CheckResult]
  ) {
    self.control = control
    self.citation = citation
    self.level = level
    self.title = title
    self.scope = scope
    self.isRequired = isRequired
    self.producer = producer
    self.owner = owner
    self.state = state
    self.checks = checks
  }
}

/// One role of an approval rule, and who filled it.
public struct ApprovalResult: Hashable, Sendable, Codable {
  /// The role that must approve.
  public let role: Role
  /// How many people of that role must approve.
  public let required: Int
  /// Approvals that count, each person once.
  public let counted: [EvidenceReference]

  /// States how a role was filled.
  public init(role: Role, required: Int, counted: [EvidenceReference]) {
    self.role = role
    self.required = required
    self.counted = counted
  }

  /// Whether enough people approved.
  public var isMet: Bool { counted.count >= required }
}

/// An approval that does not count, and why.
public struct RejectedApproval: Hashable, Sendable, Codable {
  /// The approval.
  public let approval: EvidenceReference
  /// Why it does not count, in one sentence.
  public let reason: String

  /// States why an approval does not count.
  public init(approval: EvidenceReference, reason: String) {
    self.approval = approval
    self.reason = reason
  }
}

/// An entry on a release whose evidence was not admitted: it counts for nothing, and is shown first.
public struct RefusedEntry: Hashable, Sendable, Codable {
  /// Index in the ledger.
  public let index: Int64
  /// What the entry says that it is about.
  public let kind: EvidenceKind
  /// Why it was not admitted, in one sentence.
  public let reason: String
  /// Whether it keeps this gate shut: it might have answered what the gate requires, and nothing
  /// admitted after it has.
  public let isBlocking: Bool
  /// The entry by which all that it might have answered was answered anew.
  public let supersededBy: Int64?

  /// States why an entry does not count.
  public init(
    index: Int64, kind: EvidenceKind, reason: String, isBlocking: Bool, supersededBy: Int64?
  ) {
    self.index = index
    self.kind = kind
    self.reason = reason
    self.isBlocking = isBlocking
    self.supersededBy = supersededBy
  }
}

/// Somebody who may not approve a release.
public struct BarredPerson: Hashable, Sendable, Codable {
  /// Pseudonym.
  public let person: String
  /// Why, in words that follow the name.
  public let reason: String

  /// States why somebody may not approve.
  public init(person: String, reason: String) {
    self.person = person
    self.reason = reason
  }
}

/// The ledger as a gate saw it.
public struct LedgerPosition: Hashable, Sendable, Codable {
  /// The log's name, the first line of its checkpoints (C2SP tlog-checkpoint).
  public let origin: String
  /// Number of entries.
  public let size: Int64
  /// RFC 6962 root of those entries.
  public let root: Digest

  /// States a ledger's size and root.
  public init(origin: String, size: Int64, root: Digest) {
    self.origin = origin
    self.size = size
    self.root = root
  }
}

/// A policy by name, version and content.
public struct PolicyReference: Hashable, Sendable, Codable {
  /// The policy's name.
  public let name: String
  /// The policy's version, for people; the digest decides.
  public let version: String
  /// Digest of the policy's bytes, catalogs included.
  public let digest: Digest

  /// Names a policy.
  public init(name: String, version: String, digest: Digest) {
    self.name = name
    self.version = version
    self.digest = digest
  }
}

/// A gate's answer about one release and one environment: a pure function of what it names.
public struct Decision: Hashable, Sendable, Codable {
  /// What a gate answers.
  public enum Outcome: String, Sendable, Codable {
    case allowed, refused
    /// Everything but approvals is there: a refusal that more approvals turn into a pass.
    case waiting
    /// Something could not be judged: a refusal that says what.
    case error
  }

  /// The environment that the release wants to enter.
  public let environment: String
  /// The release that was judged.
  public let release: Release
  /// The policy that was asked.
  public let policy: PolicyReference
  /// The ledger as it stood; all evidence up to there was taken.
  public let ledger: LedgerPosition
  /// The time that was judged by.
  public let time: Instant
  /// What that time rests on, such as `system clock`.
  public let timeSource: String
  /// The answer.
  public let outcome: Outcome
  /// Every skip, override, waiver and bypass, in the order of weight; they stand first.
  public let bypasses: [Bypass]
  /// Every reason why it is not allowed, the shortest way to green first; empty when allowed without
  /// a bypass of the whole gate.
  public let reasons: [String]
  /// Entries on the release that were not admitted, whether they block or not.
  public let refused: [RefusedEntry]
  /// Every control that was asked, passes too.
  public let controls: [ControlResult]
  /// Every role that must approve, and who did.
  public let approvals: [ApprovalResult]
  /// Approvals that do not count, each with its reason.
  public let rejectedApprovals: [RejectedApproval]
  /// People who may not approve: who wrote or signed what the release brings, sorted.
  public let barred: [BarredPerson]
  /// The commits that the release brings into the environment; `nil` where nobody need approve, or
  /// no check of the commit says it.
  public let changes: Changes?
  /// What approvals bind: the sorted envelope digests of the evidence that this gate asks for.
  public let evidenceSet: [Digest]
  /// All that the gate was given: the trust root, the policy and its catalogs, what serves, the calendar,
  /// then every entry, admitted or not, by ascending index.
  public let inputs: [DecisionInput]

  /// States a gate's answer.
  public init(
    environment: String, release: Release, policy: PolicyReference, ledger: LedgerPosition,
    time: Instant, timeSource: String, outcome: Outcome, bypasses: [Bypass] = [], reasons: [String],
    refused: [RefusedEntry] = [], controls: [ControlResult], approvals: [ApprovalResult],
    rejectedApprovals: [RejectedApproval], barred: [BarredPerson] = [], changes: Changes? = nil,
    evidenceSet: [Digest], inputs: [DecisionInput] = []
  ) {
    self.environment = environment
    self.release = release
    self.policy = policy
    self.ledger = ledger
    self.time = time
    self.timeSource = timeSource
    self.outcome = outcome
    self.bypasses = bypasses
    self.reasons = reasons
    self.refused = refused
    self.controls = controls
    self.approvals = approvals
    self.rejectedApprovals = rejectedApprovals
    self.barred = barred
    self.changes = changes
    self.evidenceSet = evidenceSet
    self.inputs = inputs
  }
}
