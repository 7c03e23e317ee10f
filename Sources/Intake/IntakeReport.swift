public import Model

/// A report as read: what it says, who says it, and the digest of its bytes.
public struct IntakeReport: Hashable, Sendable {
  /// A tool that the report names.
  public struct Tool: Hashable, Sendable {
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
  }

  /// The report's format.
  public let format: ReportFormat
  /// SHA-256 of the report's bytes, which are the bytes that were read.
  public let digest: Digest
  /// The tools that the report names, in its order; empty for JUnit, which has no place for them.
  public let tools: [Tool]
  /// What it holds.
  public let content: Content
  /// What a person should know beside the totals: flaky tests, suppressed findings, parts that the
  /// tool says it could not look at. One sentence each.
  public let notes: [String]
}

/// Results of tests as counted from the rows of a report.
public struct TestReport: Hashable, Sendable {
  /// Counts of test cases, each counted once by its worst outcome.
  public var totals: TestTotals
  /// Names of the tests that passed, the flaky ones too, in the report's order.
  public var passedTests: [String]
  /// Names of the tests that failed or ended in an error, in the report's order.
  public var failedTests: [String]
  /// Names of the tests that passed only after they had failed.
  public var flakyTests: [String]
}

/// Findings of a scan, and what the report shows to have been looked at.
public struct FindingReport: Hashable, Sendable {
  /// What a scan looks for.
  public enum Scope: String, Sendable, Codable, CaseIterable {
    /// Known vulnerabilities of components.
    case vulnerability
    /// Settings that weaken what they configure.
    case misconfiguration
    /// Passwords and keys in files.
    case secret
    /// Licences of components.
    case license
    /// Flaws in source code, or whatever a SARIF report is about.
    case code
  }

  /// A finding and what kind of scan it comes from.
  public struct Row: Hashable, Sendable {
    /// The kind of scan.
    public let scope: Scope
    /// The finding.
    public let finding: Finding
  }

  /// Every finding that counts, in the report's order.
  public var rows: [Row]
  /// Findings that the report marks as suppressed: they do not count, and are not hidden.
  public var suppressed: [Finding]
  /// What the report itself shows to have been scanned; a secret scan that found nothing leaves no
  /// trace in Trivy's report, so absence here is no proof.
  public var shownScopes: Set<Scope>
  /// How many components the tool looked at, where it lists them.
  public var componentsScanned: Int?

  /// The findings of one scope.
  public func findings(of scope: Scope) -> [Finding] {
    rows.filter { $0.scope == scope }.map(\.finding)
  }
}
