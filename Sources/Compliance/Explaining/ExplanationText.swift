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
      case .allowed: explanation.isOpened ? "OPEN, and not passed" : "PASS"
      case .refused: "REFUSED"
      case .waiting: "WAITING for approval"
      case .error: "ERROR: it could not be judged, and so is refused"
      }
    let release = decision.release
    let required = explanation.required
    return [
      "\(word)  \(release.application) \(release.version) → \(decision.environment)",
      "policy \(decision.policy.name) \(decision.policy.version),"
        + " \(Self.counts(required));"
        + " ledger at \(decision.ledger.size) entries; \(decision.time)",
    ]
  }

  /// `28 of 30 required controls met, 1 excepted, 1 out of scope`: what is excused is not met.
  static func counts(_ required: [ControlResult]) -> String {
    let states: [ControlState] = [.excepted, .outOfScope]
    return "\(required.count { $0.state == .met }) of \(required.count) required controls met"
      + states.map { state in
        let count = required.count { $0.state == state }
        return count == 0 ? "" : ", \(count) \(mark(state).lowercased())"
      }.joined()
  }

  /// Every one, before anything else: a pass must not hide them.
  private var bypasses: [String] {
    let lines = GroupedBypass.all(of: decision).map { bypass in
      "\(Self.word(bypass.kind))  \(bypass.sentence)"
        + (bypass.control.map { "  (\($0))" } ?? "") + (bypass.end.map { "  until \($0)" } ?? "")
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
    return [explanation.wayHeading]
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

  /// Several on a line: each by its citation and its evidence, and what failed before. What is
  /// excepted or out of scope is not met, and stands first.
  private var satisfied: [String] {
    let all = explanation.satisfied.filter { $0.state == .met }
    guard !all.isEmpty else { return [] }
    let words = all.map { control in
      let evidence = control.checks.flatMap(\.evidence)
      let earlier = control.checks.flatMap(\.earlierFailures)
      return Self.short(control.citation) + Self.entries(evidence)
        + (earlier.isEmpty ? "" : " (failed before:\(Self.entries(earlier)))")
    }
    let isUnverified = all.contains { $0.citation.hasSuffix(Self.unverified) }
    return ["Met, by entry of the ledger: \(all.count)"] + Self.wrapped(words)
      + (isUnverified ? ["  * the citation was not verified against the text"] : [])
  }

  /// What a citation ends with that nobody compared with its source.
  private static let unverified = " (not verified against the text)"

  private static func short(_ citation: String) -> String {
    citation.hasSuffix(unverified) ? citation.dropLast(unverified.count) + "*" : citation
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

  private var shown: [String] { ShownControls(explanation: explanation).lines }
}
