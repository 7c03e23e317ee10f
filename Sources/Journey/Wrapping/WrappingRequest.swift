public import Model
import Pipeline

/// What whoever wraps a command says of it.
public struct WrappingRequest: Sendable {
  /// A report that the command writes.
  public struct Report: Sendable {
    /// A pattern of files below the folder.
    public var pattern: String
    /// How they are read, beside what all have in common; the format where the content alone does
    /// not decide.
    public var options: CollectingOptions

    /// Names a report.
    public init(pattern: String, options: CollectingOptions) {
      self.pattern = pattern
      self.options = options
    }
  }

  /// The application that the command works for.
  public var application: String
  /// The stage's name.
  public var stage: String
  /// The step's name.
  public var step: String
  /// The run that it belongs to; without one an id of its own is made.
  public var run: String?
  /// The program and its arguments.
  public var words: [String]
  /// The environment of this process.
  public var environment: [String: String]
  /// Further variables whose values are masked.
  public var secrets: [String] = []
  /// Patterns of files that it is given.
  public var inputs: [String] = []
  /// Patterns of files that it leaves.
  public var outputs: [String] = []
  /// Reports that it writes.
  public var reports: [Report] = []
  /// What it speaks of beside the commit.
  public var subjects: [Subject] = []
  /// The folder that it runs in: this process's.
  public var directory: String
  /// Whether the log's text is kept, or its digest alone.
  public var keepsLog = true
  /// Whether contradictions of the surroundings are recorded, and not refused.
  public var allowsContradictions = false

  /// A command to wrap.
  public init(
    application: String, stage: String, step: String, words: [String],
    environment: [String: String], directory: String
  ) {
    self.application = application
    self.stage = stage
    self.step = step
    self.words = words
    self.environment = environment
    self.directory = directory
  }

  /// Holds it to its form.
  ///
  /// - Throws: `Problem` with `badInput` or `badUsage`.
  func command() throws -> WrappedCommand {
    for (what, name) in [
      ("an application's name", application), ("a stage's name", stage), ("a step's name", step),
      ("a run's id", run ?? "run"),
    ] where !Actor.isIdentifier(name) {
      throw Problem(
        .badInput, "\"\(name)\" is not \(what)", advice: "Use a-z, 0-9, '.', '_' and '-'.")
    }
    var command = WrappedCommand(
      words: words, environment: environment, secrets: secrets,
      inputs: try inputs.map { try Self.glob($0, "--input") },
      outputs: try outputs.map { try Self.glob($0, "--output") },
      reports: try reports.map { try Self.glob($0.pattern, "--report") }, directory: directory)
    command.phi = .phi
    return command
  }

  private static func glob(_ text: String, _ option: String) throws -> Glob {
    guard let glob = Glob(text) else {
      throw Problem(
        .badInput, "\"\(text)\" is no pattern of files below the folder of the command",
        at: option, advice: "Write it without \"/\" at the beginning and without \"..\".")
    }
    return glob
  }
}
