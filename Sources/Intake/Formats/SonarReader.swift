import Model
import Reading

/// Reads what SonarQube's web API answers: `api/issues/search` and
/// `api/qualitygates/project_status`.
enum SonarReader {
  // MARK: Issues

  static func issues(_ root: ReportNode) throws -> IntakeReader.Parsed {
    let rows = try root.required("issues")
    let total = try root.optional("paging")?.count("total") ?? root.count("total")
    guard let total else { throw root.error("it does not say how many issues there are") }
    let count = rows.count
    guard total == count else {
      throw root.error(
        "it states \(total) issues and holds \(count): it is one page of several")
    }
    var collector = FindingCollector(shownScopes: [.code])
    var notes: [String] = []
    for row in rows {
      let resolution = try row.string("resolution") ?? row.string("issueStatus")
      let status = try row.string("status") ?? ""
      let finding = try finding(row, &collector)
      let context = try row.string("hash")
      switch resolution {
      case "FALSE-POSITIVE", "FALSE_POSITIVE", "WONTFIX", "ACCEPTED":
        collector.suppress(finding, .code, context: context)
        notes.append("In SonarQube \(finding.rule) is marked as \(resolution ?? "").")
      case "FIXED", "REMOVED": continue
      case nil, "OPEN", "CONFIRMED", "REOPENED":
        guard status != "CLOSED", status != "RESOLVED" else { continue }
        collector.add(finding, .code, context: context)
      case let other?:
        throw row.error("\"\(other)\" is no resolution of SonarQube's that is known")
      }
    }
    return IntakeReader.Parsed(
      tools: [.init(name: "sonarqube", version: nil)], content: .findings(collector.report),
      notes: notes)
  }

  private static func finding(
    _ row: ReportNode, _ collector: inout FindingCollector
  ) throws -> Finding {
    let rule = try row.requiredString("rule")
    let component = try row.requiredString("component", &collector.pool)
    // A component is the project's key, a colon, and the path.
    let path = component.firstIndex(of: ":").map {
      String(component[component.index(after: $0)...])
    }
    var severity = try row.severity("severity")
    if severity == .unknown {
      severity = try row.elements("impacts").map { try $0.severity("severity") }.max() ?? .unknown
    }
    return Finding(
      rule: rule, severity: severity, title: FirstLine.of(try row.string("message") ?? rule),
      file: path ?? component, line: try row.line("line"),
      weaknesses: Weakness.ids(try row.strings("tags").filter { $0.hasPrefix("cwe-") }),
      firstSeen: try row.instant("creationDate"))
  }

  // MARK: Quality gates

  /// Each condition is one check.
  static func qualityGate(_ root: ReportNode) throws -> IntakeReader.Parsed {
    let project = try root.member("projectStatus")
    let status = try project.requiredString("status")
    let conditions = try project.required("conditions")
    guard !conditions.isEmpty, status != "NONE" else {
      throw project.error("the quality gate judged nothing")
    }
    var counter = CheckCounter()
    var report = TestReport(
      totals: counter.totals, passedTests: [], failedTests: [], flakyTests: [])
    var notes: [String] = []
    for condition in conditions {
      let metric = try condition.requiredString("metricKey")
      let name = [
        metric, try condition.string("comparator"), try condition.text("errorThreshold"),
      ].compactMap { $0 }.joined(separator: " ")
      switch try condition.requiredString("status") {
      case "OK":
        counter.passed += 1
        report.passedTests.append(name)
      case "WARN":
        counter.passed += 1
        report.passedTests.append(name)
        notes.append(
          "SonarQube warns of \(name): it is \(try condition.text("actualValue") ?? "").")
      case "ERROR":
        counter.failed += 1
        report.failedTests.append(name)
      case "NO_VALUE": counter.skipped += 1
      case let other: throw condition.error("\"\(other)\" is no status of a condition")
      }
    }
    guard ["OK", "WARN", "ERROR"].contains(status), (status == "ERROR") == (counter.failed > 0)
    else {
      throw project.error(
        "the gate's status is \"\(status)\", and \(counter.failed) of its conditions failed")
    }
    report.totals = counter.totals
    var parsed = IntakeReader.Parsed(
      tools: [.init(name: "sonarqube", version: nil)], content: .tests(report), notes: notes)
    parsed.madeAt = nil
    return parsed
  }
}

extension ReportNode {
  /// The text of a member that must be there and not be empty, sharing storage with texts like it.
  func requiredString(_ name: StaticString, _ pool: inout TextPool) throws -> String {
    guard let text = try string(name, &pool) else { return try requiredString(name) }
    return text
  }
}
