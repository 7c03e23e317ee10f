import Model
import Reading

/// Reads findings in AWS Security Finding Format: a list, or an object with `Findings`.
enum ASFFReader {
  static func read(_ root: ReportNode) throws -> IntakeReader.Parsed {
    let rows = root.json.isArray ? try root.elements() : try root.required("Findings")
    var collector = FindingCollector()
    var counter = CheckCounter()
    var notes: [String] = []
    var products: [String] = []
    for row in rows {
      let rule = try row.requiredString("GeneratorId")
      let product =
        try row.string("ProductName") ?? row.requiredString("ProductArn").split(separator: "/").last
        .map(String.init) ?? "unknown"
      if !products.contains(product) { products.append(product) }
      let finding = try finding(row, rule)
      let scope: FindingReport.Scope =
        finding.package == nil ? .misconfiguration : .vulnerability
      let context = finding.file ?? ""
      let workflow = try row.optional("Workflow")?.string("Status")
      let compliance = try row.optional("Compliance")?.string("Status")
      if try row.string("RecordState") == "ARCHIVED" || workflow == "RESOLVED" { continue }
      if workflow == "SUPPRESSED" {
        collector.suppress(finding, scope, context: context)
        notes.append("A finding of \(rule) is suppressed in its workflow.")
        continue
      }
      switch compliance {
      case "PASSED": counter.passed += 1
      case "NOT_AVAILABLE": counter.skipped += 1
      case nil, "FAILED", "WARNING":
        if compliance != nil { counter.failed += 1 }
        collector.add(finding, scope, context: context)
      case let other?: throw row.error("\"\(other)\" is no status of ASFF's")
      }
    }
    collector.report.shownScopes.insert(.misconfiguration)
    if counter.totals.all > 0 { collector.report.checks = counter.totals }
    return IntakeReader.Parsed(
      tools: products.map { .init(name: $0, version: nil) }, content: .findings(collector.report),
      notes: notes)
  }

  private static func finding(_ row: ReportNode, _ rule: String) throws -> Finding {
    let severity = try row.member("Severity")
    let vulnerability = try row.elements("Vulnerabilities").first
    let package = try vulnerability?.elements("VulnerablePackages").first
    let score = try vulnerability?.elements("Cvss").first
    return Finding(
      rule: try vulnerability?.string("Id") ?? rule,
      severity: try severity.string("Label") == "INFORMATIONAL"
        ? .low : severity.severity("Label"),
      title: FirstLine.of(try row.string("Title") ?? rule),
      cvssTenths: try score?.score("BaseScore"),
      package: try package.flatMap { package in
        try package.string("Name").map { "\($0)@\(try package.string("Version") ?? "")" }
      }, fixedVersion: try package?.string("FixedInVersion"),
      file: try row.elements("Resources").first?.string("Id"),
      cvssVector: try score?.string("BaseVector"), firstSeen: try row.instant("FirstObservedAt"))
  }
}
