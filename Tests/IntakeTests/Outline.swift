import Intake
import Model

/// A report in one line a part, so that a test can say wholly what must come out.
func outline(_ report: IntakeReport) -> [String] {
  var lines = [
    ([report.format.rawValue] + report.tools.map { "\($0.name) \($0.version ?? "-")" })
      .joined(separator: "; ")
  ]
  for content in report.contents {
    switch content {
    case .tests(let tests):
      let totals = tests.totals
      lines.append(
        "tests \(totals.passed) \(totals.failed) \(totals.errors) \(totals.skipped): "
          + tests.failedTests.joined(separator: ", "))
    case .findings(let findings):
      lines += findings.rows.map { "\($0.scope.rawValue): \(words($0.finding))" }
      lines += findings.suppressed.map { "suppressed: \(words($0))" }
      if let checks = findings.checks {
        lines.append(
          "checks \(checks.passed) \(checks.failed) \(checks.errors) \(checks.skipped)")
      }
      if let count = findings.componentsScanned { lines.append("components scanned \(count)") }
    case .components(let components):
      lines += components.map { "\($0.name) \($0.version) \($0.packageURL ?? "-")" }
    case .coverage(let totals):
      let shares = [totals.lines, totals.branches, totals.functions].map {
        $0.map { "\($0.covered)/\($0.total)" } ?? "-"
      }
      lines.append("coverage \(shares.joined(separator: " ")), files \(totals.files ?? 0)")
    case .exploitability(let statements):
      lines += statements.map {
        "\($0.vulnerability) \($0.status.rawValue) \($0.products.joined(separator: " "))"
          + " \($0.justification ?? "-") by \($0.author ?? "-")"
      }
    case .changes(let changes): lines += changes.map { "\($0.action.rawValue) \($0.address)" }
    case .statement(let statement):
      lines.append(
        "\(statement.type): \(statement.subjects.joined(separator: ", ")); keys "
          + statement.keyIDs.joined(separator: ", "))
    case .document(let document):
      lines.append("\(document.sort) \"\(document.title)\" \(document.version ?? "-")")
    }
  }
  return lines
}

private func words(_ finding: Finding) -> String {
  var words = ["\(finding.severity.rawValue) \(finding.rule)"]
  words += finding.aliases ?? []
  words += finding.weaknesses ?? []
  words += finding.cvssTenths.map { ["\($0)"] } ?? []
  words += finding.package.map { [$0] } ?? []
  words += finding.fixedVersion.map { ["fixed in \($0)"] } ?? []
  words += finding.file.map { [$0 + (finding.line.map { ":\($0)" } ?? "")] } ?? []
  return words.joined(separator: " ")
}
