public import Model

/// The compliance gate: a pure function of the evidence, the policy, the trust root and the time.
public struct Gate: Sendable {
  /// Everything that a gate looks at.
  public struct Input: Sendable {
    /// The release that wants in.
    public let release: Release
    /// The environment that it wants to enter.
    public let environment: String
    /// The policy in force, with its catalogs.
    public let bundle: PolicyBundle
    /// All admitted evidence on the release's subjects and on the organisation, up to the position.
    public let evidence: [AdmittedEvidence]
    /// Evidence that does not count, and why.
    public let refused: [RefusedEvidence]
    /// The trust root in force.
    public let trust: TrustRoot
    /// What serves in the environment, of another commit than the release's; `nil` for nothing.
    public let live: LiveRelease?
    /// The ledger's size and root up to which all evidence was taken.
    public let position: LedgerPosition
    /// The time as a value.
    public let time: Instant
    /// What the time rests on.
    public let timeSource: String

    /// States everything that a gate looks at.
    public init(
      release: Release, environment: String, bundle: PolicyBundle, evidence: [AdmittedEvidence],
      refused: [RefusedEvidence], trust: TrustRoot, live: LiveRelease?, position: LedgerPosition,
      time: Instant, timeSource: String
    ) {
      self.release = release
      self.environment = environment
      self.bundle = bundle
      self.evidence = evidence
      self.refused = refused
      self.trust = trust
      self.live = live
      self.position = position
      self.time = time
      self.timeSource = timeSource
    }
  }

  private let input: Input
  private let environment: Policy.Environment
  private let reference: PolicyReference
  private let evidence: GateEvidence

  private init(
    _ input: Input, environment: Policy.Environment, reference: PolicyReference
  ) throws {
    self.input = input
    self.environment = environment
    self.reference = reference
    evidence = try GateEvidence(input)
  }

  /// Answers. What cannot be judged is an answer too, of outcome `error`.
  ///
  /// - Throws: `Problem` with `gateRefused` for an environment that the policy does not define.
  public static func decide(_ input: Input) throws -> Decision {
    let environment = try environment(input)
    let reference = try input.bundle.reference()
    let inputs = try InputListing(input: input, policy: reference).inputs()
    do {
      return try Gate(input, environment: environment, reference: reference).decision(inputs)
    } catch {
      return failed(input, policy: reference, inputs: inputs, error)
    }
  }

  private static func environment(_ input: Input) throws -> Policy.Environment {
    let policy = input.bundle.policy
    let environment = policy.environments.first { $0.name.isSame(as: input.environment) }
    guard let environment else {
      throw Problem(
        .gateRefused,
        "the environment \"\(input.environment)\" is not defined in policy \"\(policy.policy)\"",
        advice: "Defined are: " + policy.environments.map(\.name).joined(separator: ", "))
    }
    return environment
  }

  private func decision(_ inputs: [DecisionInput]) throws -> Decision {
    var considered: Set<Digest> = []
    let controls = try asked().map { control, isRequired in
      try result(control, isRequired: isRequired, considered: &considered)
    }
    let binding = try binding()
    if let binding { considered.insert(binding.envelope) }
    let evidenceSet = considered.sorted()
    let changes = try changes()
    let refused = try RefusalJudging(questions: questions()).entries(input.refused)
    let approvals = try ApprovalCounting(
      release: input.release, environment: input.environment, policy: reference.digest,
      evidenceSet: evidenceSet, trust: input.trust, requirements: environment.approvals,
      barred: changes.barred, time: input.time
    ).count(evidence.pieces(.approval))
    let obstacles =
      refused.filter(\.isBlocking).map(Self.words)
      + controls.filter { $0.isRequired && !$0.state.isSatisfying }.map(Self.reason)
      + unbound(binding) + changes.obstacles + pinning() + approvals.obstacles
    let waiting =
      approvals.isComplete
      // Approvals that were not admitted take nothing away, but whoever waits wants to know.
      ? [] : approvals.missing + refused.filter { $0.kind == .approval }.map(Self.words)
    return Decision(
      environment: input.environment, release: input.release, policy: reference,
      ledger: input.position, time: input.time, timeSource: input.timeSource,
      outcome: !obstacles.isEmpty ? .refused : waiting.isEmpty ? .allowed : .waiting,
      bypasses: skips(), reasons: obstacles + waiting, refused: refused, controls: controls,
      approvals: approvals.results,
      rejectedApprovals: (approvals.rejected + repeatedApprovals())
        .sorted { $0.approval.index < $1.approval.index }, barred: changes.people,
      changes: changes.changes, evidenceSet: evidenceSet, inputs: inputs)
  }

  /// What was left out on the way.
  private func skips() -> [Bypass] {
    SkipJudging(
      release: input.release, evidence: evidence,
      acceptsExampleFeeds: input.bundle.policy.acceptsExampleFeeds
    ).bypasses()
  }

  /// The controls that the policy asks, in the order of the catalogs.
  private func asked() throws -> [(Catalog.Control, isRequired: Bool)] {
    for id in environment.required + environment.shown where input.bundle.control(id) == nil {
      throw Problem(
        .judgingFailed,
        "policy \"\(reference.name)\" asks the control \"\(id)\", which no catalog has")
    }
    return input.bundle.catalogs.flatMap(\.controls).compactMap { control in
      if environment.required.contains(where: { $0.isSame(as: control.id) }) {
        return (control, true)
      }
      return environment.shown.contains { $0.isSame(as: control.id) } ? (control, false) : nil
    }
  }

  private func sourceChecks() throws -> [SourceCheck] {
    try evidence.pieces(.sourceCheck).filter {
      GateEvidence.concerns($0, .commit, of: input.release)
    }.map { try $0.predicate() }
  }

  /// Who may not approve. Where people must, whoever wrote what the release brings must be known:
  /// else nobody could tell that an approver is somebody else.
  private func changes() throws -> ChangeJudging.Outcome {
    ChangeJudging(environment: input.environment, live: input.live, checks: try sourceChecks())
      .outcome(isApprovalAsked: isApprovalAsked)
  }

  private var isApprovalAsked: Bool {
    !environment.approvals.isEmpty
      && (input.release.origin == .built || input.release.commit != nil)
  }

  /// All that this gate requires of evidence: its checks, what binds the release, and where people
  /// must approve, who wrote the commit.
  private func questions() throws -> [RefusalJudging.Question] {
    let checks = try asked().filter(\.isRequired).flatMap(\.0.checks).map(judging.question)
    let bindings = try evidence.pieces(.release)
      .filter { try $0.predicate(as: Release.self) == input.release }.map(\.index)
    let sources = evidence.pieces(.sourceCheck)
      .filter { GateEvidence.concerns($0, .commit, of: input.release) }.map(\.index)
    return checks + [.init(kind: .release, series: [bindings])]
      + (isApprovalAsked ? [.init(kind: .sourceCheck, series: [sources])] : [])
  }

  /// The entry that bound this release: the ledger, not the caller, says what travels together.
  private func binding() throws -> AdmittedEvidence? {
    try evidence.pieces(.release).first { try $0.predicate(as: Release.self) == input.release }
  }

  private func unbound(_ binding: AdmittedEvidence?) -> [String] {
    binding == nil
      ? [
        "no entry binds release \(input.release.version) of \(input.release.application) with these"
          + " digests — bind it with the pipeline's release/bind"
      ] : []
  }

  /// A policy that the organisation did not pin decides nothing.
  private func pinning() -> [String] {
    input.trust.policies.contains { $0.digest == reference.digest }
      ? []
      : [
        "the trust root in force does not pin policy \"\(reference.name)\" version"
          + " \"\(reference.version)\" with the digest \(reference.digest)"
      ]
  }

  private func repeatedApprovals() -> [RejectedApproval] {
    evidence.repeats.filter { $0.piece.kind == .approval }.map {
      RejectedApproval(
        approval: $0.piece.reference,
        reason: "it repeats entry \($0.original), and counts as that one")
    }
  }

  private static func words(_ refused: RefusedEntry) -> String {
    "entry \(refused.index) of kind \"\(refused.kind.rawValue)\" does not count: \(refused.reason)"
      + (refused.isBlocking
        ? " — have all evidence of that kind recorded again, by a new run: pratique run" : "")
  }

  private static func reason(_ control: ControlResult) -> String {
    let failing = control.checks.filter { $0.state != .met }
    let details = failing.map { $0.reason + ($0.fix.map { " — \($0)" } ?? "") }
    return "\(control.citation) \(control.title): \(control.state.rawValue)"
      + (details.isEmpty ? "" : ": " + details.joined(separator: "; "))
  }

  private var judging: CheckJudging {
    CheckJudging(
      evidence: evidence,
      judgement: Judgement(
        release: input.release, policy: input.bundle.policy, reference: reference, time: input.time)
    )
  }

  private func result(
    _ control: Catalog.Control, isRequired: Bool, considered: inout Set<Digest>
  ) throws -> ControlResult {
    let checks = try control.checks.map { try judging.result($0, considered: &considered) }
    let worst = checks.map(\.state).max { $0.severity < $1.severity }
    let unanswered: ControlState =
      control.automation == .person || control.automation == .evidenceAndPerson
      ? .needsPerson : .missing
    var state = worst ?? unanswered
    if state == .met, control.automation != .evidence { state = .needsPerson }
    return ControlResult(
      control: control.id,
      citation: control.citation
        + (control.isTextChecked ? "" : " (not verified against the text)"),
      title: control.title, scope: control.scope.rawValue, isRequired: isRequired,
      producer: control.producer, state: state, checks: checks)
  }
}
