import Model

extension ReleaseReport {
  /// Every step with its time and outcome, in the order in which they began.
  var steps: HTML {
    let steps = dossier.steps.sorted {
      ($0.value.startedAt, $0.entry.index) < ($1.value.startedAt, $1.entry.index)
    }
    return Parts.section("steps", "Steps") {
      if steps.isEmpty {
        HTML.element("p") { "No step is recorded." }
      } else {
        Parts.table(
          "Steps in the order in which they began",
          ["Step", "Outcome", "Began", "Took", "Ran as", "Command", "Entry"], steps.map(row))
      }
    }
  }

  private func row(_ step: Recorded<StepReport>) -> [HTML] {
    let value = step.value
    let took = value.finishedAt.milliseconds(since: value.startedAt)
    let code = value.exitCode.map { $0 == 0 ? "" : ", exit code \($0)" } ?? ""
    let attempt = value.attempt > 1 ? ", attempt \(value.attempt)" : ""
    let isIsolated = value.isolation == .isolated
    return [
      .text("\(value.stage)/\(value.step)"),
      Parts.badge(value.outcome.mark, value.outcome.words + code + attempt),
      Parts.time(value.startedAt), .text(Parts.duration(milliseconds: took)),
      .joined([
        .text("\(value.executor), "),
        isIsolated ? .text("isolated") : Parts.badge(.note, "not isolated"),
      ]),
      Parts.code(value.action ?? value.command.joined(separator: " ")),
      Parts.entry(step.entry.index),
    ]
  }
}
