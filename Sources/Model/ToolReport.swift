/// The tool behind a report, and what it rests on.
public struct ReportSource: Hashable, Sendable, Codable {
  /// Data that a scanner judges by, such as a vulnerability database.
  public struct Feed: Hashable, Sendable, Codable {
    /// The feed's name, such as `trivy-db`.
    public let name: String
    /// Digest of the feed's bytes as the scanner read them.
    public let digest: Digest
    /// When its content was last renewed: an old feed proves nothing.
    public let updatedAt: Instant
    /// Whether it is an example feed, made for a demonstration.
    public let isExample: Bool

    /// Names a feed.
    public init(name: String, digest: Digest, updatedAt: Instant, isExample: Bool) {
      self.name = name
      self.digest = digest
      self.updatedAt = updatedAt
      self.isExample = isExample
    }
  }

  /// The rules that a tool judged by, such as a linter's.
  public struct Rules: Hashable, Sendable, Codable {
    /// The rules' name.
    public let name: String
    /// Digest of the rules as the tool read them.
    public let digest: Digest
    /// When they were last renewed; `nil` where nobody says it, as of rules that come with a program.
    public let updatedAt: Instant?

    /// Names rules.
    public init(name: String, digest: Digest, updatedAt: Instant?) {
      self.name = name
      self.digest = digest
      self.updatedAt = updatedAt
    }
  }

  /// The tool's name, as the report or the step states it; else the step's own.
  public let tool: String
  /// The version as stated; empty where neither the report nor the tool says it.
  public let toolVersion: String
  /// The report's format, such as `junit`, `sarif`, `trivy`, `cyclonedx`.
  public let format: String
  /// The report's bytes in the blob store.
  public let report: Digest
  /// The data that it judged by; `nil` for a tool that needs none.
  public let feed: Feed?
  /// The rules that it judged by, where the step says so.
  public let rules: Rules?

  /// Names the tool behind a report.
  public init(
    tool: String, toolVersion: String, format: String, report: Digest, feed: Feed?,
    rules: Rules? = nil
  ) {
    self.tool = tool
    self.toolVersion = toolVersion
    self.format = format
    self.report = report
    self.feed = feed
    self.rules = rules
  }
}

/// Totals of tests: the predicate of kind `test-result` (in-toto test-result v0.1, with this
/// program's own fields under URI names).
public struct TestResult: Hashable, Sendable, Codable {
  private enum CodingKeys: String, CodingKey {
    case result, configuration, passedTests, failedTests, warnedTests
    case application = "urn:pratique:application"
    case run = "urn:pratique:run"
    case time = "urn:pratique:time"
    case suite = "urn:pratique:suite"
    case totals = "urn:pratique:totals"
    case source = "urn:pratique:source"
  }

  /// What was tested with, by digest: the report itself at least.
  public struct Configuration: Hashable, Sendable, Codable {
    /// A name for people.
    public let name: String
    /// Digests by algorithm (in-toto `DigestSet`).
    public let digest: [String: String]
  }

  /// `PASSED` or `FAILED`.
  public let result: String
  /// What was tested with (in-toto test-result v0.1, `configuration`).
  public let configuration: [Configuration]
  /// Names of the tests that passed.
  public let passedTests: [String]
  /// Names of the tests that failed or ended in an error.
  public let failedTests: [String]
  /// Left empty: no format read here knows warnings.
  public let warnedTests: [String]
  /// The application's name.
  public let application: String
  /// Id of the run in which the tests ran.
  public let run: String
  /// When the report was read.
  public let time: Instant
  /// `unit`, `integration`, `security` or another name that the pipeline gives.
  public let suite: String
  /// Counts of tests by outcome.
  public let totals: TestTotals
  /// The tool and the report behind it.
  public let source: ReportSource

  /// States totals; the result is `PASSED` only when at least one test passed and none failed.
  public init(
    application: String, run: String, time: Instant, suite: String, totals: TestTotals,
    passedTests: [String], failedTests: [String],
    source: ReportSource
  ) {
    let isPassed = totals.passed > 0 && totals.failed == 0 && totals.errors == 0
    result = isPassed ? "PASSED" : "FAILED"
    configuration = [.init(name: source.format, digest: ["sha256": source.report.hex])]
    self.application = application
    self.run = run
    self.time = time
    self.passedTests = passedTests
    self.failedTests = failedTests
    warnedTests = []
    self.suite = suite
    self.totals = totals
    self.source = source
  }
}

/// Findings of a scan: the predicate of kinds `vulnerability-scan` and `static-analysis`.
public struct ScanResult: Hashable, Sendable, Codable {
  /// The application's name.
  public let application: String
  /// Id of the run in which it was scanned.
  public let run: String
  /// When the report was read.
  public let time: Instant
  /// What was looked for: `vulnerability`, `secret`, `misconfiguration`, `code`.
  public let scope: String
  /// Counts of all findings by severity, also of those not listed.
  public let totals: FindingTotals
  /// The findings, worst first; at most the first 200, the rest lie in the report.
  public private(set) var findings: [Finding]
  /// How many components the scanner looked at, where it says so.
  public let componentsScanned: Int?
  /// Checks that passed, failed, broke or were skipped, for tools that list them all.
  public var checks: TestTotals?
  /// What of the subject was looked at, where it was not all: a path in the commit, an address.
  public var target: String?
  /// Findings that the tool was told to pass over, by rule and place; they do not count, and are not
  /// hidden. At most the first 200.
  public var suppressed: [Finding]?
  /// What a person should know beside the totals, one sentence each; at most the first 50.
  public var notes: [String]?
  /// The tool, its report and its feed.
  public let source: ReportSource
  /// Lists of exploited vulnerabilities that the findings were compared with, by name and date.
  public var comparedWith: [ReportSource.Feed]?

  /// The same scan with more said of the findings that are listed.
  public func saying(_ more: (inout Finding) -> Void) -> ScanResult {
    var scan = self
    for place in scan.findings.indices { more(&scan.findings[place]) }
    return scan
  }

  /// States findings.
  public init(
    application: String, run: String, time: Instant, scope: String, findings: [Finding],
    componentsScanned: Int?, source: ReportSource, checks: TestTotals? = nil,
    target: String? = nil, suppressed: [Finding] = [], notes: [String] = []
  ) {
    self.application = application
    self.run = run
    self.time = time
    self.scope = scope
    totals = FindingTotals(findings)
    self.findings = Array(
      findings.sorted { ($0.severity, $1.rule) > ($1.severity, $0.rule) }.prefix(200))
    self.componentsScanned = componentsScanned
    self.checks = checks
    self.target = target
    self.suppressed = suppressed.isEmpty ? nil : Array(suppressed.prefix(200))
    self.notes = notes.isEmpty ? nil : Array(notes.prefix(50))
    self.source = source
  }
}

/// A software bill of materials: the predicate of kind `inventory`.
public struct InventoryResult: Hashable, Sendable, Codable {
  /// The application's name.
  public let application: String
  /// Id of the run in which it was listed.
  public let run: String
  /// When the report was read.
  public let time: Instant
  /// Number of components.
  public let count: Int
  /// Components without a version.
  public let withoutVersion: Int
  /// The tool and the report behind it.
  public let source: ReportSource

  /// Counts an inventory's components; the components lie in the report.
  public init(
    application: String, run: String, time: Instant, components: [Component], source: ReportSource
  ) {
    self.application = application
    self.run = run
    self.time = time
    count = components.count
    withoutVersion = components.count { $0.version.isEmpty }
    self.source = source
  }
}
