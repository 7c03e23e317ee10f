public import Model

/// Another maker's tool as data: how it is found, asked for its version, run and understood.
///
/// What a pipeline may say of a run is the closed list of `parameters`: an argument that would hide
/// findings cannot be written, since there is no place for it.
public struct ScannerTool: Sendable {
  /// What a run looks at.
  public enum Subject: Hashable, Sendable {
    /// The commit's files, exported anew.
    case source
    /// The image that the run built.
    case image
    /// A service of the pipeline, or an environment on loopback.
    case service
    /// The machine that it runs on, or a folder that holds a machine's files.
    case machine
  }

  /// What the tool judges by.
  public enum Rules: Hashable, Sendable {
    /// The value of this parameter: a file or folder of the commit.
    case parameter(String)
    /// They come with the program and change with its version alone: the file itself.
    case program
    /// They come with this Python package and change with its version alone.
    case package(String)
    /// The tool does not show them.
    case unknown
  }

  /// A piece of evidence that a report becomes.
  public struct Given: Hashable, Sendable {
    /// The kind.
    public let kind: EvidenceKind
    /// What was looked for, for findings.
    public let scope: String?

    init(_ kind: EvidenceKind, scope: String? = nil) {
      self.kind = kind
      self.scope = scope
    }
  }

  /// What a pipeline calls it: `semgrep/scan`.
  public let action: String
  /// The tool's name in evidence.
  public let name: String
  /// Its program's names, the first that is there counts.
  public let programs: [String]
  /// Arguments by which it says its version; empty when it cannot, and its package does.
  public var versionArguments = ["--version"]
  /// Variables that it always sees.
  public var environment: [String: String] = [:]
  /// One sentence: how to get it.
  public let installation: String
  /// What a pipeline may say, and nothing else.
  public var parameters: [ToolParameter] = []
  /// What it looks at.
  public let subject: Subject
  /// The format of its report.
  public let format: String
  /// What its report becomes.
  public let gives: [Given]
  /// What it judges by.
  public var rules = Rules.unknown
  /// Whether it judges by the vulnerability database in the scanner's cache folder.
  public var needsFeed = false
  /// What is done to the fresh export before, so that nothing in it hides a finding.
  public var preparations: [SourcePreparation] = []
  /// What its ways to end mean; every other one is a crash.
  public let endings: [Int32: ToolEnding]
  /// Makes the command line and says where the report will be.
  let plan: @Sendable (ToolRequest) throws -> ToolPlan
}

/// What a pipeline may say of a run of a tool.
public struct ToolParameter: Hashable, Sendable {
  /// What may be written.
  public enum Form: Hashable, Sendable {
    /// A file or folder of the commit, without a way out of it.
    case path
    /// An `http` address of this machine; `${NAME}` stands for a variable of the step's services.
    case target
    /// A name of letters, digits and `.`, `_`, `-`, `:`.
    case name
    /// An address of a server, `http` or `https`, without a path.
    case server
    /// One of these words.
    case choice([String])
    /// A number.
    case integer(ClosedRange<Int>)
  }

  /// Its name.
  public let name: String
  /// What may be written.
  public let form: Form
  /// Whether it must be given.
  public let isRequired: Bool

  init(_ name: String, _ form: Form, isRequired: Bool = false) {
    self.name = name
    self.form = form
    self.isRequired = isRequired
  }
}

/// What an exit code means.
public enum ToolEnding: Hashable, Sendable {
  /// It ran, and found nothing; a report that lists findings contradicts it.
  case clean
  /// It ran, and found something; a report that lists none contradicts it.
  case findings
  /// It ran; only the report says what it found.
  case ran
}
