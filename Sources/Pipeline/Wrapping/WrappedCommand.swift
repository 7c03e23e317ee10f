import Glibc
public import Model
public import Processes

/// A command of somebody else's CI, run as if nobody watched, and what can be said of it.
public struct WrappedCommand: Sendable {
  /// What a wrapped command did.
  public struct Outcome: Sendable {
    /// How it ended.
    public let status: CommandStatus
    /// When it began.
    public let startedAt: Instant
    /// When it had ended.
    public let finishedAt: Instant
    /// The files that it was given.
    public let inputs: [StepReport.File]
    /// The files that it left.
    public let outputs: [StepReport.File]
    /// The reports that it wrote, for each pattern.
    public let reports: [[String]]
    /// Why what it declared is not there; `nil` when it is.
    public let missing: Problem?
    /// Its output and error output, secrets masked, and how much there was.
    public let log: StepReport.File?
    /// What was replaced in the log because it may be PHI.
    public let replaced: [StepReport.Replaced]
    /// The command's words, secrets masked.
    public let words: [String]
    /// Names of the variables that it saw, sorted.
    public let variables: [String]
  }

  /// Variables that tell where the signing key is, or what opens it, are not passed on.
  public static let hiddenPrefix = "PRATIQUE_"
  private static let logLimit = 64 << 20

  /// The program and its arguments.
  public var words: [String]
  /// The environment of this process.
  public var environment: [String: String]
  /// Further variables to mask the values of.
  public var secrets: [String]
  /// Patterns of files below `directory` that it is given.
  public var inputs: [Glob]
  /// Patterns of files below `directory` that it leaves.
  public var outputs: [Glob]
  /// Patterns of reports below `directory` that it writes.
  public var reports: [Glob]
  /// What looks for PHI in the log, and has it replaced.
  public var phi = TextGuard.blind
  /// The folder that it runs in, which is this process's.
  public var directory: String

  /// A command to wrap.
  public init(
    words: [String], environment: [String: String], secrets: [String] = [], inputs: [Glob] = [],
    outputs: [Glob] = [], reports: [Glob] = [], directory: String
  ) {
    self.words = words
    self.environment = environment
    self.secrets = secrets
    self.inputs = inputs
    self.outputs = outputs
    self.reports = reports
    self.directory = directory
  }

  /// What the command sees of the environment.
  public var passedOn: [String: String] {
    environment.filter { !$0.key.hasPrefix(Self.hiddenPrefix) }
  }

  /// The command as it is written down.
  public var maskedWords: [String] {
    SecretWords(environment: passedOn, named: secrets).masked(words)
  }

  /// Runs the command to its end.
  ///
  /// - Parameters:
  ///   - log: where the log is written, masked.
  ///   - streams: where its output and error output go.
  /// - Throws: `Problem` when an input is not there or the command cannot be started: then nothing
  ///   has run.
  public func run(
    log path: String, _ forwarding: SignalForwarding, time: TimeSource,
    streams: (output: CInt, errorOutput: CInt) = (1, 2)
  ) async throws -> Outcome {
    guard let program = words.first else { throw Problem(.badUsage, "there is no command") }
    let files = WorkspaceFiles(root: directory)
    let given = inputs.isEmpty ? [] : try files.digests(inputs, links: .digestTarget)
    let marks = reports.map { files.marks($0) }
    let hiding = SecretWords(environment: passedOn, named: secrets)
    let log = LogWriter(path: path, mask: hiding.mask, phi: phi, limit: Self.logLimit)
    let variables = passedOn
    let command = Command(program, Array(words.dropFirst()), environment: variables)
    let begin = time.now()
    let status = try await PassingRun(
      command, output: streams.output, errorOutput: streams.errorOutput
    ).run(forwarding) { try log.take($0) }
    let end = time.now()
    var (left, written, missing): ([StepReport.File], [[String]], Problem?) = ([], [], nil)
    do {
      if !outputs.isEmpty { left = try files.digests(outputs, links: .refuse) }
      written = try zip(reports, marks).map { try files.fresh($0, since: $1) }
    } catch let problem as Problem { missing = problem }
    let logged = try log.finish()
    return Outcome(
      status: status, startedAt: begin, finishedAt: end, inputs: given, outputs: left,
      reports: written, missing: missing, log: logged, replaced: log.replaced,
      words: hiding.masked(words),
      variables: variables.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
  }
}
