import Model

/// Whether the gate only reports for a while, and what is new since that began.
struct ObservationJudging {
  let word: StandingWord
  let permission: ExceptionRules.Permission?

  private typealias Said = (observation: Observation, piece: AdmittedEvidence)

  /// What was found.
  struct Outcome {
    /// What lets the release pass; `nil` when the gate refuses as ever.
    var bypass: Bypass?
    /// What was there when the observation began, by the control's id.
    var baseline: [String: Observation.Baseline] = [:]
    /// Why an observation does not count.
    var rejected: [RejectedWord] = []
  }

  /// Looks for the latest word, which decides: that the gate refuses again, anybody may say whose key
  /// may.
  func outcome() throws -> Outcome {
    let said: [Said] = try word.evidence.words(.observation).map { (try $0.predicate(), $0) }
      .filter { observation, piece in
        observation.environment.isSame(as: word.environment)
          && observation.application.isSame(as: word.release.application)
          && GateEvidence.concerns(piece, .application, of: word.release)
      }
    var outcome = Outcome()
    guard let latest = said.last, latest.observation.action == .begun else { return outcome }
    let begun = said.filter { $0.observation.action == .begun }
    // However often it is begun anew, the days count from the first time.
    let start = begun.map { min($0.observation.time, $0.piece.time) }.min() ?? latest.piece.time
    if let fault = doubt(latest) ?? fault(latest, start: start) {
      outcome.rejected = [
        RejectedWord(
          control: nil,
          sentence: "the observation of entry \(latest.piece.index) does not count: \(fault)")
      ]
      return outcome
    }
    // Begun anew, it would hide behind its later baseline what came meanwhile.
    let first = begun.first { fault($0, start: start, isOver: false) == nil } ?? latest
    for one in first.observation.baseline ?? [] { outcome.baseline[one.control] = one }
    let observation = latest.observation
    outcome.bypass = Bypass(
      kind: .observation, control: nil,
      sentence: "OBSERVE-ONLY: the gate of \(word.environment) reports and does not refuse until"
        + " \(observation.until?.description ?? ""), since \(start.date), says"
        + " \(observation.person) as \(observation.role.rawValue): \(observation.reason)"
        + word.gone([observation.person]),
      until: observation.until, evidence: latest.piece.reference)
    return outcome
  }

  /// Whether something that cannot be read may have ended it.
  private func doubt(_ said: Said) -> String? {
    word.doubt(of: said.piece, .observation) { $0.maySay("ended", in: "action") }
      .map { "entry \($0), which cannot be read, may have ended it: begin it again" }
  }

  private func fault(_ said: Said, start: Instant, isOver: Bool = true) -> String? {
    let observation = said.observation
    if let fault = word.fault(
      observation.person, as: observation.role, stated: observation.time, said.piece,
      among: permission?.roles)
    {
      return fault
    }
    guard !observation.reason.allSatisfy(\.isWhitespace) else { return "it says no reason" }
    guard let until = observation.until, let permission else { return "it has no end" }
    guard until.milliseconds(since: start) <= Int64(permission.maximumDays) * StandingWord.day
    else {
      return "it lasts until \(until.date), longer than the \(permission.maximumDays) days from the"
        + " first observation, \(start.date), that the policy allows"
    }
    return !isOver || word.time < until ? nil : "it ended at \(until)"
  }
}

/// What a control rests on, as lines that can be compared later.
struct BaselineJudging {
  let evidence: GateEvidence

  /// What is there now: the required controls that are not satisfied.
  func baseline(_ controls: [ControlResult]) throws -> [Observation.Baseline] {
    try controls.filter { $0.isRequired && !$0.state.isSatisfying }.map {
      Observation.Baseline(control: $0.control, state: $0.state, findings: try findings($0))
    }
  }

  /// What is new of a control since a baseline, in words; `nil` when it was all there before.
  func news(_ control: ControlResult, since baseline: Observation.Baseline?) throws -> String? {
    guard let baseline else { return "it was satisfied" }
    if control.state.severity > baseline.state.severity {
      return "it was \(baseline.state.rawValue)"
    }
    let known = Set(baseline.findings.map { Array($0.utf8) })
    let new = try findings(control).filter { !known.contains(Array($0.utf8)) }
    return new.isEmpty
      ? nil
      : "\(new.count) finding(s) are new: " + new.prefix(5).joined(separator: "; ")
        + (new.count > 5 ? " and \(new.count - 5) more" : "")
  }

  /// Findings and failed tests of the evidence that decided, each once, sorted.
  private func findings(_ control: ControlResult) throws -> [String] {
    var lines: Set<String> = []
    for reference in control.checks.filter({ $0.state != .met }).flatMap(\.evidence) {
      guard let piece = evidence.piece(at: reference.index) else { continue }
      switch piece.kind {
      case .vulnerabilityScan, .staticAnalysis:
        let scan: ScanResult = try piece.predicate()
        for finding in scan.findings {
          let place = [finding.package, finding.file].compactMap(\.self).joined(separator: " ")
          lines.insert("\(scan.source.tool) \(finding.rule) \(place)")
        }
      case .testResult:
        lines.formUnion(try piece.predicate(as: TestResult.self).failedTests.map { "test \($0)" })
      default: break
      }
    }
    return lines.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
