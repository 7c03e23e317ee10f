import Compliance
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
    lines += GroupedBypass.all(of: decision).map {
      "\($0.kind.rawValue.uppercased())  \($0.sentence)"
    }
    lines += decision.refused.map(Self.refused)
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
    if let changes = decision.changes { lines.append(Self.changes(changes, names)) }
    for rejected in decision.rejectedApprovals {
      lines.append("does not count: approval #\(rejected.approval.index): \(rejected.reason)")
    }
    return lines
  }

  private static func refused(_ entry: RefusedEntry) -> String {
    let rest =
      entry.isBlocking
      ? "; it keeps the gate shut until a new run"
      : entry.supersededBy.map { "; answered anew by #\($0)" } ?? "; nothing is required of it"
    return "NOT ADMITTED  #\(entry.index) \(entry.kind.rawValue): \(entry.reason)\(rest)"
  }

  private static func changes(_ changes: Changes, _ names: Registry) -> String {
    let people = changes.people.map(names.name(of:)).joined(separator: ", ")
    return "changes   \(changes.commits) commit\(changes.commits == 1 ? "" : "s")"
      + (changes.since.map { " since \($0.short)" } ?? ", all that are reachable")
      + (changes.isComplete ? "" : " (only the newest were looked at)")
      + ", by \(people.isEmpty ? "nobody who is known" : people)"
      + (changes.unknownAuthors == 0
        ? "" : "; \(changes.unknownAuthors) with an author who is in no registry")
      + "; none of them may approve"
  }

  private static func mark(_ state: ControlState) -> String {
    switch state {
    case .met: "met      "
    case .notMet: "NOT MET  "
    case .stale: "STALE    "
    case .missing: "MISSING  "
    case .needsPerson: "PERSON   "
    case .excepted: "EXCEPTED "
    case .outOfScope: "no scope "
    }
  }
}
