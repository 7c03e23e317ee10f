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
    /// The ledger's size and root up to which all evidence was taken.
    public let position: LedgerPosition
    /// The time as a value.
    public let time: Instant
    /// What the time rests on.
    public let timeSource: String

    /// States everything that a gate looks at.
    public init(
      release: Release, environment: String, bundle: PolicyBundle, evidence: [AdmittedEvidence],
      refused: [RefusedEvidence], trust: TrustRoot, position: LedgerPosition, time: Instant,
      timeSource: String
    ) {
      self.release = release
      self.environment = environment
      self.bundle = bundle
      self.evidence = evidence
      self.refused = refused
      self.trust = trust
      self.position = position
      self.time = time
      self.timeSource = timeSource
    }
  }

  private let input: Input
  private let policy: Policy.Environment

  private init(_ input: Input) throws {
    self.input = input
    let environments = input.bundle.policy.environments
    guard let policy = environments.first(where: { $0.name.isSame(as: input.environment) }) else {
      throw Problem(
        .gateRefused,
        "the environment \"\(input.environment)\" is not defined in policy"
          + " \"\(input.bundle.policy.policy)\"",
        advice: "Defined are: " + environments.map(\.name).joined(separator: ", "))
    }
    self.policy = policy
  }

  /// Answers.
  ///
  /// - Throws: `Problem` with `gateRefused` for an environment that the policy does not define;
  ///   `judgingFailed` when something could not be judged: both block.
  public static func decide(_ input: Input) throws -> Decision { try Gate(input).decision() }

  private func decision() throws -> Decision {
    var considered: Set<Digest> = []
    let controls = try input.bundle.catalogs.flatMap(\.controls).compactMap { control in
      let isRequired = policy.required.contains { $0.isSame(as: control.id) }
      guard isRequired || policy.shown.contains(where: { $0.isSame(as: control.id) }) else {
        return nil as ControlResult?
      }
      return try result(control, isRequired: isRequired, considered: &considered)
    }
    let evidenceSet = considered.sorted()
    let reference = try input.bundle.reference()
    let counting = ApprovalCounting(
      release: input.release, environment: input.environment, policy: reference.digest,
      evidenceSet: evidenceSet, trust: input.trust, requirements: policy.approvals,
      barred: try authors())
    let approvals = try counting.count(input.evidence.filter { $0.kind == .approval })
    var reasons = controls.filter { $0.isRequired && $0.state != .met }.map(Self.reason)
    reasons += input.refused.filter { $0.kind != .approval }.map {
      "entry \($0.index) of kind \"\($0.kind.rawValue)\" does not count: \($0.reason)"
    }
    let isRefused = !reasons.isEmpty || approvals.rejections > 0
    let missing = approvals.results.filter { !$0.isMet }
    reasons += approvals.rejectionReasons
    reasons += missing.map {
      "\($0.required) approval(s) of role \"\($0.role.rawValue)\" are needed, \($0.counted.count)"
        + " count"
    }
    return Decision(
      environment: input.environment, release: input.release, policy: reference,
      ledger: input.position, time: input.time, timeSource: input.timeSource,
      outcome: isRefused ? .refused : missing.isEmpty ? .allowed : .waiting, reasons: reasons,
      controls: controls, approvals: approvals.results, rejectedApprovals: approvals.rejected,
      evidenceSet: evidenceSet)
  }

  /// People who may not approve: the commit's author and signer.
  private func authors() throws -> Set<String> {
    var authors: Set<String> = []
    for evidence in input.evidence where evidence.kind == .sourceCheck {
      let check: SourceCheck = try evidence.predicate()
      authors.formUnion([check.author, check.signer].compactMap { $0 })
    }
    return authors
  }

  private static func reason(_ control: ControlResult) -> String {
    let failing = control.checks.filter { $0.state != .met }
    let details = failing.map { $0.reason + ($0.fix.map { " — \($0)" } ?? "") }
    return "\(control.citation) \(control.title): \(control.state.rawValue)"
      + (details.isEmpty ? "" : ": " + details.joined(separator: "; "))
  }

  private func result(
    _ control: Catalog.Control, isRequired: Bool, considered: inout Set<Digest>
  ) throws -> ControlResult {
    let checks = try control.checks.map { try result($0, considered: &considered) }
    let worst = checks.map(\.state).max { Self.rank($0) < Self.rank($1) }
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

  /// A control is as good as the worst of what it requires.
  private static func rank(_ state: ControlState) -> Int {
    switch state {
    case .met: 0
    case .needsPerson: 1
    case .stale: 2
    case .missing: 3
    case .notMet: 4
    }
  }

  private func result(
    _ check: Catalog.Check, considered: inout Set<Digest>
  ) throws -> CheckResult {
    let judgement = Judgement(
      release: input.release, policy: input.bundle.policy, time: input.time)
    let pieces = try input.evidence.filter { $0.kind == check.kind }
      .filter { try judgement.concerns(check.rule, $0) }
      .sorted { $0.index < $1.index }
    considered.formUnion(pieces.map(\.envelope))
    let answers = try pieces.map { (piece: $0, answer: try judgement.answer(check.rule, $0)) }
    let deciding = try Self.deciding(answers, rule: check.rule)
    guard let worst = deciding.max(by: { Self.rank($0.answer) < Self.rank($1.answer) }) else {
      return CheckResult(
        check: check.id, state: .missing,
        reason: "there is no evidence of kind \"\(check.kind.rawValue)\"", fix: check.fix,
        evidence: [], earlierFailures: [])
    }
    let references = deciding.map(\.piece.reference)
    let earlier = answers.filter { Self.rank($0.answer) > 0 && $0.piece.index < worst.piece.index }
      .map(\.piece.reference).filter { !references.contains($0) }
    func answer(_ state: ControlState, _ reason: String) -> CheckResult {
      CheckResult(
        check: check.id, state: state, reason: reason, fix: state == .met ? nil : check.fix,
        evidence: references, earlierFailures: earlier)
    }
    switch worst.answer {
    case .notMet(let reason): return answer(.notMet, reason)
    case .stale(let reason): return answer(.stale, reason)
    case .met(let reason):
      if let days = check.maximumAgeDays, let oldest = deciding.map(\.piece.time).min(),
        input.time.milliseconds(since: oldest) > Int64(days) * 86_400_000
      {
        return answer(.stale, "the evidence is of \(oldest.date), older than \(days) days")
      }
      if let future = deciding.map(\.piece.time).max(), future > input.time {
        return answer(.notMet, "the evidence is of \(future), which lies in the future")
      }
      return answer(.met, deciding.count > 1 ? "\(deciding.count) pieces: \(reason)" : reason)
    }
  }

  private typealias Answered = (piece: AdmittedEvidence, answer: Judgement.Answer)

  /// The latest piece decides; of steps, the latest of each.
  private static func deciding(_ answers: [Answered], rule: Rule) throws -> [Answered] {
    guard case .stepsPassed = rule else { return answers.suffix(1) }
    var latest: [String: Answered] = [:]
    for answer in answers {
      let step: StepReport = try answer.piece.predicate()
      latest["\(step.stage)/\(step.step)"] = answer
    }
    return latest.values.sorted { $0.piece.index < $1.piece.index }
  }

  private static func rank(_ answer: Judgement.Answer) -> Int {
    switch answer {
    case .met: 0
    case .stale: 1
    case .notMet: 2
    }
  }
}
