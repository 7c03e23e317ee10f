import Journey
import Ledger
import LedgerSQLite
import Model
import Reading
import TestKit

/// What the tools of a run left in a ledger.
struct ToolEvidence {
  /// Findings, in the ledger's order.
  var scans: [ScanResult] = []
  /// Tests, in the ledger's order.
  var tests: [TestResult] = []
  /// Steps by their ids.
  var steps: [String: StepReport] = [:]

  /// Reads a ledger.
  init(_ path: String) async throws {
    let home = try LedgerHome.open(at: path, readOnly: true)
    for shown in try await home.entries(kind: nil, limit: .max) {
      let predicate = try await home.entry(shown.index).statement?["predicate"]
      switch shown.kind {
      case .staticAnalysis, .vulnerabilityScan:
        if let result: ScanResult = try predicate?.decode() { scans.append(result) }
      case .testResult:
        if let result: TestResult = try predicate?.decode() { tests.append(result) }
      case .step:
        if let report: StepReport = try predicate?.decode() { steps[report.id] = report }
      default: break
      }
    }
    try home.ledger.close()
  }

  /// The findings of a tool at a target.
  func scan(_ tool: String, _ target: String, _ scope: String? = nil) -> ScanResult? {
    scans.last {
      $0.source.tool == tool && $0.target == target && (scope == nil || $0.scope == scope)
    }
  }
}
