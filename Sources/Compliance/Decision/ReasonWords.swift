import Model

/// Why a gate is shut, in sentences.
enum ReasonWords {
  /// An entry that was not admitted.
  static func reason(_ refused: RefusedEntry) -> String {
    "entry \(refused.index) of kind \"\(refused.kind.rawValue)\" does not count: \(refused.reason)"
      + (refused.isBlocking ? " — \(way(past: refused))" : "")
  }

  private static func way(past refused: RefusedEntry) -> String {
    EvidenceKind.standing.contains(refused.kind)
      ? "what it may have said must be said again, by somebody who may"
      : "have all evidence of that kind recorded again, by a new run: pratique run"
  }

  /// A control that is not met.
  static func reason(_ control: ControlResult) -> String {
    let failing = control.checks.filter { $0.state != .met }
    let details = failing.map { $0.reason + ($0.fix.map { " — \($0)" } ?? "") }
    return "\(control.citation) \(control.title): \(control.state.rawValue)"
      + (details.isEmpty ? "" : ": " + details.joined(separator: "; "))
  }

  /// A role that too few have filled.
  static func missing(_ result: ApprovalResult) -> String {
    "\(result.required) approval(s) of role \"\(result.role.rawValue)\" are needed,"
      + " \(result.counted.count) count"
  }

  /// An approval that does not count, said to whoever waits for one.
  static func rejected(_ approval: RejectedApproval) -> String {
    "the approval of entry \(approval.approval.index) does not count: \(approval.reason)"
  }
}
