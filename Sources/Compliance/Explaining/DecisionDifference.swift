public import Model

/// What is other in one answer of a gate than in another one, in sentences.
public struct DecisionDifference: Sendable, Encodable {
  /// The sentences, the verdict first; empty for equal answers.
  public let sentences: [String]

  /// Compares an answer with an earlier one.
  public init(from old: Decision, to new: Decision) {
    guard old != new else {
      sentences = []
      return
    }
    var found: [String] = []
    if old.outcome != new.outcome {
      found.append("\(old.outcome.rawValue) → \(new.outcome.rawValue)")
    }
    if old.policy != new.policy {
      found.append(
        "policy \(old.policy.name) \(old.policy.version) → \(new.policy.name) \(new.policy.version)"
      )
    }
    if old.time != new.time { found.append("time \(old.time) → \(new.time)") }
    if old.ledger != new.ledger {
      found.append(
        "the ledger's first \(old.ledger.size) entries do not have the root that the decision names"
      )
    }
    found += Self.controls(old, new) + Self.approvals(old, new) + Self.bypasses(old, new)
    found += Self.inputs(old, new)
    if new.outcome == .error { found += new.reasons }
    // What is no control's: a freeze, a review that is overdue, a word that does not count.
    if new.outcome == .refused, old.outcome != .refused {
      let known = Set(old.reasons)
      found += new.reasons.filter { reason in
        !known.contains(reason) && !new.controls.contains { reason.contains($0.citation) }
      }
    }
    sentences = found.isEmpty ? ["the same verdict in other words"] : found
  }

  private static func controls(_ old: Decision, _ new: Decision) -> [String] {
    let before = Dictionary(old.controls.map { ($0.control, $0) }) { first, _ in first }
    let after = Set(new.controls.map(\.control))
    let gone = old.controls.filter { !after.contains($0.control) }.map {
      "\($0.citation) is not asked any more"
    }
    return gone
      + new.controls.compactMap { control in
        let reasons = control.checks.filter { $0.state != .met }.map(\.reason)
        let why = reasons.isEmpty ? "" : ": \(reasons.joined(separator: "; "))"
        guard let known = before[control.control] else {
          return "\(control.citation) is asked: \(control.state.rawValue)\(why)"
        }
        if known.state != control.state {
          return "\(control.citation) \(known.state.rawValue) → \(control.state.rawValue)\(why)"
        }
        guard known.isRequired != control.isRequired else { return nil }
        return "\(control.citation) is \(control.isRequired ? "required" : "only shown")"
          + " now, and \(control.state.rawValue)"
      }
  }

  private static func approvals(_ old: Decision, _ new: Decision) -> [String] {
    let before = Dictionary(old.approvals.map { ($0.role, $0) }) { first, _ in first }
    return new.approvals.compactMap { approval in
      let known = before[approval.role]
      let (was, now) = (known?.counted.count ?? 0, approval.counted.count)
      guard known?.required != approval.required || was != now else { return nil }
      return "approvals as \(approval.role.rawValue): \(was) of \(known?.required ?? 0) → \(now) of"
        + " \(approval.required)"
    }
      + old.approvals.filter { role in !new.approvals.contains { $0.role == role.role } }.map {
        "no approval as \($0.role.rawValue) is asked"
      }
  }

  private static func bypasses(_ old: Decision, _ new: Decision) -> [String] {
    let (before, after) = (Set(old.bypasses), Set(new.bypasses))
    return old.bypasses.filter { !after.contains($0) }.map { "no more: \($0.sentence)" }
      + new.bypasses.filter { !before.contains($0) }.map { "new: \($0.sentence)" }
  }

  private static func inputs(_ old: Decision, _ new: Decision) -> [String] {
    let (before, after) = (Set(old.inputs), Set(new.inputs))
    func words(_ input: DecisionInput) -> String {
      "input \(input.what.rawValue) \(input.entry.map { "#\($0) " } ?? "")\(input.name ?? "")"
    }
    let gone = old.inputs.filter { !after.contains($0) }.map { "\(words($0)) is gone" }
    let new = new.inputs.filter { !before.contains($0) }.map { "\(words($0)) is new" }
    let all = gone + new
    return all.count <= 10 ? all : all.prefix(10) + ["and \(all.count - 10) more inputs"]
  }
}
