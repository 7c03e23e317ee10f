import Model
import Reading

/// Reads Gitleaks' JSON. What matched, and who wrote it, is left out.
enum GitleaksReader {
  static func read(_ root: ReportNode) throws -> IntakeReader.Parsed {
    var collector = FindingCollector(shownScopes: [.secret])
    for row in try root.elements() {
      let rule = try row.requiredString("RuleID")
      collector.add(
        Finding(
          rule: rule, severity: .unknown, title: try row.string("Description") ?? rule,
          file: try row.requiredString("File"), line: try row.line("StartLine"),
          firstSeen: try row.instant("Date")), .secret, context: "")
    }
    return .ofLinter("gitleaks", collector)
  }
}

/// Reads cfn-lint's JSON.
enum CfnLintReader {
  static func read(_ root: ReportNode) throws -> IntakeReader.Parsed {
    var collector = FindingCollector(shownScopes: [.misconfiguration])
    for row in try root.elements() {
      let rule = try row.member("Rule")
      let location = try row.member("Location")
      let path = try location.elements("Path").map {
        $0.json.string ?? $0.json.integer.map { "\($0)" } ?? ""
      }
      collector.add(
        Finding(
          rule: try rule.requiredString("Id"), severity: try row.severity("Level"),
          title: FirstLine.of(try row.requiredString("Message")),
          file: try row.requiredString("Filename"),
          line: try location.optional("Start")?.line("LineNumber")), .misconfiguration,
        context: path.isEmpty ? nil : path.joined(separator: "/"))
    }
    return .ofLinter("cfn-lint", collector)
  }
}

/// Reads hadolint's JSON.
enum HadolintReader {
  static func read(_ root: ReportNode) throws -> IntakeReader.Parsed {
    var collector = FindingCollector(shownScopes: [.misconfiguration])
    for row in try root.elements() {
      let level = try row.member("level")
      guard let severity = SeverityWords.severity(try level.string()), severity != .unknown else {
        throw level.error("\"\(try level.string())\" is no level of hadolint's")
      }
      collector.add(
        Finding(
          rule: try row.requiredString("code"), severity: severity,
          title: FirstLine.of(try row.requiredString("message")),
          file: try row.requiredString("file"), line: try row.line("line")), .misconfiguration)
    }
    return .ofLinter("hadolint", collector)
  }
}

/// Reads Bandit's JSON.
enum BanditReader {
  static func read(_ root: ReportNode) throws -> IntakeReader.Parsed {
    var collector = FindingCollector(shownScopes: [.code])
    let metrics = try root.member("metrics").members()
    guard metrics.contains(where: { $0.name != "_totals" }) else {
      throw try root.member("metrics").error("Bandit looked at no file: nothing was scanned")
    }
    for row in try root.required("results") {
      let weakness = try row.optional("issue_cwe")?.text("id")
      collector.add(
        Finding(
          rule: try row.requiredString("test_id"), severity: try bandit(row),
          title: FirstLine.of(try row.requiredString("issue_text")),
          file: try row.requiredString("filename"), line: try row.line("line_number"),
          weaknesses: Weakness.ids(weakness.map { [$0] } ?? [])), .code,
        context: try row.string("code").map(withoutNumbers))
    }
    let notes = try root.required("errors").map {
      "Bandit could not read \(try $0.string("filename") ?? "a file"): "
        + "\(try $0.string("reason") ?? "no reason given")"
    }
    var parsed = IntakeReader.Parsed.ofLinter("bandit", collector)
    parsed.notes += notes
    parsed.madeAt = try root.time("generated_at")
    return parsed
  }

  private static func bandit(_ row: ReportNode) throws -> Severity {
    try row.string("issue_severity") == "UNDEFINED" ? .unknown : row.severity("issue_severity")
  }

  /// The code without the numbers of its lines, which stand before each.
  private static func withoutNumbers(_ code: String) -> String {
    code.split(whereSeparator: \.isNewline)
      .map {
        $0.drop(while: \.isNumber).split(whereSeparator: \.isWhitespace).joined(separator: " ")
      }
      .joined(separator: "\n")
  }
}

extension IntakeReader.Parsed {
  /// What a linter says, whose report has no place for its version. An empty list is its way to say
  /// that it found nothing, and does not show what it looked at.
  static func ofLinter(_ tool: String, _ collector: FindingCollector) -> IntakeReader.Parsed {
    let isEmpty = collector.report.rows.isEmpty && collector.report.suppressed.isEmpty
    return IntakeReader.Parsed(
      tools: [.init(name: tool, version: nil)], content: .findings(collector.report),
      notes: isEmpty
        ? ["The report lists nothing, and does not show what \(tool) looked at."] : [])
  }
}
