import Glibc
public import Model
public import Reading

/// What a built-in action is given to work with.
public struct StepContext: Sendable {
  /// The run's id.
  public let run: String
  /// The stage's name.
  public let stage: String
  /// The step's name.
  public let step: String
  /// Digest of definition, inputs, tools and environment names.
  public let stepKey: Digest
  /// Counted from one.
  public let attempt: Int
  /// What the run speaks of, and what needed steps added to it.
  public let subjects: [Subject]
  /// The clean export of the commit.
  public let workspace: String
  /// A folder for this step alone, outside the workspace.
  public let scratch: String
  /// What stands under `with`, checked against the action's parameters.
  public var parameters: [String: JSONValue]
  /// Whether an earlier attempt said what it was about to do and never said that it was done: the
  /// action finds out what became of it before it does it again.
  public let hasOpenIntent: Bool
  /// Branch and changed paths.
  public let facts: RunFacts
  /// The clock.
  public let time: TimeSource
  /// Runs programs of this program's own.
  public let commands: CommandRunner
  /// Runs another maker's tool as the step's executor says: as its user, where one is named, and
  /// marked, so that nothing of it outlives the step.
  public let tools: CommandRunner
  /// The user that the step's tools run as, where it is another; what they are to write into is
  /// given to it.
  public let toolUser: ToolUser?
  /// Variables of the step's services: ports and hosts.
  public let services: [String: String]
  /// The environment that steps of this run get: `PATH`, `HOME`, `TMPDIR`, `LANG`; and the step's
  /// secrets.
  public let environment: [String: String]
  /// Writes a line to the step's log, secrets masked.
  public let log: @Sendable (String) -> Void

  /// Makes a folder that the step's tools may write into; one that is there is fine.
  public func makeToolFolder(_ path: String) throws {
    try ScratchFolder.make(path, mode: 0o711)
    guard let toolUser else { return }
    guard lchown(path, toolUser.user, toolUser.group) == 0 else {
      throw Problem(
        .inputOutput, "the folder cannot be given to its user: \(WorkspaceFiles.lastError)",
        at: path)
    }
  }

  /// A parameter that is a text.
  public func text(_ name: String) -> String? { parameters[name]?.string }
}

/// A user of this machine by number.
public struct ToolUser: Hashable, Sendable {
  /// The user.
  public let user: UInt32
  /// The user's group.
  public let group: UInt32
}

/// What a built-in action leaves.
public struct ActionOutcome: Sendable {
  /// How it ended.
  public enum Verdict: Sendable {
    case passed
    case failed(Problem)
    /// A gate waits for approvals.
    case waiting(Problem)
  }

  /// How it ended.
  public var verdict: Verdict
  /// Evidence that is recorded together with the step's own, whatever the verdict.
  public var evidence: [Evidence]
  /// Text for the step's log.
  public var log: String
  /// Files of the workspace that it made.
  public var outputs: [StepReport.File]
  /// Tools that took part.
  public var tools: [StepReport.Tool]
  /// Things that steps which need this one speak of too, such as the image that was built.
  public var subjects: [Subject]
  /// What whoever watches the run must see although the step passed, a line each.
  public var notices: [String]

  /// States what an action leaves.
  public init(
    _ verdict: Verdict, evidence: [Evidence] = [], log: String = "",
    outputs: [StepReport.File] = [], tools: [StepReport.Tool] = [], subjects: [Subject] = [],
    notices: [String] = []
  ) {
    self.notices = notices
    self.verdict = verdict
    self.evidence = evidence
    self.log = log
    self.outputs = outputs
    self.tools = tools
    self.subjects = subjects
  }
}

/// A built-in action: what the file calls with `uses`.
public struct StepAction: Sendable {
  /// Its name and parameters.
  public let signature: ActionSignature
  /// What it is about to do that cannot be repeated, in one sentence: recorded as an intent
  /// before each attempt. `nil` when it has no such effect.
  public let effect: (@Sendable (StepContext) -> String)?
  /// Does it. What it throws is a failure.
  public let run: @Sendable (StepContext) async throws -> ActionOutcome
  /// Called instead of `run` when an earlier run did the step already: gives the subjects it added
  /// then, or `nil` when they are no longer there, and the step runs again.
  public let restore: @Sendable (StepContext, StepReport) async throws -> [Subject]?

  /// Supplies an action.
  public init(
    _ signature: ActionSignature,
    effect: (@Sendable (StepContext) -> String)? = nil,
    restore: @escaping @Sendable (StepContext, StepReport) async throws -> [Subject]? = { _, _ in
      []
    },
    run: @escaping @Sendable (StepContext) async throws -> ActionOutcome
  ) {
    self.signature = signature
    self.effect = effect
    self.restore = restore
    self.run = run
  }
}
