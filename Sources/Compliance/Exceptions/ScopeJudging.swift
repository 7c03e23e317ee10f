import Model

/// Controls of which somebody who may has said that they do not apply, and why.
///
/// The latest word that counts decides. That a control applies after all, anybody may say whose key
/// may: it is never the unsafe direction. What the evidence shows as met stays met.
struct ScopeJudging {
  let word: StandingWord
  let permission: ExceptionRules.Permission?

  private typealias Said = (statement: ScopeStatement, piece: AdmittedEvidence)

  /// Turns controls that are not met into ones that do not apply.
  func outcome(_ controls: [ControlResult]) throws -> ExceptionOutcome {
    let said: [Said] = try word.evidence.words(.scopeStatement).map { (try $0.predicate(), $0) }
      .filter(concerns)
    var latest: [String: [Said]] = [:]
    for one in said {
      for control in one.statement.controls { latest[control, default: []].append(one) }
    }
    var outcome = ExceptionOutcome(controls: [])
    for control in controls {
      outcome.controls.append(
        control.state == .met
          ? control : judged(control, latest[control.control] ?? [], &outcome))
    }
    return outcome
  }

  private func judged(
    _ control: ControlResult, _ said: [Said], _ outcome: inout ExceptionOutcome
  ) -> ControlResult {
    for one in said.reversed() {
      if one.statement.verdict == .inScope { return control }
      if let fault = doubt(one, control.control) ?? fault(one, control.control) {
        outcome.rejected.append(
          RejectedWord(
            control: control.control,
            sentence: "the word of entry \(one.piece.index) that \(control.control) does not apply"
              + " does not count: \(fault)"))
        continue
      }
      outcome.bypasses.append(bypass(control, one))
      return control.with(.outOfScope)
    }
    return control
  }

  /// Whether something that cannot be read may have said that it applies after all.
  private func doubt(_ said: Said, _ control: String) -> String? {
    word.doubt(of: said.piece, .scopeStatement) {
      $0.mayName(control, in: "controls") && $0.maySay("in-scope", in: "verdict")
    }.map { "entry \($0), which cannot be read, may have taken it back: say it again" }
  }

  private func concerns(_ said: Said) -> Bool {
    word.evidence.subjects.concerns(
      said.piece, said.statement.application == nil ? .organisation : .application)
  }

  private func fault(_ said: Said, _ control: String) -> String? {
    let statement = said.statement
    if let fault = word.fault(
      statement.person, as: statement.role, stated: statement.time, said.piece,
      among: permission?.roles)
    {
      return fault
    }
    guard let permission, !permission.isForbidden(control) else {
      return "the policy lets nobody say so of it"
    }
    guard !statement.reason.allSatisfy(\.isWhitespace) else { return "it says no reason" }
    return word.authorFault(statement.person)
      ?? word.timeFault(
        until: statement.expires, stated: statement.time, said.piece,
        maximumDays: permission.maximumDays)
  }

  private func bypass(_ control: ControlResult, _ said: Said) -> Bypass {
    let statement = said.statement
    let whom = statement.application.map { "application \($0)" } ?? "the organisation"
    return Bypass(
      kind: .outOfScope, control: control.control,
      sentence: "\(control.citation) \(control.title): does not apply to \(whom), says"
        + " \(statement.person) as \(statement.role.rawValue)"
        + (statement.expires.map { " until \($0.date)" } ?? "") + ": \(statement.reason)"
        + word.gone([statement.person]),
      until: statement.expires, evidence: said.piece.reference)
  }
}
