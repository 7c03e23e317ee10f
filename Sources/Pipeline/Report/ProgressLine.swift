import Model

/// Says what happened on one plain line, with the time: for logs and pipes.
public enum ProgressLine {
  /// The lines for an event: one, and the last lines of a step that failed.
  public static func text(_ event: ProgressEvent) -> String {
    let time = event.time.description.dropFirst(11).prefix(8)
    return words(event.kind).map { "\(time)  \($0)" }.joined(separator: "\n")
  }

  private static func words(_ kind: ProgressEvent.Kind) -> [String] {
    switch kind {
    case .runStarted(let run, let application, let steps, let isResumed):
      ["run \(run) of \(application) \(isResumed ? "goes on" : "begins"): \(steps) steps"]
    case .leftoversEnded(let count):
      ["ended \(count) process\(count == 1 ? "" : "es") that the interrupted run left"]
    case .serviceStarted(let name): ["service \(name) starts"]
    case .serviceReady(let name, let milliseconds):
      ["service \(name) is ready after \(duration(milliseconds))"]
    case .serviceStopped(let name): ["service \(name) stopped"]
    case .stepStarted(let step, let attempt):
      ["\(step) begins" + (attempt > 1 ? ", attempt \(attempt)" : "")]
    case .stepRetried(let step, let attempt, let reason):
      ["\(step) failed in attempt \(attempt), is tried again: \(reason)"]
    case .stepFinished(let summary): finished(summary)
    case .runFinished(let outcome, let milliseconds):
      ["run \(outcome.rawValue) after \(duration(milliseconds))"]
    }
  }

  private static func finished(_ step: StepSummary) -> [String] {
    let warning = step.replaced.map {
      ["\(step.step): WARNING: in its output \($0.words) may be PHI, and was replaced"]
    }
    return (warning ?? []) + ended(step)
  }

  private static func ended(_ step: StepSummary) -> [String] {
    let reason = step.reason.map { ": \($0)" } ?? ""
    switch step.state {
    case .passed:
      return ["\(step.step) passed in \(duration(step.milliseconds))"]
        + (step.notices ?? []).map { "    ! \($0)" }
    case .alreadyDone: return ["\(step.step) is already done"]
    case .skipped, .blocked, .cancelled, .waiting:
      return ["\(step.step) \(step.state.rawValue)\(reason)"]
    case .failed, .timedOut:
      return ["\(step.step) FAILED after \(duration(step.milliseconds))\(reason)"]
        + step.lastLines.map { "    | \($0)" } + (step.log.map { ["    log: \($0)"] } ?? [])
    }
  }

  /// `0.4 s`, `12.0 s`, `3 m 05 s`.
  static func duration(_ milliseconds: Int64) -> String {
    guard milliseconds >= 60_000 else {
      return "\(milliseconds / 1000).\(milliseconds / 100 % 10) s"
    }
    let seconds = milliseconds / 1000 % 60
    return "\(milliseconds / 60_000) m \(seconds < 10 ? "0" : "")\(seconds) s"
  }
}
