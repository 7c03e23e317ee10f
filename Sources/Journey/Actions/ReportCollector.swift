import Intake
import Model
import Pipeline

/// Makes evidence of the reports that steps leave.
struct ReportCollector: Sendable {
  let home: LedgerHome
  let time: TimeSource

  /// Reads a report strictly and keeps its bytes.
  ///
  /// - Throws: `Problem` when the report is refused: then the step fails.
  func collect(_ report: CollectedReport) async throws -> [Evidence] {
    guard let format = ReportFormat(rawValue: report.definition.format) else {
      throw Problem(.badInput, "the format \"\(report.definition.format)\" cannot be read")
    }
    let read = try IntakeReader.read(report.bytes, format: format, source: report.path)
    _ = try await home.blobs.put(report.bytes)
    let step = ReportingStep(
      application: report.application, run: report.run, time: time.now(), tool: report.step,
      toolVersion: "")
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
    default:
      throw Problem(
        .badInput, "a report cannot become evidence of kind \"\(kind.rawValue)\"", at: report.path)
    }
  }
}
