import Model

/// The steps of a way in words.
struct WayWords {
  let decision: Decision

  func step(_ candidate: Candidate, for needs: [Need]) -> WayStep {
    let (sentence, command) = words(candidate, needs)
    let roles = Set(needs.compactMap(\.role))
    let isOwned = candidate.step == .mend || candidate.step == .state || candidate.step == .other
    return WayStep(
      act: candidate.step, sentence: sentence, command: command,
      role: isOwned && roles.count == 1 ? roles.first : nil,
      supplies: Array(Set(needs.compactMap(\.check))).sorted {
        $0.utf8.lexicographicallyPrecedes($1.utf8)
      })
  }

  func approval(_ result: ApprovalResult, isAnew: Bool) -> WayStep {
    let role = result.role.rawValue
    let isAgain = isAnew && !result.counted.isEmpty
    return WayStep(
      act: .approve,
      sentence: "have somebody approve as \(role)"
        + (isAgain ? ", again, since the evidence will be other" : ""),
      command: "pratique approve \(decision.release.version) --environment"
        + " \(decision.environment) --role \(role) --key FILE --reason TEXT",
      role: result.role, supplies: [])
  }

  private func words(_ candidate: Candidate, _ needs: [Need]) -> (String, String?) {
    switch candidate.step {
    case .mend: return (candidate.object, nil)
    case .run:
      let kinds = Set(needs.flatMap(Self.kinds)).map(\.rawValue).sorted()
      return (
        kinds.isEmpty
          ? "begin a new run"
          : "run the pipeline, which records \(kinds.joined(separator: ", "))",
        "pratique run"
      )
    case .changeTrust:
      return (
        "have the organisation change its trust root, so that it shows what is asked",
        "pratique trust change"
      )
    case .state:
      let subject =
        candidate.subject == .organisation ? "the organisation" : decision.release.application
      let topic = candidate.object
      return (
        "have a person sign a statement on \(topic.isEmpty ? "it" : topic), about \(subject)",
        "pratique attest statement --topic \(topic.isEmpty ? "TOPIC" : topic)"
      )
    case .other:
      let isEvidence = needs.contains { if case .evidence = $0.what { true } else { false } }
      return (
        isEvidence ? "have evidence of kind \(candidate.object) recorded" : candidate.object, nil
      )
    case .approve: return ("approve", nil)
    }
  }

  private static func kinds(_ need: Need) -> [EvidenceKind] {
    if case .evidence(let kinds, _, _) = need.what { kinds } else { [] }
  }
}
