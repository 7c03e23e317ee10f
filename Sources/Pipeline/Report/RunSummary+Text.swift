import Model

extension RunSummary {
  /// So many lines fit one screen.
  private static let screen = 24
  /// So many notices stand at the top.
  private static let loudest = 5

  /// The run on one screen: its end first, then what did not pass, then as much of the rest as
  /// there is room for.
  public var text: String {
    var lines = [
      "run \(run) of \(application): \(outcome.rawValue) after "
        + ProgressLine.duration(finishedAt.milliseconds(since: startedAt))
    ]
    if let reason { lines.append("  \(Self.short(reason, 200))") }
    if let advice { lines.append("  \(Self.short(advice, 200))") }
    let notices = steps.flatMap { step in (step.notices ?? []).map { "\(step.step): \($0)" } }
    lines += notices.prefix(Self.loudest).map { "  ! \(Self.short($0, 300))" }
    if notices.count > Self.loudest { lines.append("  ! and \(notices.count - Self.loudest) more") }
    lines.append("")
    let counts = Dictionary(grouping: steps, by: \.state).mapValues(\.count)
    let order: [StepSummary.State] = [
      .failed, .timedOut, .waiting, .cancelled, .blocked, .skipped, .passed, .alreadyDone,
    ]
    let totals = order.compactMap { state in counts[state].map { "\($0) \(state.rawValue)" } }
    let room = Self.screen - lines.count - 1
    let important = steps.filter {
      ![.passed, .alreadyDone].contains($0.state) || $0.replaced != nil
    }
    let shown = steps.count <= room ? steps : Array(important.prefix(room - 1))
    let width = shown.map(\.step.count).max() ?? 0
    for step in shown {
      let name = step.step + String(repeating: " ", count: width - step.step.count)
      let time = step.attempts > 0 ? "  \(ProgressLine.duration(step.milliseconds))" : ""
      let attempts = step.attempts > 1 ? "  (\(step.attempts) attempts)" : ""
      let reason = step.reason.map { "  \(Self.short($0, 80))" } ?? ""
      let replaced = step.replaced.map { "  PHI? \($0.words)" } ?? ""
      lines.append("  \(name)  \(step.state.rawValue)\(time)\(attempts)\(replaced)\(reason)")
    }
    if shown.count < important.count {
      lines.append("  … and \(important.count - shown.count) more that did not pass")
    }
    lines.append("\(steps.count) steps: \(totals.joined(separator: ", "))")
    return lines.joined(separator: "\n")
  }

  private static func short(_ text: String, _ limit: Int) -> String {
    let line = text.split(separator: "\n").first.map(String.init) ?? ""
    return line.count > limit ? line.prefix(limit) + "…" : line
  }
}
