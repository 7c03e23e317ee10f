import Intake
public import Model

/// What a report is, what it says, and what would be recorded of it.
public struct ReportExplanation: Sendable, Encodable {
  /// One part of what it holds.
  public struct Part: Sendable, Encodable {
    /// What the part is: `tests`, `findings`, `inventory`, `coverage`, `exploitability`,
    /// `changes`, `statement` or `document`.
    public let what: String
    /// Its totals by name.
    public let totals: [String: Int]
    /// The first findings, worst first.
    public var findings: [Finding] = []
    /// Names that people look for first: failed tests, subjects of a statement, a title.
    public var names: [String] = []
  }

  /// One piece of evidence that it can become.
  public struct Planned: Sendable, Encodable {
    /// The kind of evidence.
    public let kind: EvidenceKind
    /// What was scanned for, or which tests ran.
    public let aspect: String?
    /// Why it cannot become that as things are; `nil` when it can.
    public let obstacle: String?
  }

  /// A tool that a report names.
  public struct Tool: Sendable, Encodable {
    /// Its name.
    public let name: String
    /// Its version, where the report states it.
    public let version: String?
  }

  /// What a report says it is about.
  public struct Subject: Sendable, Encodable {
    /// The sort of thing: `image-config`, `image-manifest`, `commit` or `artifact`.
    public let sort: String
    /// Its digest.
    public let value: String
  }

  /// The report's path.
  public let file: String
  /// Its kind.
  public let format: String
  /// By what its content shows it.
  public let reasons: [String]
  /// SHA-256 of its bytes.
  public let digest: Digest
  /// The tools that it names.
  public let tools: [Tool]
  /// The latest moment at which it can have been made, by its own word.
  public let madeAt: Instant?
  /// What it says it is about.
  public let subjects: [Subject]
  /// What it holds.
  public let parts: [Part]
  /// What a person should know beside the totals.
  public let notes: [String]
  /// What would be recorded.
  public let wouldRecord: [Planned]
}

extension ReportExplanation {
  init(_ read: RecognisedReport, file: String, planned: [Planned]) {
    let report = read.report
    self.file = file
    format = report.format.rawValue
    reasons = read.reasons
    digest = report.digest
    tools = report.tools.map { Tool(name: $0.name, version: $0.version) }
    madeAt = report.madeAt?.latest
    subjects = report.subjects.map { Subject(sort: $0.sort.rawValue, value: $0.value) }
    parts = report.contents.map(Part.init)
    notes = report.notes
    wouldRecord = planned
  }
}

extension ReportExplanation.Part {
  init(_ content: IntakeReport.Content) {
    switch content {
    case .tests(let report):
      self.init(
        what: "tests", totals: Self.words(report.totals),
        names: Array(report.failedTests.prefix(20)))
    case .findings(let report):
      let totals = FindingTotals(report.rows.map(\.finding))
      var words: [String: Int] = ["suppressed": report.suppressed.count]
      for severity in Severity.allCases { words[severity.rawValue] = totals[severity] }
      if let checks = report.checks {
        for (word, count) in Self.words(checks) { words["checks-\(word)"] = count }
      }
      if let count = report.componentsScanned { words["components-scanned"] = count }
      let worst = report.rows.map(\.finding).sorted { $0.severity > $1.severity }
      self.init(what: "findings", totals: words, findings: Array(worst.prefix(20)))
    case .components(let components):
      let bare = components.count { $0.version.isEmpty }
      self.init(
        what: "inventory", totals: ["components": components.count, "without-version": bare])
    case .coverage(let totals):
      var words = ["lines-covered": totals.lines.covered, "lines": totals.lines.total]
      if let branches = totals.branches {
        words["branches-covered"] = branches.covered
        words["branches"] = branches.total
      }
      self.init(what: "coverage", totals: words)
    case .exploitability(let statements):
      let totals = Dictionary(grouping: statements, by: \.status.rawValue).mapValues(\.count)
      self.init(what: "exploitability", totals: totals)
    case .changes(let changes):
      let totals = Dictionary(grouping: changes, by: \.action.rawValue).mapValues(\.count)
      let lost = changes.filter { [.delete, .replace].contains($0.action) }.map(\.address)
      self.init(what: "changes", totals: totals, names: Array(lost.prefix(20)))
    case .statement(let statement):
      self.init(
        what: "statement", totals: ["subjects": statement.subjects.count],
        names: [statement.type] + statement.subjects.prefix(20))
    case .document(let document):
      self.init(what: "document", totals: [:], names: [document.sort, document.title])
    }
  }

  private static func words(_ totals: TestTotals) -> [String: Int] {
    [
      "passed": totals.passed, "failed": totals.failed, "errors": totals.errors,
      "skipped": totals.skipped,
    ]
  }
}
