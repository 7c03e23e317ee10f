import Model

/// Why a gate is shut, in sentences.
enum ReasonWords {
  /// An entry that was not admitted.
  static func reason(_ refused: RefusedEntry) -> String {
    "entry \(refused.index) of kind \"\(refused.kind.rawValue)\" does not count: \(refused.reason)"
      + (refused.isBlocking
        ? " — have all evidence of that kind recorded again, by a new run: pratique run" : "")
  }

  /// A control that is not met.
  static func reason(_ control: ControlResult) -> String {
    let failing = control.checks.filter { $0.state != .met }
    let details = failing.map { $0.reason + ($0.fix.map { " — \($0)" } ?? "") }
    return "\(control.citation) \(control.title): \(control.state.rawValue)"
      + (details.isEmpty ? "" : ": " + details.joined(separator: "; "))
  }
}
