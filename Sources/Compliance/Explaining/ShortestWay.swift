import Model

/// The least steps that lead a release through a gate, computed from the gate's answer.
///
/// Every unmet check is a need; a step answers all needs that it can (one run supplies several
/// kinds, one statement several controls), and the fewest steps that answer all needs are chosen.
/// New evidence voids the approvals that were given before it, so then each is needed anew.
struct ShortestWay {
  /// The steps in the order in which they are taken.
  let steps: [WayStep]
  /// Whether no fewer steps would do.
  let isShortest: Bool

  init(_ decision: Decision, bundle: PolicyBundle?) {
    guard decision.outcome != .allowed else {
      (steps, isShortest) = ([], true)
      return
    }
    let needs = Self.needs(decision, bundle)
    let candidates = Self.candidates(needs)
    let cover = MinimalCover(
      of: Set(needs.indices),
      by: candidates.map { candidate in
        Set(needs.indices.filter { candidate.answers(needs[$0]) })
      })
    let taken = cover.chosen.map { place in
      (candidates[place], needs.filter { candidates[place].answers($0) })
    }
    let isAnew = taken.contains { $0.0.step != .other }
    let order = WayStep.Act.allCases
    steps =
      taken.map { WayWords(decision: decision).step($0, for: $1) }.sorted {
        (order.firstIndex(of: $0.act) ?? 0, $0.sentence)
          < (order.firstIndex(of: $1.act) ?? 0, $1.sentence)
      } + Self.approvals(decision, isAnew: isAnew)
    // Behind what could not be judged, more may be missing.
    isShortest = cover.isExact && decision.outcome != .error
  }

  private static func needs(_ decision: Decision, _ bundle: PolicyBundle?) -> [Need] {
    let controls = bundle?.catalogs.flatMap(\.controls) ?? []
    var needs: [Need] = []
    func add(_ need: Need) { if !needs.contains(need) { needs.append(need) } }
    for control in decision.controls where control.isRequired && !control.state.isSatisfying {
      let checks = controls.first { $0.id.isSame(as: control.control) }?.checks ?? []
      for result in control.checks where result.state != .met {
        let check = checks.first { $0.id.isSame(as: result.check) }
        let name = "\(control.control)/\(result.check)"
        let role = result.owner ?? control.owner
        if result.state == .notMet, let fix = result.fix {
          add(Need(what: .mending(fix), check: name, role: role))
        }
        add(
          Need(
            what: .evidence(check?.kinds ?? [], check?.subject ?? .release, about: check?.about),
            check: name, role: role))
      }
      if control.checks.isEmpty {
        add(
          Need(
            what: .reason("\(control.citation) \(control.title): \(control.producer)"),
            check: control.control, role: control.owner))
      }
    }
    for reason in general(decision) { add(Need(what: .reason(reason), check: nil, role: nil)) }
    return needs
  }

  /// The reasons that are neither a control's nor a missing approval's.
  private static func general(_ decision: Decision) -> [String] {
    // What cannot be read is among the evidence of the control that hangs on it.
    let told = Set(decision.controls.flatMap(\.checks).flatMap(\.evidence).map(\.index))
    let known =
      decision.controls.map(ReasonWords.reason) + decision.approvals.map(ReasonWords.missing)
      + decision.rejectedApprovals.map(ReasonWords.rejected)
      + decision.refused.filter { !$0.isBlocking || told.contains($0.index) }
      .map(ReasonWords.reason)
    return decision.reasons.filter { !known.contains($0) }
  }

  private static func candidates(_ needs: [Need]) -> [Candidate] {
    var candidates = [Candidate(step: .run, object: "", subject: nil)]
    candidates.append(Candidate(step: .changeTrust, object: "", subject: nil))
    func add(_ step: WayStep.Act, _ object: String, _ subject: Catalog.SubjectKind? = nil) {
      let isKnown = candidates.contains {
        $0.step == step && $0.object == object && $0.subject == subject
      }
      if !isKnown { candidates.append(Candidate(step: step, object: object, subject: subject)) }
    }
    for need in needs {
      switch need.what {
      case .mending(let fix): add(.mend, fix)
      case .reason(let words): add(.other, words)
      case .evidence(let kinds, let subject, let about):
        if kinds.contains(.personStatement) {
          for topic in Topics.candidates(about) { add(.state, topic, subject) }
        }
        // Without a step that is known to supply it, the need itself is named.
        if Candidate.ofRuns.isDisjoint(with: kinds), !kinds.contains(.trustRoot),
          !kinds.contains(.personStatement)
        {
          add(.other, kinds.map(\.rawValue).joined(separator: " or "))
        }
      }
    }
    return candidates
  }

  private static func approvals(_ decision: Decision, isAnew: Bool) -> [WayStep] {
    decision.approvals.flatMap { result in
      let missing = isAnew ? result.required : max(0, result.required - result.counted.count)
      return (0..<missing).map { _ in WayWords(decision: decision).approval(result, isAnew: isAnew)
      }
    }
  }
}
