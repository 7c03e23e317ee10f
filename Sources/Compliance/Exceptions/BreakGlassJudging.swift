import Model

/// Whether somebody who may has opened the gate for this release in an emergency.
struct BreakGlassJudging {
  let emergencies: EmergencyActs

  private var word: StandingWord { emergencies.word }
  private var rule: ExceptionRules.BreakGlassRule? { emergencies.rules?.breakGlass }

  /// What was found.
  struct Outcome {
    /// What opens the gate, first the emergency that was opened last; empty when nothing does.
    var bypasses: [Bypass] = []
    /// Acts on this release that do not open it, and why.
    var rejected: [RejectedWord] = []
  }

  /// Looks for it.
  func outcome() -> Outcome {
    var outcome = Outcome()
    for group in emergencies.groups() where group.acts[0].act.release == word.release.digests {
      var counting: [EmergencyActs.Act] = []
      for act in group.acts {
        if let fault = fault(act) {
          outcome.rejected.append(rejection(act, fault))
        } else {
          counting.append(act)
        }
      }
      guard !counting.isEmpty else { continue }
      if let fault = gap(group, counting) {
        outcome.rejected += counting.map { rejection($0, fault) }
      } else {
        outcome.bypasses.insert(bypass(group, counting), at: 0)
      }
    }
    return outcome
  }

  /// Why an act opens nothing, whoever else signed.
  private func fault(_ act: EmergencyActs.Act) -> String? {
    let (said, piece) = (act.act, act.piece)
    let agreed = said.emergency.map { name in
      emergencies.rules?.emergencies.first { $0.name.isSame(as: name) }
    }
    if let name = said.emergency, agreed == .some(nil) {
      return "the policy agrees on no emergency \"\(name)\" in environment \"\(word.environment)\""
    }
    let roles = agreed?.map { ($0.signers + $0.second).map(\.role) } ?? rule?.roles
    if let fault = word.fault(said.person, as: said.role, stated: said.time, piece, among: roles) {
      return fault
    }
    guard !said.reason.allSatisfy(\.isWhitespace) else { return "it says no reason" }
    guard Actor.isIdentifier(said.incident) else { return "it names no emergency" }
    if let review = act.review { return "entry \(review) reviewed it, and so ended it" }
    if let doubt = act.doubt {
      return
        "entry \(doubt), a review that cannot be read, may have ended it: break the glass again"
    }
    let hours = rule?.hours ?? 0
    guard said.until.milliseconds(since: act.start) <= Int64(hours) * StandingWord.hour else {
      return "it is open until \(said.until), longer than the \(hours) hours that the policy allows"
    }
    return word.time < said.until ? nil : "it ended at \(said.until)"
  }

  /// Which people are missing whom an agreed emergency asks for; `nil` when all are there.
  private func gap(_ group: EmergencyActs.Group, _ counting: [EmergencyActs.Act]) -> String? {
    let agreed = group.emergency.flatMap { name in
      emergencies.rules?.emergencies.first { $0.name.isSame(as: name) }
    }
    guard let agreed else { return nil }
    let signed = counting.map { Signature($0.act.person, $0.act.role) }
    guard let others = Signature.filling(agreed.signers, from: signed) else {
      return "the emergency \"\(agreed.name)\" needs \(Signature.words(agreed.signers)) now"
    }
    guard let hours = agreed.secondWithinHours else { return nil }
    let deadline = group.start.advanced(byMilliseconds: Int64(hours) * StandingWord.hour)
    let isSeconded = Signature.filling(agreed.second, from: others) != nil
    return isSeconded || word.time < deadline
      ? nil
      : "within \(hours) hours \(Signature.words(agreed.second)) had to sign too, and did not"
  }

  private func rejection(_ act: EmergencyActs.Act, _ fault: String) -> RejectedWord {
    RejectedWord(
      control: nil,
      sentence: "the break-glass of \(act.act.person), entry \(act.piece.index), does not open the"
        + " gate: \(fault)")
  }

  private func bypass(_ group: EmergencyActs.Group, _ counting: [EmergencyActs.Act]) -> Bypass {
    let first = counting[0]
    let people = counting.map { "\($0.act.person) as \($0.act.role.rawValue)" }
    let until = counting.map(\.act.until).max() ?? first.act.until
    return Bypass(
      kind: .breakGlass, control: nil,
      sentence: "BREAK-GLASS for \"\(group.incident)\""
        + (group.emergency.map { " (agreed emergency \"\($0)\")" } ?? "")
        + ": the gate was opened by \(people.joined(separator: " and ")) at \(first.start), until"
        + " \(until): \(first.act.reason); somebody else must review it by"
        + " \(ReviewJudging(emergencies: emergencies).due(first))",
      until: until, evidence: first.piece.reference)
  }
}

/// A person's signature in a role, as agreed emergencies count them: each person once.
struct Signature: Hashable {
  let person: String
  let role: Role

  init(_ person: String, _ role: Role) {
    self.person = person
    self.role = role
  }

  /// Fills each requirement with different people, in the order in which they signed.
  ///
  /// - Returns: signatures of the people who were not needed; `nil` when some are missing.
  static func filling(
    _ requirements: [TrustRoot.Requirement], from signatures: [Signature]
  ) -> [Signature]? {
    var rest = signatures
    for requirement in requirements {
      for _ in 0..<requirement.count {
        guard let one = rest.first(where: { $0.role == requirement.role }) else { return nil }
        rest.removeAll { $0.person.isSame(as: one.person) }
      }
    }
    return rest
  }

  /// `1 on-call and 1 clinical-lead`.
  static func words(_ requirements: [TrustRoot.Requirement]) -> String {
    requirements.map { "\($0.count) \($0.role.rawValue)" }.joined(separator: " and ")
  }
}
