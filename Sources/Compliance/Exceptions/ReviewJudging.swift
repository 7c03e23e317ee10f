import Model

/// Reviews of emergencies that are due: while one is overdue, normal releases are refused.
struct ReviewJudging {
  let emergencies: EmergencyActs

  private var word: StandingWord { emergencies.word }

  /// By when an act must be reviewed: what it says itself, what the policy says, and where a second
  /// person had to sign in time and did not, that time; whichever is first.
  func due(_ act: EmergencyActs.Act) -> Instant {
    let days = Int64(emergencies.rules?.breakGlass?.reviewDays ?? 0)
    var due = min(act.act.reviewBy, act.start.advanced(byMilliseconds: days * StandingWord.day))
    if let second = missingSecond(act) { due = min(due, second) }
    return due
  }

  /// Why normal releases are refused, one sentence for each overdue review.
  func obstacles() -> [String] {
    var incidents: [String] = []
    let overdue = emergencies.acts.filter { $0.review == nil && due($0) <= word.time }
    for act in overdue where !incidents.contains(where: { $0.isSame(as: act.act.incident) }) {
      incidents.append(act.act.incident)
    }
    return incidents.map { incident in
      let acts = overdue.filter { $0.act.incident.isSame(as: incident) }
      let since = acts.map(due).min() ?? word.time
      let entries = acts.map { "\($0.piece.index)" }.joined(separator: ", ")
      let reviewers = emergencies.rules?.breakGlass?.reviewers.map(\.rawValue) ?? []
      return "the review of the emergency \"\(incident)\" is overdue since \(since), for entry"
        + " \(entries): normal releases wait for it — let "
        + (reviewers.isEmpty
          ? "the policy say under \"break-glass\" who reviews it, and then somebody review it"
          : "somebody else who is \(reviewers.joined(separator: " or ")) review it")
        + ": pratique break-glass review \(incident) --application \(word.release.application)"
        + " --environment \(word.environment)"
    }
  }

  /// The time at which a second person had to have signed, where nobody did in time.
  private func missingSecond(_ act: EmergencyActs.Act) -> Instant? {
    guard let name = act.act.emergency,
      let agreed = emergencies.rules?.emergencies.first(where: { $0.name.isSame(as: name) }),
      let hours = agreed.secondWithinHours,
      let group = emergencies.groups().first(where: { group in
        group.acts.contains { $0.piece.index == act.piece.index }
      })
    else { return nil }
    let deadline = group.start.advanced(byMilliseconds: Int64(hours) * StandingWord.hour)
    // Only whoever's word counts: others' acts are looked at in the review, and stand for nobody.
    let roles = (agreed.signers + agreed.second).map(\.role)
    let signed = group.acts.filter {
      max($0.act.time, $0.piece.time) < deadline
        && word.fault(
          $0.act.person, as: $0.act.role, stated: $0.act.time, $0.piece, among: roles) == nil
    }.map { Signature($0.act.person, $0.act.role) }
    guard let others = Signature.filling(agreed.signers, from: signed),
      Signature.filling(agreed.second, from: others) != nil
    else { return deadline }
    return nil
  }
}
