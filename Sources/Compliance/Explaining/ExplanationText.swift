import Model

/// An explanation in lines for a terminal, so that the verdict and the way stand on one screen.
public struct ExplanationText {
  private let explanation: Explanation
  private let name: (String) -> String

  /// - Parameter name: the name behind a pseudonym.
  public init(_ explanation: Explanation, name: @escaping (String) -> String) {
    self.explanation = explanation
    self.name = name
  }

  private var decision: Decision { explanation.decision }

  /// The lines: verdict, bypasses, what is missing and the way, what is met.
  public var lines: [String] {
    let blocks = [verdict, bypasses, way, unmet, satisfied, approvals, shown]
    return blocks.filter { !$0.isEmpty }.joined(separator: [""]).map(ShownText.line)
  }

  private var verdict: [String] {
    let word =
      switch decision.outcome {
      case .allowed: "PASS"
      case .refused: "REFUSED"
      case .waiting: "WAITING for approval"
      case .error: "ERROR: it could not be judged, and so is refused"
      }
    let release = decision.release
    let required = decision.controls.filter(\.isRequired)
    return [
      "\(word)  \(release.application) \(release.version) → \(decision.environment)",
      "policy \(decision.policy.name) \(decision.policy.version),"
        + " \(required.count { $0.state.isSatisfying }) of \(required.count) required controls;"
        + " ledger at \(decision.ledger.size) entries; \(decision.time)",
    ]
  }

  /// Every one, before anything else: a pass must not hide them.
  private var bypasses: [String] {
    let lines = decision.bypasses.map { bypass in
      "\(Self.word(bypass.kind))  \(bypass.sentence)"
        + (bypass.control.map { "  (\($0))" } ?? "") + (bypass.until.map { "  until \($0)" } ?? "")
        + (bypass.evidence.map { "  #\($0.index)" } ?? "")
    }
    let refused = decision.refused.map { entry in
      "NOT ADMITTED  #\(entry.index) \(entry.kind.rawValue): \(entry.reason)"
        + (entry.isBlocking ? "; it keeps the gate shut" : "")
    }
    return lines + refused
  }

  static func word(_ kind: Bypass.Kind) -> String {
    switch kind {
    case .breakGlass: "BREAK-GLASS"
    case .observation: "ONLY OBSERVED"
    case .waiver: "WAIVED"
    case .vex: "NOT AFFECTED"
    case .outOfScope: "OUT OF SCOPE"
    case .skip: "SKIPPED"
    case .override: "OVERRIDE"
    }
  }

  private var way: [String] {
    guard !explanation.steps.isEmpty else { return [] }
    let count = explanation.steps.count
    let head =
      "To green: \(count) step\(count == 1 ? "" : "s")"
      + (explanation.isShortest ? ", the fewest that do" : "")
    return [head]
      + explanation.steps.enumerated().flatMap { place, step in
        ["  \(place + 1). \(step.sentence)\(step.role.map { "  (\($0.rawValue))" } ?? "")"]
          + (step.command.map { ["       \($0)"] } ?? [])
      }
  }

  private var unmet: [String] {
    explanation.unmet.flatMap { control in
      ["\(Self.mark(control.state))  \(control.citation)  \(control.title)"]
        + control.checks.filter { $0.state != .met }.map { check in
          "    \(check.reason)\(Self.entries(check.evidence))"
            + (check.earlierFailures.isEmpty
              ? "" : "; earlier, too:\(Self.entries(check.earlierFailures))")
        }
    }
  }

  static func mark(_ state: ControlState) -> String {
    switch state {
    case .met: "met"
    case .outOfScope: "OUT OF SCOPE"
    case .excepted: "EXCEPTED"
    case .needsPerson: "NEEDS A PERSON"
    case .stale: "STALE"
    case .missing: "MISSING"
    case .notMet: "NOT MET"
    }
  }

  private static func entries(_ references: [EvidenceReference]) -> String {
    references.map { " #\($0.index)" }.joined()
  }

  /// Several on a line: each by its citation and its evidence, and what failed before.
  private var satisfied: [String] {
    let all = explanation.satisfied
    guard !all.isEmpty else { return [] }
    let words = all.map { control in
      let evidence = control.checks.flatMap(\.evidence)
      let earlier = control.checks.flatMap(\.earlierFailures)
      return control.citation
        + (control.state == .met ? "" : " \(Self.mark(control.state))") + Self.entries(evidence)
        + (earlier.isEmpty ? "" : " (failed before:\(Self.entries(earlier)))")
    }
    return ["Met, by entry of the ledger: \(all.count)"] + Self.wrapped(words)
  }

  private static func wrapped(_ words: [String]) -> [String] {
    var lines: [String] = []
    for word in words {
      if let last = lines.last, last.count + word.count < 110 {
        lines[lines.count - 1] = last + " · " + word
      } else {
        lines.append("  " + word)
      }
    }
    return lines
  }

  private var approvals: [String] {
    decision.approvals.map { approval in
      let people = approval.counted.map { "\(name($0.signer)) #\($0.index)" }
      return "\(approval.isMet ? "approved" : "waiting ")  \(approval.role.rawValue)"
        + " \(approval.counted.count) of \(approval.required)"
        + (people.isEmpty ? "" : ": \(people.joined(separator: ", "))")
    }
      + decision.rejectedApprovals.map {
        "does not count  approval #\($0.approval.index): \($0.reason)"
      }
  }

  private var shown: [String] {
    let all = explanation.shown
    guard !all.isEmpty else { return [] }
    return ["Shown, not required: \(all.count)"]
      + Self.wrapped(all.map { "\($0.citation) \(Self.mark($0.state))" })
  }
}
