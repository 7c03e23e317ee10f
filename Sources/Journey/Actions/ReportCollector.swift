import Intake
import Model
import Pipeline

/// Makes evidence of the reports that steps leave.
struct ReportCollector: Sendable {
  let home: LedgerHome
  let time: TimeSource
  /// When the commit was made that the run carries: no report can be older.
  let commitTime: Instant?

  /// Reads a report strictly and keeps its bytes.
  ///
  /// - Throws: `Problem` when the report is refused: then the step fails.
  func collect(_ report: CollectedReport) async throws -> [Evidence] {
    guard let format = ReportFormat(rawValue: report.definition.format) else {
      throw Problem(.badInput, "the format \"\(report.definition.format)\" cannot be read")
    }
    let read = try IntakeReader.read(
      ReportInput(report.bytes), source: report.path, format: format,
      expecting: ReportExpectation(
        digests: report.subjects.flatMap(\.digests), commitTime: commitTime)
    ).report
    _ = try await home.keep(report: report.bytes, at: report.path)
    let stated = try report.statement.map {
      try ReportStatement.read(
        $0, source: "\(PathText.parent(of: report.path))/\(ReportStatement.fileName)",
        about: report.name, format: format)
    }
    if let stated { try read.refuseOtherVersion(than: stated.toolVersion, at: report.path) }
    let step = ReportingStep(
      application: report.application, run: report.run, time: time.now(),
      tool: stated?.tool ?? report.step, toolVersion: stated?.toolVersion ?? "",
      feed: stated?.feed, rules: stated?.rules)
    let kind = report.definition.kind
    switch kind {
    case .testResult:
      let suite = report.definition.suite ?? report.step
      return [
        Evidence(
          kind: kind, subjects: report.subjects,
          predicate: try read.testResult(suite: suite, step: step))
      ]
    case .inventory:
      return [
        Evidence(
          kind: kind, subjects: report.subjects, predicate: try read.inventoryResult(step: step))
      ]
    case .staticAnalysis, .vulnerabilityScan:
      let scope = report.definition.scope.flatMap(FindingReport.Scope.init) ?? .code
      return [
        Evidence(
          kind: kind, subjects: report.subjects,
          predicate: try read.scanResult(scope: scope, step: step))
      ]
    case .coverage:
      let suite = report.definition.suite ?? report.step
      return [
        Evidence(
          kind: kind, subjects: report.subjects,
          predicate: try read.coverageResult(suite: suite, step: step))
      ]
    case .exploitability:
      return [
        Evidence(
          kind: kind, subjects: report.subjects,
          predicate: try read.exploitabilityResult(step: step))
      ]
    case .infrastructurePlan:
      return [
        Evidence(
          kind: kind, subjects: report.subjects, predicate: try read.infrastructurePlan(step: step))
      ]
    default:
      throw Problem(
        .badInput, "a report cannot become evidence of kind \"\(kind.rawValue)\"", at: report.path)
    }
  }
}
