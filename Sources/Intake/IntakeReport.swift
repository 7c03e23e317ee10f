public import Model

/// A report as read: what it says, who says it, and the digest of its bytes.
public struct IntakeReport: Hashable, Sendable {
  /// A tool that the report names.
  public struct Tool: Hashable, Sendable, Codable {
    /// The tool's name as the report states it.
    public let name: String
    /// Its version as the report states it; `nil` where it does not.
    public let version: String?

    /// Names a tool and its version.
    public init(name: String, version: String?) {
      self.name = name
      self.version = version
    }
  }

  /// What a report holds.
  public enum Content: Hashable, Sendable {
    /// Results of tests.
    case tests(TestReport)
    /// Findings of a scan.
    case findings(FindingReport)
    /// An inventory.
    case components([Component])
    /// How much of the code was run.
    case coverage(CoverageTotals)
    /// What somebody says of vulnerabilities.
    case exploitability([VEXStatement])
    /// What a plan would change.
    case changes([InfrastructurePlan.Change])
    /// A statement or a link of somebody else's.
    case statement(ForeignStatement)
    /// A document that says nothing of a release by itself.
    case document(DocumentTitle)
  }

  /// The report's format.
  public let format: ReportFormat
  /// SHA-256 of the report's bytes, which are the bytes that were read.
  public let digest: Digest
  /// The tools that the report names, in its order; empty where the format has no place for them.
  public let tools: [Tool]
  /// What it holds; the first part, where it holds several.
  public let content: Content
  /// The other parts of a report that holds several, such as a bill of materials with
  /// vulnerabilities.
  public let furtherContent: [Content]
  /// What a person should know beside the totals: flaky tests, suppressed findings, parts that the
  /// tool says it could not look at. One sentence each.
  public let notes: [String]
  /// When the report says that it was made.
  public let madeAt: StatedTime?
  /// What the report says it is about.
  public let subjects: [StatedSubject]
  /// The data that the tool judged by, where the report itself says so wholly.
  public let feed: ReportSource.Feed?

  /// All that it holds.
  public var contents: [Content] { [content] + furtherContent }
}

/// Results of tests as counted from the rows of a report.
public struct TestReport: Hashable, Sendable {
  /// Most names of tests that are kept of one outcome; the totals count all.
  public static let namesKept = 100_000

  /// Counts of test cases, each counted once by its worst outcome.
  public var totals: TestTotals
  /// Names of the tests that passed, the flaky ones too, in the report's order.
  public var passedTests: [String]
  /// Names of the tests that failed or ended in an error, in the report's order.
  public var failedTests: [String]
  /// Names of the tests that passed only after they had failed.
  public var flakyTests: [String]
}

/// A statement or link of the in-toto framework that somebody else made. Its signatures were not
/// verified: reading a report verifies nothing.
public struct ForeignStatement: Hashable, Sendable {
  /// The predicate's type; for a link, its name.
  public var type: String
  /// The things that it speaks of: name and digests as `algorithm:hex`.
  public var subjects: [String]
  /// Hints to the keys that signed; empty for one that is not signed.
  public var keyIDs: [String]
}

/// A document that is recognised and kept, but says nothing that a gate could judge.
public struct DocumentTitle: Hashable, Sendable {
  /// What sort of document it is.
  public var sort: String
  /// Its title.
  public var title: String
  /// Its version.
  public var version: String?
}
