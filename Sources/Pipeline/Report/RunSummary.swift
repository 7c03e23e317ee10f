public import Model

/// How a run ended.
public enum RunOutcome: Sendable {
  case succeeded
  case failed(Problem)
  /// A gate waits for approvals.
  case waiting(Problem)
  case cancelled

  /// The outcome in one word.
  public enum Word: String, Sendable, Codable { case succeeded, failed, waiting, cancelled }

  /// The outcome in one word.
  public var word: Word {
    switch self {
    case .succeeded: .succeeded
    case .failed: .failed
    case .waiting: .waiting
    case .cancelled: .cancelled
    }
  }

  /// Why it did not succeed.
  public var problem: Problem? {
    switch self {
    case .failed(let problem), .waiting(let problem): problem
    case .succeeded, .cancelled: nil
    }
  }
}

/// What became of a step.
public struct StepSummary: Hashable, Sendable, Codable {
  /// What became of it.
  public enum State: String, Sendable, Codable {
    case passed, failed, cancelled, skipped, waiting
    case timedOut = "timed-out"
    /// An earlier run did it, and its outputs are still there.
    case alreadyDone = "already-done"
    /// Something that it needs did not pass.
    case blocked
  }

  /// `stage/step`.
  public let step: String
  /// What became of it.
  public let state: State
  /// How often it was tried.
  public let attempts: Int
  /// How long the last attempt took.
  public let milliseconds: Int64
  /// Why it did not pass.
  public let reason: String?
  /// Path of its log, where it wrote one.
  public let log: String?
  /// What was replaced in the log because it may be PHI; `nil` where nothing was.
  public let replaced: [StepReport.Replaced]?
  /// The log's last lines, when it did not pass.
  public let lastLines: [String]
  /// What must be seen although it passed; `nil` when there is nothing.
  public let notices: [String]?

  /// States what became of a step.
  public init(
    step: String, state: State, attempts: Int = 0, milliseconds: Int64 = 0, reason: String? = nil,
    log: String? = nil, replaced: [StepReport.Replaced]? = nil, lastLines: [String] = [],
    notices: [String]? = nil
  ) {
    self.notices = notices
    self.step = step
    self.state = state
    self.attempts = attempts
    self.milliseconds = milliseconds
    self.reason = reason
    self.log = log
    self.replaced = replaced
    self.lastLines = lastLines
  }
}

/// A run on one screen, and as JSON for machines.
public struct RunSummary: Hashable, Sendable, Codable {
  /// The run's id.
  public let run: String
  /// The application's name.
  public let application: String
  /// How it ended.
  public let outcome: RunOutcome.Word
  /// The sort of problem, where it did not succeed.
  public let problem: Problem.Code?
  /// Why, in words, where it did not succeed.
  public let reason: String?
  /// What to do, where there is advice.
  public let advice: String?
  /// When it began.
  public let startedAt: Instant
  /// When it ended.
  public let finishedAt: Instant
  /// All steps in the order of the plan.
  public let steps: [StepSummary]
}

/// What a run gives back.
public struct RunResult: Sendable {
  /// How it ended.
  public let outcome: RunOutcome
  /// The run on one screen.
  public let summary: RunSummary
}
