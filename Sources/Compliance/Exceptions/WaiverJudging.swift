import Model

/// Controls that are not met, and that a waiver in force excuses.
///
/// A waiver never makes a control "met", and what the checks found stays beside it. Taking one back,
/// anybody may whose key may: it is never the unsafe direction.
struct WaiverJudging {
  let word: StandingWord
  let permission: ExceptionRules.Permission?

  private typealias Said = (waiver: Waiver, piece: AdmittedEvidence)

  /// Turns controls that are not met, stale, missing or without a person's word into excepted ones.
  func outcome(_ controls: [ControlResult]) throws -> ExceptionOutcome {
    let said: [Said] = try word.evidence.words(.waiver).map { (try $0.predicate(), $0) }
      .filter(concerns)
    var granted: [String: [Said]] = [:]
    for one in said where one.waiver.action == .granted {
      granted[one.waiver.control, default: []].append(one)
    }
    // Where a name was withdrawn last; what was granted before that has ended.
    var withdrawn: [String: Int64] = [:]
    for one in said where one.waiver.action == .withdrawn {
      withdrawn[one.waiver.waiver] = one.piece.index
    }
    var outcome = ExceptionOutcome(controls: [])
    for control in controls {
      outcome.controls.append(
        control.state.isSatisfying
          ? control : judged(control, granted[control.control] ?? [], withdrawn, &outcome))
    }
    return outcome
  }

  private func judged(
    _ control: ControlResult, _ granted: [Said], _ withdrawn: [String: Int64],
    _ outcome: inout ExceptionOutcome
  ) -> ControlResult {
    for one in granted.reversed() {
      let end = withdrawn[one.waiver.waiver].flatMap { $0 > one.piece.index ? $0 : nil }
      if let fault = end.map({ "entry \($0) withdrew it" }) ?? doubt(one) ?? fault(one) {
        outcome.rejected.append(
          RejectedWord(
            control: control.control,
            sentence: "the waiver \"\(one.waiver.waiver)\" for \(control.control), entry"
              + " \(one.piece.index), does not count: \(fault)"))
        continue
      }
      outcome.bypasses.append(bypass(control, one))
      return control.with(.excepted)
    }
    return control
  }

  /// Whether something that cannot be read may have withdrawn it.
  private func doubt(_ said: Said) -> String? {
    word.doubt(of: said.piece, .waiver) {
      $0.maySay(said.waiver.waiver, in: "waiver") && $0.maySay("withdrawn", in: "action")
    }.map { "entry \($0), which cannot be read, may have withdrawn it: grant it again" }
  }

  /// Whether a waiver speaks of this application and environment.
  private func concerns(_ said: Said) -> Bool {
    said.waiver.environment.isSame(as: word.environment)
      && said.waiver.application.isSame(as: word.release.application)
      && GateEvidence.concerns(said.piece, .application, of: word.release)
  }

  private func fault(_ said: Said) -> String? {
    let waiver = said.waiver
    if let fault = word.fault(
      waiver.person, as: waiver.role, stated: waiver.time, said.piece, among: permission?.roles)
    {
      return fault
    }
    guard let permission, !permission.isForbidden(waiver.control) else {
      return "the policy lets nobody waive it"
    }
    if let release = waiver.release, release != word.release.digests {
      return "it is for another release"
    }
    for (text, name) in [
      (waiver.reason, "reason"), (waiver.measure ?? "", "compensating measure"),
      (waiver.owner ?? "", "owner"),
    ] where text.allSatisfy(\.isWhitespace) {
      return "it names no \(name)"
    }
    guard Actor.isIdentifier(waiver.waiver) else { return "its name is no identifier" }
    let people = word.evidence.trust(before: said.piece.index)?.people ?? []
    guard people.contains(where: { $0.id.isSame(as: waiver.owner ?? "") }) else {
      return "its owner \"\(waiver.owner ?? "")\" was no person of the trust root"
    }
    return word.authorFault(waiver.person)
      ?? word.timeFault(
        until: waiver.expires, stated: waiver.time, said.piece,
        maximumDays: permission.maximumDays)
  }

  private func bypass(_ control: ControlResult, _ said: Said) -> Bypass {
    let waiver = said.waiver
    let owner = waiver.owner ?? ""
    return Bypass(
      kind: .waiver, control: control.control,
      sentence: "\(control.citation) \(control.title): \(control.state.rawValue), excused by waiver"
        + " \"\(waiver.waiver)\" until \(waiver.expires?.date ?? ""), signed by \(waiver.person) as"
        + " \(waiver.role.rawValue): \(waiver.reason); instead: \(waiver.measure ?? "");"
        + " \(owner) answers for it" + word.gone([owner, waiver.person]),
      until: waiver.expires, evidence: said.piece.reference)
  }
}
