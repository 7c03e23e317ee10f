/// What one step did: the predicate of evidence of kind `step`.
public struct StepReport: Hashable, Sendable, Codable {
  /// How a step ended.
  public enum Outcome: String, Sendable, Codable {
    case passed, failed, cancelled
    case timedOut = "timed-out"
    /// Its condition was not met.
    case skipped
  }

  /// Whether the step could have read a signing key.
  public enum Isolation: String, Sendable, Codable {
    /// It ran in a container, or as another user.
    case isolated
    /// It ran as the user who owns the signing key.
    case notIsolated = "not isolated"
  }

  /// A file by its content.
  public struct File: Hashable, Sendable, Codable {
    /// Path below the workspace, with `/`.
    public let path: String
    /// Digest of the file's bytes.
    public let digest: Digest
    /// Its size in bytes.
    public let bytes: Int64

    /// Names a file by its content.
    public init(path: String, digest: Digest, bytes: Int64) {
      self.path = path
      self.digest = digest
      self.bytes = bytes
    }
  }

  /// A tool that took part.
  public struct Tool: Hashable, Sendable, Codable {
    /// The tool's name.
    public let name: String
    /// The version as the tool states it.
    public let version: String

    /// Names a tool and its version.
    public init(name: String, version: String) {
      self.name = name
      self.version = version
    }
  }

  /// What was replaced in a log because it may be PHI: how often, and never the value.
  public struct Replaced: Hashable, Sendable, Codable {
    /// What sort of identifier it may be, such as `record-number`.
    public let kind: String
    /// How often.
    public let count: Int

    /// States what was replaced.
    public init(kind: String, count: Int) {
      self.kind = kind
      self.count = count
    }
  }

  /// The application's name.
  public let application: String
  /// Id of the run.
  public let run: String
  /// The stage's name in the pipeline file.
  public let stage: String
  /// The step's name in the pipeline file.
  public let step: String
  /// The environment that the step judges for or delivers to; `nil` for every other step.
  public let environment: String?
  /// Digest of definition, inputs, tools and names of variables; decides what a resumed run skips.
  public let stepKey: Digest
  /// The command as given, secrets masked; empty for a built-in action.
  public let command: [String]
  /// The built-in action, when the step is one.
  public let action: String?
  /// `process`, `container` or `built-in`.
  public let executor: String
  /// The container image by id, for the container executor.
  public let executorImage: String?
  /// Whether the step could have read a signing key.
  public let isolation: Isolation
  /// How it ended.
  public let outcome: Outcome
  /// Why no attempt was made: its condition, or what was not there; or why what ended well does not
  /// count, such as a declared output that is missing. `nil` otherwise.
  public let reason: String?
  /// The program's exit code; `nil` when it did not end by itself.
  public let exitCode: Int32?
  /// Counted from one.
  public let attempt: Int
  /// When the attempt began.
  public let startedAt: Instant
  /// When the attempt had ended.
  public let finishedAt: Instant
  /// The tools that took part.
  public let tools: [Tool]
  /// Names of the environment variables that the step saw; never their values.
  public let variables: [String]
  /// The files that the step was given, sorted by path.
  public let inputs: [File]
  /// The files that the step left, sorted by path.
  public let outputs: [File]
  /// The step's log, secrets and PHI masked.
  public let log: File?
  /// What the CI system around a wrapped command claims; `nil` for steps of this program's own runs.
  public let surroundings: Surroundings?
  /// What was replaced in the log because it may be PHI; `nil` where nothing was.
  public let replaced: [Replaced]?

  /// States what a step did.
  public init(
    application: String, run: String, stage: String, step: String, environment: String? = nil,
    stepKey: Digest, command: [String], action: String?, executor: String, executorImage: String?,
    isolation: Isolation, outcome: Outcome, reason: String? = nil, exitCode: Int32?, attempt: Int,
    startedAt: Instant, finishedAt: Instant, tools: [Tool], variables: [String], inputs: [File],
    outputs: [File], log: File?, surroundings: Surroundings? = nil,
    replaced: [Replaced]? = nil
  ) {
    self.application = application
    self.run = run
    self.stage = stage
    self.step = step
    self.environment = environment
    self.stepKey = stepKey
    self.command = command
    self.action = action
    self.executor = executor
    self.executorImage = executorImage
    self.isolation = isolation
    self.outcome = outcome
    self.reason = reason
    self.exitCode = exitCode
    self.attempt = attempt
    self.startedAt = startedAt
    self.finishedAt = finishedAt
    self.tools = tools
    self.variables = variables
    self.inputs = inputs
    self.outputs = outputs
    self.log = log
    self.surroundings = surroundings
    self.replaced = replaced
  }
}

/// An effect that cannot be repeated is about to happen: the predicate of kind `intent`.
public struct Intent: Hashable, Sendable, Codable {
  /// The application's name.
  public let application: String
  /// Id of the run.
  public let run: String
  /// The stage's name in the pipeline file.
  public let stage: String
  /// The step's name in the pipeline file.
  public let step: String
  /// The environment that is about to be changed; `nil` for an effect elsewhere.
  public let environment: String?
  /// Digest of definition, inputs, tools and names of variables.
  public let stepKey: Digest
  /// What is about to be done, in one sentence.
  public let effect: String
  /// When it was about to be done.
  public let time: Instant

  /// States what is about to be done.
  public init(
    application: String, run: String, stage: String, step: String, environment: String? = nil,
    stepKey: Digest, effect: String, time: Instant
  ) {
    self.application = application
    self.run = run
    self.stage = stage
    self.step = step
    self.environment = environment
    self.stepKey = stepKey
    self.effect = effect
    self.time = time
  }
}

/// A run as a whole: the predicate of kind `run`.
public struct RunReport: Hashable, Sendable, Codable {
  /// Where a run stands.
  public enum State: String, Sendable, Codable {
    case started, resumed, succeeded, failed, cancelled
    /// A gate waits for approvals.
    case waiting
  }

  /// Id of the run.
  public let run: String
  /// The application's name.
  public let application: String
  /// Where the run stands.
  public let state: State
  /// Digest of the pipeline file.
  public let definition: Digest
  /// When it came to stand there.
  public let time: Instant
  /// Why it ended so, where it did not succeed.
  public let reason: String?

  /// States where a run stands.
  public init(
    run: String, application: String, state: State, definition: Digest, time: Instant,
    reason: String?
  ) {
    self.run = run
    self.application = application
    self.state = state
    self.definition = definition
    self.time = time
    self.reason = reason
  }
}

extension [StepReport.Replaced] {
  /// What was replaced, in words: `2 record-number, 1 name`.
  public var words: String { map { "\($0.count) \($0.kind)" }.joined(separator: ", ") }
}
