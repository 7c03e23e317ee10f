public import Model

/// Something that happened in a run.
public struct ProgressEvent: Hashable, Sendable {
  /// What happened.
  public enum Kind: Hashable, Sendable {
    case runStarted(run: String, application: String, steps: Int, isResumed: Bool)
    case leftoversEnded(Int)
    case serviceStarted(String)
    case serviceReady(String, milliseconds: Int64)
    case serviceStopped(String)
    case stepStarted(String, attempt: Int)
    /// An attempt failed and the step is tried again.
    case stepRetried(String, attempt: Int, reason: String)
    /// The step's last attempt ended and its evidence is durable.
    case stepFinished(StepSummary)
    case runFinished(RunOutcome.Word, milliseconds: Int64)
  }

  /// When.
  public let time: Instant
  /// What.
  public let kind: Kind

  /// States what happened when.
  public init(time: Instant, kind: Kind) {
    self.time = time
    self.kind = kind
  }
}
