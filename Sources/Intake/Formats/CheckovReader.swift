import Model
import Reading

/// Reads Checkov's JSON: one framework, or a list of them.
struct CheckovReader {
  private var collector = FindingCollector(shownScopes: [.misconfiguration])
  private var counter = CheckCounter()
  private var notes: [String] = []
  private var version: String?
  private var resources = 0

  static func read(_ root: ReportNode) throws -> IntakeReader.Parsed {
    var reader = CheckovReader()
    for framework in root.json.isArray ? try root.elements().map({ $0 }) : [root] {
      try reader.add(framework)
    }
    let counted = reader.counter.totals.all + reader.resources
    guard counted > 0 else {
      throw root.error("Checkov looked at no resource: nothing was checked")
    }
    reader.collector.report.checks = reader.counter.totals
    return IntakeReader.Parsed(
      tools: [.init(name: "checkov", version: reader.version)],
      content: .findings(reader.collector.report), notes: reader.notes)
  }

  private mutating func add(_ framework: ReportNode) throws {
    guard let results = try framework.optional("results") else {
      // What Checkov writes when no file was one of its frameworks'.
      resources += try framework.count("resource_count") ?? 0
      return
    }
    let type = try framework.requiredString("check_type")
    let summary = try framework.optional("summary")
    version = try summary?.string("checkov_version") ?? version
    resources += try summary?.count("resource_count") ?? 0
    try compare(results, summary, "passed_checks", "passed")
    try compare(results, summary, "failed_checks", "failed")
    try compare(results, summary, "skipped_checks", "skipped")
    counter.passed += try results.elements("passed_checks").count
    for row in try results.elements("failed_checks") {
      counter.failed += 1
      collector.add(
        try finding(row), Self.scope(type), context: try row.string("resource") ?? "")
    }
    for row in try results.elements("skipped_checks") {
      counter.skipped += 1
      let finding = try finding(row)
      collector.suppress(finding, Self.scope(type), context: try row.string("resource") ?? "")
      let reason = try row.optional("check_result")?.string("suppress_comment")
      notes.append("Checkov skipped \(finding.rule): \(reason ?? "no reason given").")
    }
    let unread = try summary?.count("parsing_errors") ?? results.elements("parsing_errors").count
    counter.errors += unread
    if unread > 0 { notes.append("Checkov could not read \(unread) files for \(type).") }
  }

  /// Quiet runs leave lists out; one that is there must have as many rows as the summary says.
  private func compare(
    _ results: ReportNode, _ summary: ReportNode?, _ list: StaticString, _ counter: StaticString
  ) throws {
    guard let rows = try results.optional(list), let summary,
      let stated = try summary.count(counter)
    else { return }
    let count = try rows.elements().count
    guard stated == count else {
      throw rows.error("the summary states \(stated) \(counter), the rows say \(count)")
    }
  }

  private mutating func finding(_ row: ReportNode) throws -> Finding {
    let rule = try row.requiredString("check_id")
    let details = try row.optional("vulnerability_details")
    let package = try details.flatMap { details in
      try details.string("package_name").map {
        "\($0)@\(try details.string("package_version") ?? "")"
      }
    }
    return Finding(
      rule: try details?.string("id") ?? rule,
      severity: try row.severity("severity"),
      title: try row.string("check_name") ?? rule, package: package,
      file: try row.string("file_path", &collector.pool),
      line: try row.elements("file_line_range").first?.json.integer.flatMap {
        $0 > 0 ? Int(exactly: $0) : nil
      })
  }

  private static func scope(_ type: String) -> FindingReport.Scope {
    switch type {
    case "secrets": .secret
    case "sca_package", "sca_image": .vulnerability
    case let type where type.hasPrefix("sast"): .code
    default: .misconfiguration
    }
  }
}
