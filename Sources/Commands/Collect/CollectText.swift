import Foundation
import Journey
import Model

/// What collecting says to people.
enum CollectText {
  static func lines(_ report: ReportExplanation) -> [String] {
    var lines = ["\(report.file)", "  kind      \(report.format)"]
    lines += report.reasons.map { "            because \($0)" }
    for tool in report.tools {
      lines.append(
        "  tool      \(tool.name)\(tool.version.map { " \($0)" } ?? ", version not stated")")
    }
    if let time = report.madeAt { lines.append("  made at   \(time), by its own word") }
    lines += report.subjects.map { "  about     \($0.sort) \($0.value)" }
    lines.append("  digest    \(report.digest)")
    for part in report.parts {
      lines.append("  \(part.what): \(totals(part.totals))")
      lines += part.names.map { "    \($0)" }
      lines += part.findings.map { "    \(words($0))" }
    }
    lines += report.notes.map { "  note: \($0)" }
    if report.wouldRecord.isEmpty { lines.append("  nothing of it would be recorded") }
    for planned in report.wouldRecord {
      let aspect = planned.aspect.map { " (\($0))" } ?? ""
      lines.append(
        planned.obstacle.map {
          "  would not be recorded as \(planned.kind.rawValue)\(aspect): \($0)"
        } ?? "  would be recorded as \(planned.kind.rawValue)\(aspect)")
    }
    return lines
  }

  static func lines(_ collected: CollectedReports) -> [String] {
    var lines: [String] = []
    for report in collected.reports {
      for entry in report.entries {
        lines.append("\(report.file): \(entry.kind.rawValue) recorded as entry \(entry.index)")
      }
      lines += report.notes.map { "  note: \($0)" }
    }
    if collected.findings > 0 {
      lines.append(
        "\(collected.findings) findings, \(collected.distinctFindings) of them different")
    }
    return lines + ["recorded under the id \(collected.run)"]
  }

  private static func totals(_ totals: [String: Int]) -> String {
    let shown = totals.filter { $0.value > 0 }.sorted { $0.key < $1.key }
    return shown.isEmpty ? "none" : shown.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
  }

  private static func words(_ finding: Finding) -> String {
    let place = finding.file.map { " \($0)\(finding.line.map { ":\($0)" } ?? "")" } ?? ""
    return "\(finding.severity.rawValue)  \(finding.rule)"
      + "\(finding.package.map { " in \($0)" } ?? "")\(place): \(finding.title)"
  }
}
