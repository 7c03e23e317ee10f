import Model

/// Freezes and change windows, as instants that were expanded before the gate was asked.
struct WindowJudging {
  let environment: String
  let rules: ExceptionRules?
  /// What was expanded; `nil` where nothing was.
  let calendar: GateCalendar?
  let time: Instant

  init(_ input: Gate.Input, _ rules: ExceptionRules?) {
    environment = input.environment
    self.rules = rules
    calendar = input.calendar
    time = input.time
  }

  /// Why nothing may enter now.
  ///
  /// - Throws: `Problem` with `judgingFailed` when the calendar is not that of the policy, or does
  ///   not cover the time: what was not expanded is not open.
  func obstacles() throws -> [String] {
    guard let rules, rules.needsCalendar else { return [] }
    guard let calendar, calendar.covered.contains(time),
      calendar.freezes.count == rules.freezes.count, calendar.windows.count == rules.windows.count
    else {
      throw Problem(
        .judgingFailed,
        "the freezes and change windows of environment \"\(environment)\" were not expanded for"
          + " \(time)")
    }
    let frozen = zip(rules.freezes, calendar.freezes).filter { $1.contains(time) }.map {
      freeze, span in
      "environment \"\(environment)\" is frozen until \(span.to) (\(freeze.to) \(freeze.zone)):"
        + " \(freeze.reason)"
    }
    return frozen + shut(rules, calendar)
  }

  private func shut(_ rules: ExceptionRules, _ calendar: GateCalendar) -> [String] {
    let spans = calendar.windows.flatMap(\.self)
    guard !rules.windows.isEmpty, !spans.contains(where: { $0.contains(time) }) else { return [] }
    let next = spans.map(\.from).filter { $0 > time }.min()
    return [
      "it is outside of the change windows of environment \"\(environment)\"; "
        + (next.map { "the next one opens at \($0)" }
          ?? "none opens before \(calendar.covered.to)")
    ]
  }
}
