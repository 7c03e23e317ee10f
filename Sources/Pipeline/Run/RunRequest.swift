public import Model
import Processes

/// What conditions ask about.
public struct RunFacts: Hashable, Sendable {
  /// The branch; `nil` when it is not known, and then no condition on a branch is met.
  public let branch: String?
  /// Changed paths; `nil` when they are not known, and then every condition on them is met.
  public let changedPaths: [String]?

  /// States what is known.
  public init(branch: String? = nil, changedPaths: [String]? = nil) {
    self.branch = branch
    self.changedPaths = changedPaths
  }
}

/// One run of a pipeline.
public struct RunRequest: Sendable {
  /// The run's id, of the form of a pseudonym; a run that goes on keeps it.
  public var run: String
  /// What to run.
  public var definition: PipelineDefinition
  /// What the run's evidence speaks of: the commit, as a rule. At least one.
  public var subjects: [Subject]
  /// The clean export of the commit; a run that goes on keeps it.
  public var workspace: String
  /// A folder outside the workspace for logs, homes and temporary files of this run.
  public var scratch: String
  /// Branch and changed paths.
  public var facts = RunFacts()
  /// The caller's environment, of which steps see what the file names.
  public var environment: [String: String]
  /// `PATH` of steps.
  public var path = ExecutableSearch.defaultPath
  /// Reports of steps that passed in this run before, by step key.
  public var completed: [Digest: StepReport] = [:]
  /// Keys of steps that recorded an intent and nothing after it.
  public var openIntents: Set<Digest> = []
  /// Whether the run goes on after it was interrupted: leftovers are ended first.
  public var isResumed = false
  /// How many steps run at once.
  public var concurrency = 2
  /// A step's log is cut after so many bytes.
  public var logLimit = 64 << 20
  /// Time between asking a step to end and forcing it.
  public var graceMilliseconds: Int64 = 2_000

  /// A run with everything else as it is by default.
  public init(
    run: String, definition: PipelineDefinition, subjects: [Subject], workspace: String,
    scratch: String, environment: [String: String]
  ) {
    self.run = run
    self.definition = definition
    self.subjects = subjects
    self.workspace = workspace
    self.scratch = scratch
    self.environment = environment
  }
}

/// A report that a step left, for the room above to read.
public struct CollectedReport: Sendable {
  /// The application's name.
  public let application: String
  /// Id of the run.
  public let run: String
  /// `stage/step`.
  public let step: String
  /// Path below the workspace.
  public let path: String
  /// What the file says of it.
  public let definition: ReportDefinition
  /// What its evidence speaks of.
  public let subjects: [Subject]
  /// Its bytes.
  public let bytes: [UInt8]
  /// The bytes of `report.json` beside it, which says what made it, when the step wrote one.
  public let statement: [UInt8]?

  /// Its name in its folder.
  public var name: String {
    String(decoding: path.utf8.split(separator: 0x2f).last ?? [], as: UTF8.self)
  }
}

/// What a run needs of the rooms around it.
public struct RunServices: Sendable {
  /// Makes evidence durable.
  public var recorder: any Recorder
  /// The built-in actions.
  public var actions: [StepAction] = []
  /// Makes evidence of a report; throwing fails the step with that reason.
  public var collect: @Sendable (CollectedReport) async throws -> [Evidence]
  /// Keeps a step's finished log, given as its path and what is recorded of it.
  public var keepLog: @Sendable (String, StepReport.File) async throws -> Void = { _, _ in }
  /// Looks for PHI in what steps and services print, before it is kept or shown.
  public var phi = TextGuard.blind
  /// Told of everything that happens, in order for each step.
  public var progress: @Sendable (ProgressEvent) -> Void = { _ in }
  /// The clock.
  public var time = TimeSource.system
  /// Runs programs for actions, and podman.
  public var commands = CommandRunner.live

  /// What a run needs, everything else as it is by default.
  public init(
    recorder: any Recorder,
    collect: @escaping @Sendable (CollectedReport) async throws -> [Evidence]
  ) {
    self.recorder = recorder
    self.collect = collect
  }
}
