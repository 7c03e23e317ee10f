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
    /// Freezes and change windows as instants; `nil` where the policy has none.
    public let calendar: GateCalendar?
    /// The ledger's size and root up to which all evidence was taken.
    public let position: LedgerPosition
    /// The time as a value.
    public let time: Instant
    /// What the time rests on.
    public let timeSource: String
    /// What approvals were bound to when they were given, for asking what another policy, or another
    /// time, would have said; `nil` for the question that counts.
    public var given: GivenApprovals?
    /// Signed evidence that could not be recorded.
    public var unrecorded: [UnrecordedEvidence] = []

    /// States everything that a gate looks at.
    public init(
      release: Release, environment: String, bundle: PolicyBundle, evidence: [AdmittedEvidence],
      refused: [RefusedEvidence], trust: TrustRoot, live: LiveRelease?,
      calendar: GateCalendar? = nil, position: LedgerPosition, time: Instant, timeSource: String
    ) {
      self.release = release
      self.environment = environment
      self.bundle = bundle
      self.evidence = evidence
      self.refused = refused
      self.trust = trust
      self.live = live
      self.calendar = calendar
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
    evidence = try GateEvidence(
      input.evidence, on: input.release, size: input.position.size, trust: input.trust)
  }

  /// Answers. What cannot be judged is an answer too, of outcome `error`.
  ///
  /// - Throws: `Problem` with `gateRefused` for an environment that the policy does not define.
  public static func decide(_ input: Input) throws -> Decision {
    let environment = try environment(input)
    let reference = try input.bundle.reference()
    let inputs = try InputListing(input: input).inputs()
    do {
      return try Gate(input, environment: environment, reference: reference).decision(inputs)
    } catch {
      return opened(input, environment, policy: reference, inputs: inputs, error)
        ?? failed(input, policy: reference, inputs: inputs, error)
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

  /// What the gate would refuse for now, as an observation's baseline states it.
  ///
  /// - Throws: `Problem` with `gateRefused` for an environment that the policy does not define;
  ///   `judgingFailed` when something could not be judged.
  public static func baseline(_ input: Input) throws -> [Observation.Baseline] {
    let gate = try Gate(
      input, environment: environment(input), reference: input.bundle.reference())
    return try BaselineJudging(evidence: gate.evidence).baseline(gate.decision([]).controls)
  }

  private func decision(_ inputs: [DecisionInput]) throws -> Decision {
    // 1. The controls, by the checks of their catalogs.
    let judged = try ControlJudging(
      asked: input.bundle.asked(in: environment),
      checks: CheckJudging(evidence: evidence, context: context)
    ).outcome(isRefused: !input.refused.isEmpty)
    // 2. What binds the release together; what was looked at is what approvals are bound to.
    let binding = ReleaseBinding(release: input.release, pieces: evidence.pieces(.release))
    let bindings = try binding.entries()
    let evidenceSet = DigestOrder.once(judged.considered + bindings.prefix(1).map(\.envelope))
    // 3. Who may not approve, what does not apply or is excused, and the approvals.
    let sources = evidence.pieces(.sourceCheck)
      .filter { GateEvidence.concerns($0, .commit, of: input.release) }
    let checks = try sources.map { try $0.predicate(as: SourceCheck.self) }
    let changes = ChangeJudging(
      environment: input.environment, live: input.live, checks: checks
    ).outcome(isApprovalAsked: isApprovalAsked)
    let exceptions = ExceptionJudging(
      input, evidence, rules: environment.exceptions, authors: changes.barred, checks: checks)
    let excepted = try exceptions.excepted(judged.controls, evidence: input.evidence) {
      try controls(by: $0)
    }
    let approvals = try ApprovalCounting(
      binding: ApprovalBinding(
        release: input.release, environment: input.environment,
        policy: input.given?.policy ?? reference.digest,
        evidenceSet: input.given?.evidenceSet ?? evidenceSet, trust: input.trust,
        requirements: environment.approvals, barred: changes.barred, evidence: evidence,
        time: input.time)
    ).count(evidence.pieces(.approval))
    // 4. Entries that were not admitted: all that the gate requires of evidence may hang on them.
    let questions =
      judged.questions + [.init(kind: .release, series: [bindings.map(\.index)])]
      + (isApprovalAsked ? [.init(kind: .sourceCheck, series: [sources.map(\.index)])] : [])
    let refused =
      (RefusalJudging(questions: questions).entries(input.refused)
      + DoubtJudging(evidence: evidence, doubts: judged.doubts).entries(excepted.controls))
      .sorted { $0.index < $1.index }
    // 5. The outcome.
    let waiting =
      approvals.isComplete
      // Approvals that were not admitted take nothing away, but whoever waits wants to know.
      ? []
      : approvals.missing + refused.filter { $0.kind == .approval }.map(ReasonWords.reason)
    let settled = try exceptions.settled(
      .init(
        first: refused.filter(\.isBlocking).map(ReasonWords.reason),
        controls: excepted.controls.filter { $0.isRequired && !$0.state.isSatisfying }
          .map { ($0, ReasonWords.reason($0)) },
        further: changes.obstacles + approvals.obstacles
          + WindowJudging(input, environment.exceptions).obstacles()
          + excepted.rejected.map(\.sentence),
        unrecorded: UnrecordedJudging(input.unrecorded).reasons,
        firm: (bindings.isEmpty ? [binding.absence] : []) + pinning(), waiting: waiting))
    return Decision(
      environment: input.environment, release: input.release, policy: reference,
      ledger: input.position, time: input.time, timeSource: input.timeSource,
      outcome: settled.outcome, bypasses: settled.bypasses + excepted.bypasses + skips(),
      reasons: settled.reasons, refused: refused, controls: excepted.controls,
      approvals: approvals.results,
      rejectedApprovals: (approvals.rejected + repeatedApprovals())
        .sorted { $0.approval.index < $1.approval.index }, barred: changes.people,
      changes: changes.changes, evidenceSet: evidenceSet, inputs: inputs)
  }

  /// The same controls by other evidence, as if nothing else had been recorded.
  private func controls(by other: [AdmittedEvidence]) throws -> [ControlResult] {
    let evidence = try GateEvidence(
      other, on: input.release, size: input.position.size, trust: input.trust)
    return try ControlJudging(
      asked: input.bundle.asked(in: environment),
      checks: CheckJudging(evidence: evidence, context: context)
    ).outcome(isRefused: false).controls
  }

  /// What was left out on the way.
  private func skips() -> [Bypass] {
    UnrecordedJudging(input.unrecorded).bypasses
      + SkipJudging(
        evidence: evidence, acceptsExampleFeeds: input.bundle.policy.acceptsExampleFeeds
      ).bypasses()
  }

  private var context: JudgingContext {
    JudgingContext(
      release: input.release, environment: input.environment, policy: reference,
      acceptsExampleFeeds: input.bundle.policy.acceptsExampleFeeds,
      parameters: input.bundle.parameters, trust: input.trust, time: input.time)
  }

  private var isApprovalAsked: Bool {
    !environment.approvals.isEmpty
      && (input.release.origin == .built || input.release.commit != nil)
  }

  /// A policy that the organisation did not pin decides nothing.
  private func pinning() -> [String] {
    input.given != nil
      || input.trust.policy(for: input.release.application)?.digest == reference.digest
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
}
