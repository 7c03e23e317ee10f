public import Model
public import Reading

/// What `pratique.yaml` says, read and checked: whatever is wrong with it was refused before.
public struct PipelineDefinition: Hashable, Sendable {
  /// Name of the file, for messages.
  public let file: String
  /// Digest of the file's bytes.
  public let digest: Digest
  /// The software that the pipeline delivers.
  public let application: Application
  /// Services by name, in the order of the file.
  public let services: [ServiceDefinition]
  /// Stages in the order of the file.
  public let stages: [StageDefinition]
  /// Sections of other rooms, by name, unread.
  public let sections: [String: YAMLNode]

  /// What becomes of a step in whose output something may be PHI.
  public let log: LogRule

  /// What becomes of a step in whose output something may be PHI. That it is replaced cannot be
  /// turned off: the file comes with the commit that is judged.
  public enum LogRule: String, Hashable, Sendable, CaseIterable {
    /// It is replaced, counted in the step's evidence, and the step goes on.
    case mask
    /// It is replaced and counted, and the step fails.
    case fail
  }

  /// All steps in the order of the file.
  public var steps: [StepDefinition] { stages.flatMap(\.steps) }

  /// Whether anything in it runs in a container.
  public var usesContainers: Bool {
    steps.contains { $0.executor.isContainer } || services.contains { $0.executor.isContainer }
  }
}

/// A part of the pipeline that people speak of by name.
public struct StageDefinition: Hashable, Sendable {
  /// Name, unique in the file.
  public let name: String
  /// Stages that must be done first: as written, or the stage before when nothing is written.
  public let needs: [String]
  /// Its steps in the order of the file; at least one.
  public let steps: [StepDefinition]
}

/// One thing to do.
public struct StepDefinition: Hashable, Sendable {
  /// What a step does.
  public enum Work: Hashable, Sendable {
    /// A text for `sh -euc`.
    case shell(String)
    /// A program and its arguments.
    case command([String])
    /// A built-in action and its parameters.
    case action(String, [String: JSONValue])
  }

  /// Name of its stage.
  public let stage: String
  /// Name, unique in its stage.
  public let name: String
  /// What it does.
  public let work: Work
  /// Ids of steps that must be done first, those of its stage written out too.
  public let needs: [String]
  /// After so long an attempt is ended.
  public let timeoutMilliseconds: Int64
  /// How often it is tried again after it failed.
  public let retries: Int
  /// When it runs.
  public let condition: StepCondition
  /// What it sees of the environment.
  public let environment: EnvironmentDefinition
  /// Working directory below the workspace; empty for the workspace itself.
  public let directory: String
  /// Files that decide whether it must run again.
  public let inputs: [Glob]
  /// Files that it makes.
  public let outputs: [Glob]
  /// What runs it.
  public let executor: ExecutorDefinition
  /// Programs whose versions are recorded.
  public let tools: [String]
  /// Names of services that run while it runs.
  public let services: [String]
  /// Reports that it leaves.
  public let reports: [ReportDefinition]

  /// `stage/name`.
  public var id: String { "\(stage)/\(name)" }
}

/// When a step runs: all of it must hold.
public struct StepCondition: Hashable, Sendable {
  /// What must have become of the steps that it needs.
  public enum Mode: String, Hashable, Sendable, Codable, CaseIterable {
    /// All passed, or were skipped by their condition.
    case onSuccess = "on-success"
    /// At least one failed.
    case onFailure = "on-failure"
    /// They ended, however.
    case always
  }

  /// What must have become of the steps that it needs.
  public let mode: Mode
  /// Patterns of which one must match the branch; any branch when empty.
  public let branches: [Glob]
  /// Patterns of which one must match a changed path; any change when empty.
  public let changed: [Glob]

  /// States when a step runs.
  public init(mode: Mode = .onSuccess, branches: [Glob] = [], changed: [Glob] = []) {
    self.mode = mode
    self.branches = branches
    self.changed = changed
  }
}

/// What a step or service sees of the environment, besides `PATH`, `HOME`, `TMPDIR` and `LANG`.
public struct EnvironmentDefinition: Hashable, Sendable {
  /// Where a secret comes from.
  public enum SecretSource: Hashable, Sendable {
    /// A file; one line end at its end is left out.
    case file(String)
    /// A variable of the caller.
    case environment(String)
  }

  /// Names taken from the caller where it has them.
  public let pass: [String]
  /// Values written in the file.
  public let set: [String: String]
  /// Variables whose values are masked in logs and never recorded.
  public let secrets: [String: SecretSource]

  /// States what is seen.
  public init(
    pass: [String] = [], set: [String: String] = [:], secrets: [String: SecretSource] = [:]
  ) {
    self.pass = pass
    self.set = set
    self.secrets = secrets
  }
}

/// What runs a step or a service.
public enum ExecutorDefinition: Hashable, Sendable {
  /// What a container can reach.
  public enum Network: String, Hashable, Sendable, Codable, CaseIterable {
    /// Nothing.
    case none
    /// The services that the step needs.
    case services
    /// Whatever the machine reaches.
    case open
  }

  /// A process of this machine, as another user where one is named.
  case process(user: String?)
  /// A container of that image.
  case container(image: String, network: Network)

  /// Whether it is a container.
  public var isContainer: Bool { if case .container = self { true } else { false } }
}

/// A report that a step leaves.
public struct ReportDefinition: Hashable, Sendable {
  /// Where it lies.
  public let path: Glob
  /// Its format, such as `junit`.
  public let format: String
  /// The kind of evidence that is made of it.
  public let kind: EvidenceKind
  /// The test suite's name, for test results.
  public let suite: String?
  /// What was looked for, for scans.
  public let scope: String?
}

/// A program that runs beside the steps that need it.
public struct ServiceDefinition: Hashable, Sendable {
  /// A port, by the environment variable that tells it to steps and to the service.
  public struct Port: Hashable, Sendable {
    /// Name of the variable.
    public let variable: String
    /// The port: inside the container, or of the process; `nil` for a free one.
    public let number: Int?
  }

  /// How readiness is found out.
  public struct Readiness: Hashable, Sendable {
    /// Succeeds when the service is ready.
    public let work: StepDefinition.Work
    /// Time between two tries.
    public let intervalMilliseconds: Int64
    /// After so long without success the service has failed.
    public let timeoutMilliseconds: Int64
  }

  /// Name, unique in the file; containers reach it under this name.
  public let name: String
  /// What it runs; `nil` for the image's own command.
  public let work: StepDefinition.Work?
  /// What runs it.
  public let executor: ExecutorDefinition
  /// What it sees of the environment.
  public let environment: EnvironmentDefinition
  /// Working directory below the workspace.
  public let directory: String
  /// Its ports.
  public let ports: [Port]
  /// How readiness is found out; `nil` when starting is enough.
  public let readiness: Readiness?
}
