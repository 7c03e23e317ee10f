import Model

/// All that people may do beside the way through a gate, in its order: what does not apply, what is
/// excused, and whether the gate as a whole is open in an emergency or only reports.
struct ExceptionJudging {
  /// What stands in the way of a release, before anybody opens the gate.
  struct Obstacles {
    /// What comes before all controls.
    var first: [String] = []
    /// Controls that refuse, and why.
    var controls: [(control: ControlResult, reason: String)] = []
    /// What comes after them.
    var further: [String] = []
    /// Evidence that waits to be recorded: what nobody has looked at. Only break-glass opens the gate
    /// beside it.
    var unrecorded: [String] = []
    /// What nobody can open the gate for: without it nobody knows whose rules count, or what enters.
    var firm: [String] = []
    /// Approvals that are missing.
    var waiting: [String] = []

    /// All of them, in the order in which they are shown.
    var reasons: [String] {
      unrecorded + first + controls.map(\.reason) + firm + further + waiting
    }

    var outcome: Decision.Outcome {
      guard unrecorded.isEmpty, first.isEmpty, controls.isEmpty, further.isEmpty, firm.isEmpty
      else { return .refused }
      return waiting.isEmpty ? .allowed : .waiting
    }
  }

  /// The gate's answer after all.
  struct Settled {
    var outcome: Decision.Outcome
    var reasons: [String]
    /// What opened the gate as a whole.
    var bypasses: [Bypass] = []
  }

  let word: StandingWord
  let rules: ExceptionRules?

  /// - Parameters:
  ///   - authors: who wrote or signed what the release brings, and what of it.
  ///   - checks: all checks of the release's commit, by ascending index.
  init(
    _ input: Gate.Input, _ evidence: GateEvidence, rules: ExceptionRules?,
    authors: [String: String], checks: [SourceCheck]
  ) {
    let isAuthorKnown = input.release.commit == nil || checks.last?.author != nil
    word = StandingWord(
      evidence: evidence, release: input.release, environment: input.environment,
      trust: input.trust, authors: authors,
      unknownAuthor: isAuthorKnown
        ? nil : "nobody can tell who wrote the commit, and so who may except anything of it",
      time: input.time)
    self.rules = rules
  }

  /// Controls with what does not apply and what is excused.
  ///
  /// - Parameters:
  ///   - evidence: all of it.
  ///   - again: judges the same controls by other evidence.
  func excepted(
    _ controls: [ControlResult], evidence: [AdmittedEvidence],
    again: ([AdmittedEvidence]) throws -> [ControlResult]
  ) throws -> ExceptionOutcome {
    let acquired = try AcquiredJudging(word: word, rule: rules?.acquired).outcome(controls)
    var scope = try ScopeJudging(word: word, permission: rules?.outOfScope)
      .outcome(acquired.0)
    let excused = try VEXJudging(word: word, permission: rules?.vex)
      .outcome(scope.controls, evidence: evidence, again: again)
    let waived = try WaiverJudging(word: word, permission: rules?.waivers)
      .outcome(excused.controls)
    scope.controls = waived.controls
    scope.bypasses = waived.bypasses + excused.bypasses + scope.bypasses + acquired.bypasses
    // What does not count is told where it would have helped.
    let refusing = waived.controls.filter { $0.isRequired && !$0.state.isSatisfying }.map(\.control)
    scope.rejected = (scope.rejected + excused.rejected + waived.rejected).filter { one in
      one.control.map { control in refusing.contains { $0.isSame(as: control) } } ?? true
    }
    return scope
  }

  /// The answer, given what stands in the way: a break-glass opens the gate whatever does, an
  /// observation unless a review is overdue, and an overdue review shuts it for everybody else.
  func settled(_ obstacles: Obstacles) throws -> Settled {
    let emergencies = try EmergencyActs(word, rules: rules)
    let overdue = ReviewJudging(emergencies: emergencies).obstacles()
    let opened = BreakGlassJudging(emergencies: emergencies).outcome()
    if obstacles.outcome == .allowed, overdue.isEmpty {
      return Settled(outcome: .allowed, reasons: [])
    }
    let observed = try ObservationJudging(word: word, permission: rules?.observeOnly).outcome()
    guard obstacles.firm.isEmpty else {
      return Settled(outcome: .refused, reasons: overdue + obstacles.reasons)
    }
    if !opened.bypasses.isEmpty {
      return Settled(
        outcome: .allowed, reasons: overdue + obstacles.reasons, bypasses: opened.bypasses)
    }
    let notes =
      (opened.rejected + emergencies.rejected + observed.rejected).map(\.sentence)
    guard overdue.isEmpty else {
      return Settled(
        outcome: .refused, reasons: overdue + obstacles.reasons + notes)
    }
    guard obstacles.unrecorded.isEmpty, let bypass = observed.bypass else {
      return Settled(outcome: obstacles.outcome, reasons: obstacles.reasons + notes)
    }
    return Settled(
      outcome: .allowed, reasons: try compared(obstacles, with: observed.baseline),
      bypasses: [bypass])
  }

  /// The reasons with what is new since the observation began before what was there.
  private func compared(
    _ obstacles: Obstacles, with baseline: [String: Observation.Baseline]
  ) throws -> [String] {
    let judging = BaselineJudging(evidence: word.evidence)
    var new: [String] = []
    var known: [String] = []
    for (control, reason) in obstacles.controls {
      if let news = try judging.news(control, since: baseline[control.control]) {
        new.append("new since the observation began (\(news)): \(reason)")
      } else {
        known.append("there before the observation began: \(reason)")
      }
    }
    return new + obstacles.first + obstacles.further + obstacles.waiting + known
  }
}
