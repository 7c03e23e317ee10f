import Model

/// Answers the controls that an environment asks, from all evidence.
struct ControlJudging {
  let asked: [PolicyBundle.Asked]
  let checks: CheckJudging

  /// What the controls come to.
  struct Outcome {
    var controls: [ControlResult] = []
    /// Envelopes of all evidence that approvals are bound to.
    var considered: [Digest] = []
    /// What is required of evidence: to tell which refused entries stand in the way.
    var questions: [RefusalJudging.Question] = []
    /// What may have been answered by statements that cannot be read.
    var doubts: [DoubtJudging.Doubt] = []
  }

  /// Kinds that approvals are not bound to, though controls may ask about them: else the second
  /// approval would void the first.
  private static let unbound: Set<EvidenceKind> = [.approval, .waiver, .vex, .decision]

  /// - Parameter isRefused: whether there are entries that were not admitted, so that somebody has to
  ///   know what is required.
  /// - Throws: `Problem` with `judgingFailed` when something could not be judged.
  func outcome(isRefused: Bool) throws -> Outcome {
    var outcome = Outcome()
    var isConsidered = Array(repeating: false, count: checks.source.all.count)
    for asked in asked {
      outcome.controls.append(try result(asked))
      for check in asked.checks {
        let doubts = try doubts(check, of: asked.control)
        outcome.doubts += doubts.map(\.doubt)
        guard asked.isRequired || check.check.speaksOfRelease else { continue }
        for place in try checks.places(check) + doubts.map(\.place) { isConsidered[place] = true }
      }
      if asked.isRequired, isRefused {
        outcome.questions += try asked.checks.flatMap(checks.questions)
      }
    }
    let all = checks.source.all
    outcome.considered = all.indices.filter { isConsidered[$0] }.compactMap {
      Self.unbound.contains(all[$0].kind) ? nil : all[$0].envelope
    }
    return outcome
  }

  private func doubts(
    _ check: CheckProgram, of control: Catalog.Control
  ) throws -> [(place: Int, doubt: DoubtJudging.Doubt)] {
    let places = checks.doubts(check)
    let answered = try places.isEmpty ? nil : checks.answer(to: places, check)
    return places.map {
      let index = checks.source.all[$0].index
      return ($0, .init(control: control.id, index: index, answered: answered))
    }
  }

  private func result(_ asked: PolicyBundle.Asked) throws -> ControlResult {
    let control = asked.control
    let results = try asked.checks.map { try checks.judged($0).result }
    return ControlResult(
      control: control.id,
      citation: control.citation
        + (control.isTextChecked ? "" : " (not verified against the text)"),
      level: control.level?.rawValue, title: control.title, scope: control.scope.rawValue,
      isRequired: asked.isRequired, producer: control.producer, owner: control.owner,
      state: Self.state(control, results), checks: results)
  }

  /// As good as the worst of the checks. Where a person's part is asked, evidence alone never meets
  /// it: without that person's statement it needs one.
  static func state(_ control: Catalog.Control, _ results: [CheckResult]) -> ControlState {
    guard let worst = results.map(\.state).max(by: { $0.severity < $1.severity }) else {
      return control.automation == .person || control.automation == .evidenceAndPerson
        ? .needsPerson : .missing
    }
    guard control.automation == .evidenceAndPerson else { return worst }
    if worst == .met { return control.isDecidable ? .met : .needsPerson }
    let unmet = zip(control.checks, results).filter { $0.1.state != .met }
    let isOnlyPersonMissing = unmet.allSatisfy { $0.0.asksPerson && $0.1.state == .missing }
    return isOnlyPersonMissing ? .needsPerson : worst
  }
}
