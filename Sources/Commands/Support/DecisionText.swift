import Journey
import Model

/// A decision in lines for people: refusals first, passes too.
enum DecisionText {
  static func lines(_ decision: Decision, names: Registry) -> [String] {
    var lines = [
      "release \(decision.release.version) for \(decision.environment): "
        + decision.outcome.rawValue,
      "policy \(decision.policy.name) \(decision.policy.version), ledger"
        + " \(decision.ledger.origin) at \(decision.ledger.size) entries, \(decision.time)",
    ]
    let ordered =
      decision.controls.filter { $0.state != .met && $0.isRequired }
      + decision.controls.filter { $0.state == .met }
      + decision.controls.filter { $0.state != .met && !$0.isRequired }
    for control in ordered {
      lines.append(
        "\(mark(control.state)) \(control.citation)  \(control.title)"
          + (control.isRequired ? "" : "  (shown, not required)"))
      for check in control.checks {
        let entries = check.evidence.map { "#\($0.index)" }.joined(separator: " ")
        lines.append(
          "      \(check.check): \(check.reason)\(entries.isEmpty ? "" : "  \(entries)")")
        if let fix = check.fix { lines.append("      to do: \(fix)") }
        if !check.earlierFailures.isEmpty {
          let earlier = check.earlierFailures.map { "#\($0.index)" }.joined(separator: " ")
          lines.append("      earlier it was not so: \(earlier)")
        }
      }
      if control.checks.isEmpty { lines.append("      \(control.producer)") }
    }
    for approval in decision.approvals {
      let people = approval.counted.map { names.name(of: $0.signer) }.joined(separator: ", ")
      lines.append(
        "\(approval.isMet ? "met      " : "waiting  ") \(approval.required) approval(s) as"
          + " \(approval.role.rawValue): \(people.isEmpty ? "nobody yet" : people)")
    }
    for rejected in decision.rejectedApprovals {
      lines.append("does not count: approval #\(rejected.approval.index): \(rejected.reason)")
    }
    return lines
  }

  private static func mark(_ state: ControlState) -> String {
    switch state {
    case .met: "met      "
    case .notMet: "NOT MET  "
    case .stale: "STALE    "
    case .missing: "MISSING  "
    case .needsPerson: "PERSON   "
    }
  }
}
