/// How bad a finding is. A severity that the tool did not say stays unknown: it is never "low".
public enum Severity: String, Sendable, Codable, CaseIterable, Comparable {
  case unknown, none, low, medium, high, critical

  /// Orders by rank; unknown ranks below all, so policies must name it.
  public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// One problem that a tool reported, in one shape whichever tool it was.
public struct Finding: Hashable, Sendable, Codable {
  /// The tool's rule or the vulnerability's id, such as `CVE-2099-0001`.
  public let rule: String
  /// How bad.
  public let severity: Severity
  /// One line in the tool's words.
  public let title: String
  /// CVSS base score in tenths (98 is 9.8), where the tool gave one.
  public let cvssTenths: Int?
  /// Package URL or `name@version` of the component.
  public let package: String?
  /// The version that mends it, where there is one.
  public let fixedVersion: String?
  /// Path inside the scanned tree or image.
  public let file: String?
  /// Line in that file, counted from one.
  public let line: Int?
  /// The CVSS vector behind the score, where the tool gave one.
  public var cvssVector: String?
  /// Other ids of the same problem: CVE, GHSA and the like.
  public var aliases: [String]?
  /// Weaknesses by CWE id, such as `CWE-79`.
  public var weaknesses: [String]?
  /// When the problem was first seen, where the tool remembers it.
  public var firstSeen: Instant?
  /// What stays the same when its line moves or another tool reports it.
  public var fingerprint: Fingerprint?
  /// The tools that report it, where several do.
  public var sources: [String]?
  /// When the vulnerability was made public, where the feed says so.
  public var published: Instant?
  /// When this organisation first recorded it together with a fix.
  public var fixSeen: Instant?
  /// When it was added to the list of known exploited vulnerabilities; `nil` when it is not listed.
  public var knownExploited: Instant?
  /// How likely it is to be exploited within thirty days (EPSS), in ten-thousandths.
  public var exploitScore: Int?
  /// Whose it is: the base image's, or the application's own.
  public var origin: Origin?

  /// Whose layer of an image brought a component.
  public enum Origin: String, Sendable, Codable, CaseIterable { case base, application }

  /// One problem.
  public init(
    rule: String, severity: Severity, title: String, cvssTenths: Int? = nil,
    package: String? = nil, fixedVersion: String? = nil, file: String? = nil, line: Int? = nil,
    cvssVector: String? = nil, aliases: [String]? = nil, weaknesses: [String]? = nil,
    firstSeen: Instant? = nil, fingerprint: Fingerprint? = nil, sources: [String]? = nil,
    published: Instant? = nil
  ) {
    self.rule = rule
    self.severity = severity
    self.title = title
    self.cvssTenths = cvssTenths
    self.package = package
    self.fixedVersion = fixedVersion
    self.file = file
    self.line = line
    self.cvssVector = cvssVector
    self.aliases = aliases
    self.weaknesses = weaknesses
    self.firstSeen = firstSeen
    self.fingerprint = fingerprint
    self.sources = sources
    self.published = published
  }
}

/// How many findings of each severity.
public struct FindingTotals: Hashable, Sendable, Codable {
  public let unknown, none, low, medium, high, critical: Int

  /// Counts findings.
  public init(_ findings: [Finding]) {
    func count(_ severity: Severity) -> Int { findings.count { $0.severity == severity } }
    unknown = count(.unknown)
    none = count(.none)
    low = count(.low)
    medium = count(.medium)
    high = count(.high)
    critical = count(.critical)
  }

  /// The number of findings of a severity.
  public subscript(severity: Severity) -> Int {
    switch severity {
    case .unknown: unknown
    case .none: none
    case .low: low
    case .medium: medium
    case .high: high
    case .critical: critical
    }
  }
}

/// Totals of a test report.
public struct TestTotals: Hashable, Sendable, Codable {
  public let passed, failed, errors, skipped: Int

  /// Totals as counted from the report's rows.
  public init(passed: Int, failed: Int, errors: Int, skipped: Int) {
    self.passed = passed
    self.failed = failed
    self.errors = errors
    self.skipped = skipped
  }

  /// All tests that the report names.
  public var all: Int { passed + failed + errors + skipped }
}

/// One component of an inventory.
public struct Component: Hashable, Sendable, Codable {
  /// The component's name.
  public let name: String
  /// The component's version; empty where the report has none.
  public let version: String
  /// Its package URL, where the report has one.
  public let packageURL: String?

  /// Names a component.
  public init(name: String, version: String, packageURL: String?) {
    self.name = name
    self.version = version
    self.packageURL = packageURL
  }
}
