import Model
import Reading

/// Reads Prowler's JSON: OCSF detection findings, or its own form of version 3.
struct ProwlerReader {
  private var collector = FindingCollector(shownScopes: [.misconfiguration])
  private var counter = CheckCounter()
  private var notes: [String] = []
  private var version: String?
  private var madeAt: StatedTime?

  static func recogniseOCSF(_ root: ReportNode) -> String? {
    guard root.json.isArray, let first = root.json.elements.first(where: { _ in true }),
      let product = first.member("metadata")?.member("product")?.member("name")?.string,
      product == "Prowler"
    else { return nil }
    return "its elements are OCSF findings of Prowler"
  }

  static func read(_ root: ReportNode) throws -> IntakeReader.Parsed {
    var reader = ProwlerReader()
    for row in try root.elements() {
      if row.has("CheckID") { try reader.addOwn(row) } else { try reader.addOCSF(row) }
    }
    reader.collector.report.checks = reader.counter.totals
    var parsed = IntakeReader.Parsed(
      tools: [.init(name: "prowler", version: reader.version)],
      content: .findings(reader.collector.report), notes: reader.notes)
    parsed.madeAt = reader.madeAt
    return parsed
  }

  private mutating func addOwn(_ row: ReportNode) throws {
    madeAt = try madeAt ?? row.time("AssessmentStartTime")
    let rule = try row.requiredString("CheckID")
    let finding = Finding(
      rule: rule, severity: try row.severity("Severity"),
      title: try row.string("CheckTitle") ?? rule,
      file: try row.string("ResourceArn") ?? row.string("ResourceId"))
    try count(row.member("Status"), finding)
  }

  private mutating func addOCSF(_ row: ReportNode) throws {
    let metadata = try row.member("metadata")
    version = try metadata.optional("product")?.string("version") ?? version
    madeAt = try madeAt ?? row.time("time_dt") ?? row.time("time")
    let rule = try metadata.requiredString("event_code")
    let information = try row.member("finding_info")
    let finding = Finding(
      rule: rule, severity: try severity(row), title: try information.string("title") ?? rule,
      file: try row.elements("resources").first?.string("uid"),
      firstSeen: try information.instant("first_seen_time"))
    if try row.string("status") == "Suppressed" {
      counter.skipped += 1
      collector.suppress(finding, .misconfiguration, context: finding.file ?? "")
      notes.append("Prowler suppressed a finding of \(rule).")
      return
    }
    try count(row.member("status_code"), finding)
  }

  private func severity(_ row: ReportNode) throws -> Severity {
    switch try row.string("severity") {
    case "Fatal": .critical
    case "Other": .unknown
    default: try row.severity("severity")
    }
  }

  private mutating func count(_ status: ReportNode, _ finding: Finding) throws {
    switch try status.string() {
    case "PASS": counter.passed += 1
    case "FAIL":
      counter.failed += 1
      collector.add(finding, .misconfiguration, context: finding.file ?? "")
    case "MANUAL", "INFO": counter.skipped += 1
    case "MUTED", "WARNING":
      counter.skipped += 1
      collector.suppress(finding, .misconfiguration, context: finding.file ?? "")
      notes.append("Prowler muted a finding of \(finding.rule).")
    case let other: throw status.error("\"\(other)\" is no status of Prowler's")
    }
  }
}
