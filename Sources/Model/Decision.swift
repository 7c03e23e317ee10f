/// What a gate says of one control. Missing is not failed, and neither is passed.
public enum ControlState: String, Sendable, Codable, CaseIterable {
  /// The evidence shows it.
  case met
  /// The evidence shows the opposite.
  case notMet = "not-met"
  /// There is evidence, but it is older than the control allows.
  case stale
  /// There is no evidence.
  case missing
  /// No program can judge it.
  case needsPerson = "needs-a-person"
}

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
  /// The evidence that decided.
  public let evidence: [EvidenceReference]
  /// Earlier evidence of the same kind that spoke otherwise, so that nothing is left out.
  public let earlierFailures: [EvidenceReference]

  /// States an answer.
  public init(
    check: String, state: ControlState, reason: String, fix: String?,
    evidence: [EvidenceReference], earlierFailures: [EvidenceReference]
  ) {
    self.check = check
    self.state = state
    self.reason = reason
    self.fix = fix
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
  /// A title in our own words.
  public let title: String
  /// Whether the control speaks of a release, a system or the organisation.
  public let scope: String
  /// Whether the gate refuses when it is not met, or only shows it.
  public let isRequired: Bool
  /// Who or what produces its evidence.
  public let producer: String
  /// The answer: the worst of the checks.
  public let state: ControlState
  /// The answers of its checks, in the order of the catalog.
  public let checks: [CheckResult]

  /// States an answer.
  public init(
    control: String, citation: String, title: String, scope: String, isRequired: Bool,
    producer: String, state: ControlState, checks: [CheckResult]
  ) {
    self.control = control
    self.citation = citation
    self.title = title
    self.scope = scope
    self.isRequired = isRequired
    self.producer = producer
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
    /// Everything but approvals is there.
    case waiting
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
  /// Every reason why it is not allowed, the shortest way to green first; empty when allowed.
  public let reasons: [String]
  /// Every control that was asked, passes too.
  public let controls: [ControlResult]
  /// Every role that must approve, and who did.
  public let approvals: [ApprovalResult]
  /// Approvals that do not count, each with its reason.
  public let rejectedApprovals: [RejectedApproval]
  /// What approvals bind: the sorted envelope digests of the evidence that this gate asks for.
  public let evidenceSet: [Digest]

  /// States a gate's answer.
  public init(
    environment: String, release: Release, policy: PolicyReference, ledger: LedgerPosition,
    time: Instant, timeSource: String, outcome: Outcome, reasons: [String],
    controls: [ControlResult], approvals: [ApprovalResult],
    rejectedApprovals: [RejectedApproval], evidenceSet: [Digest]
  ) {
    self.environment = environment
    self.release = release
    self.policy = policy
    self.ledger = ledger
    self.time = time
    self.timeSource = timeSource
    self.outcome = outcome
    self.reasons = reasons
    self.controls = controls
    self.approvals = approvals
    self.rejectedApprovals = rejectedApprovals
    self.evidenceSet = evidenceSet
  }
}

/// A named person's yes or no to one release: the predicate of kind `approval`.
///
/// It is bound to the release's digests, the environment, the policy and the evidence that the
/// person was shown; a change in any of them voids it.
public struct Approval: Hashable, Sendable, Codable {
  /// What the person says.
  public enum Verdict: String, Sendable, Codable { case approved, rejected }

  /// Yes or no.
  public let verdict: Verdict
  /// The application's name.
  public let application: String
  /// The environment that it speaks of.
  public let environment: String
  /// The release's digests, sorted.
  public let release: [Digest]
  /// Digest of the policy.
  public let policy: Digest
  /// The evidence set that was shown, sorted.
  public let evidenceSet: [Digest]
  /// Pseudonym of the person.
  public let person: String
  /// The capacity in which the person speaks.
  public let role: Role
  /// Why, in the person's own words.
  public let reason: String
  /// When the person signed.
  public let time: Instant

  /// States a person's verdict.
  public init(
    verdict: Verdict, application: String, environment: String, release: [Digest], policy: Digest,
    evidenceSet: [Digest], person: String, role: Role, reason: String, time: Instant
  ) {
    self.verdict = verdict
    self.application = application
    self.environment = environment
    self.release = release
    self.policy = policy
    self.evidenceSet = evidenceSet
    self.person = person
    self.role = role
    self.reason = reason
    self.time = time
  }
}

/// What was checked about a commit: the predicate of kind `source-check`.
public struct SourceCheck: Hashable, Sendable, Codable {
  /// The application's name.
  public let application: String
  /// Id of the run that checked it.
  public let run: String
  /// When it was checked.
  public let time: Instant
  /// The full commit id.
  public let commit: String
  /// Digest of the exported tree's archive.
  public let export: Digest
  /// Whether the signature verifies with a key of the trust root in force.
  public let isSigned: Bool
  /// Why, in one sentence.
  public let reason: String
  /// The key that signed, by its id in the trust root.
  public let key: String?
  /// Pseudonym of the key's holder.
  public let signer: String?
  /// Pseudonym of the author; `nil` when the author is not in the registry.
  public let author: String?
  /// Whether the committer's e-mail address is one of the signer's, as the registry has it.
  public let isCommitterMatched: Bool

  /// States what was checked about a commit.
  public init(
    application: String, run: String, time: Instant, commit: String, export: Digest,
    isSigned: Bool, reason: String, key: String?, signer: String?, author: String?,
    isCommitterMatched: Bool
  ) {
    self.application = application
    self.run = run
    self.time = time
    self.commit = commit
    self.export = export
    self.isSigned = isSigned
    self.reason = reason
    self.key = key
    self.signer = signer
    self.author = author
    self.isCommitterMatched = isCommitterMatched
  }
}
