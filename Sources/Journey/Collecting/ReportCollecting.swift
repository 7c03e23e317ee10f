public import Intake
public import Model

/// What whoever collects reports says of them.
public struct CollectingOptions: Sendable {
  /// The format, where the content alone does not decide.
  public var format: ReportFormat?
  /// How to read JSON of no known kind.
  public var mapping: ReportMapping?
  /// Which tests ran, for tests and coverage.
  public var suite: String?
  /// What was scanned for, for reports that do not show it.
  public var scopes: [FindingReport.Scope] = []
  /// When the commit was made: an older report is refused.
  public var commitTime: Instant?
  /// What the reports are collected for.
  public var subjects: [Subject] = []

  /// Nothing is said beforehand.
  public init() {}

  var expectation: ReportExpectation {
    ReportExpectation(digests: subjects.flatMap(\.digests), commitTime: commitTime)
  }
}

/// Reads reports by their content, and says what can be made of them.
public enum ReportCollecting {
  /// Explains one report.
  ///
  /// - Throws: `Problem` when the report is refused.
  public static func explain(
    _ path: String, options: CollectingOptions, time: Instant
  ) throws -> ReportExplanation {
    let read = try read(path, options)
    return ReportExplanation(
      read, file: path, planned: try plan(read.report, path, options, run: "explain", time))
  }

  static func read(_ path: String, _ options: CollectingOptions) throws -> RecognisedReport {
    try IntakeReader.read(
      ReportFile.open(path), source: path, format: options.format, mapping: options.mapping,
      expecting: options.expectation)
  }

  private static func plan(
    _ report: IntakeReport, _ path: String, _ options: CollectingOptions, run: String,
    _ time: Instant
  ) throws -> [ReportExplanation.Planned] {
    let step = try step(of: report, path, application: "application", run: run, time: time)
    return pieces(of: report, options).map { piece in
      do {
        _ = try piece.predicate(of: report, step)
        return .init(kind: piece.kind, aspect: piece.aspect, obstacle: nil)
      } catch {
        let reason = (error as? Problem)?.message ?? "\(error)"
        return .init(kind: piece.kind, aspect: piece.aspect, obstacle: reason)
      }
    }
  }

  /// The step behind a report: what `report.json` beside it says, where it is there.
  static func step(
    of report: IntakeReport, _ path: String, application: String, run: String, time: Instant
  ) throws -> ReportingStep {
    let statement = "\(PathText.parent(of: path))/\(ReportStatement.fileName)"
    let name = String(path.split(separator: "/").last ?? "")
    var stated: ReportStatement?
    do {
      stated = try ReportStatement.read(
        InputFile.read(statement), source: statement, about: name, format: report.format)
    } catch let problem as Problem where problem.code == .notFound {
      stated = nil
    }
    if let stated { try report.refuseOtherVersion(than: stated.toolVersion, at: path) }
    return ReportingStep(
      application: application, run: run, time: time, tool: stated?.tool ?? "",
      toolVersion: stated?.toolVersion ?? "", feed: stated?.feed, rules: stated?.rules)
  }

  /// The pieces of evidence that a report can become.
  static func pieces(of report: IntakeReport, _ options: CollectingOptions) -> [CollectedPiece] {
    report.contents.flatMap { content -> [CollectedPiece] in
      switch content {
      case .tests: [.tests(suite: options.suite)]
      case .coverage: [.coverage(suite: options.suite)]
      case .components: [.inventory]
      case .exploitability: [.exploitability]
      case .changes: [.changes]
      case .findings(let findings):
        (options.scopes.isEmpty
          ? FindingReport.Scope.allCases.filter(findings.shownScopes.contains) : options.scopes)
          .map { .scan($0) }
      case .statement, .document: []
      }
    }
  }
}

/// One piece of evidence that a report can become.
enum CollectedPiece {
  case tests(suite: String?)
  case coverage(suite: String?)
  case scan(FindingReport.Scope)
  case inventory
  case exploitability
  case changes

  var kind: EvidenceKind {
    switch self {
    case .tests: .testResult
    case .coverage: .coverage
    case .scan(.vulnerability): .vulnerabilityScan
    case .scan: .staticAnalysis
    case .inventory: .inventory
    case .exploitability: .exploitability
    case .changes: .infrastructurePlan
    }
  }

  var aspect: String? {
    switch self {
    case .tests(let suite), .coverage(let suite): suite
    case .scan(let scope): scope.rawValue
    default: nil
    }
  }

  /// - Throws: `Problem` when the report cannot be the answer.
  func predicate(
    of report: IntakeReport, _ step: ReportingStep
  ) throws -> any Encodable & Sendable {
    func named(_ suite: String?) throws -> String {
      guard let suite else {
        throw Problem(
          .badInput, "the report does not say which tests ran", advice: "Name them with --suite.")
      }
      return suite
    }
    switch self {
    case .tests(let suite): return try report.testResult(suite: named(suite), step: step)
    case .coverage(let suite): return try report.coverageResult(suite: named(suite), step: step)
    case .scan(let scope): return try report.scanResult(scope: scope, step: step)
    case .inventory: return try report.inventoryResult(step: step)
    case .exploitability: return try report.exploitabilityResult(step: step)
    case .changes: return try report.infrastructurePlan(step: step)
    }
  }
}
