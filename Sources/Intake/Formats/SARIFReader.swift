import Model
import Reading

/// Reads SARIF 2.1.0 (OASIS, sections in brackets).
struct SARIFReader {
  private var collector = FindingCollector(shownScopes: [.code])
  private var tools: [IntakeReport.Tool] = []
  private var notes: [String] = []
  private var madeAt: StatedTime?
  private var subjects: [StatedSubject] = []

  static func read(
    _ root: ReportNode, _ subject: ExpectedSubject?
  ) throws -> IntakeReader.Parsed {
    let version = try root.requiredString("version")
    guard version.utf8.elementsEqual("2.1.0".utf8) else {
      throw try root.member("version").error("expected SARIF 2.1.0, found \(version)")
    }
    let runs = try root.member("runs")
    let elements = try runs.elements()
    guard !elements.isEmpty else {
      throw runs.error("the report holds no run: nothing was scanned")
    }
    var reader = SARIFReader()
    for run in elements {
      try checkSubject(run, subject)
      try reader.add(run)
    }
    var parsed = IntakeReader.Parsed(
      tools: reader.tools, content: .findings(reader.collector.report), notes: reader.notes)
    parsed.madeAt = reader.madeAt
    parsed.subjects = reader.subjects
    return parsed
  }

  /// SARIF has no place for an image; Trivy writes it into the run's property bag.
  private static func checkSubject(_ run: ReportNode, _ subject: ExpectedSubject?) throws {
    guard let subject else { return }
    guard let properties = try run.optional("properties"),
      let image = try properties.optional("imageID")
    else { throw run.error("the run does not say which image it is about") }
    guard try image.string().utf8.elementsEqual(subject.imageConfig.description.utf8) else {
      throw image.error("the run is about another image; expected \(subject.imageConfig)")
    }
  }

  private mutating func add(_ run: ReportNode) throws {
    let rules = try SARIFRules(try run.member("tool"))
    tools.append(rules.tool)
    try addInvocations(run, rules.tool.name)
    for origin in try run.elements("versionControlProvenance") {
      if let commit = try origin.string("revisionId") {
        subjects.append(.init(.commit, commit))
      }
    }
    if let image = try run.optional("properties")?.optional("imageID")?.json.string {
      subjects.append(.init(.imageConfig, image))
    }
    if let external = try run.optional("externalPropertyFileReferences"),
      let elsewhere = try external.optional("results")
    {
      throw elsewhere.error("the results lie in other files, which are not read")
    }
    guard let results = try run.optional("results") else {
      throw run.error("\"results\" is missing: the run did not scan (section 3.14.23)")
    }
    for result in try results.elements() { try add(result, rules) }
  }

  private mutating func addInvocations(_ run: ReportNode, _ tool: String) throws {
    for invocation in try run.elements("invocations") {
      madeAt = try invocation.time("endTimeUtc") ?? madeAt
      guard try invocation.bool("executionSuccessful") ?? false else {
        throw invocation.error("\(tool) says that its own run did not succeed")
      }
      let kinds: [StaticString] = ["toolExecutionNotifications", "toolConfigurationNotifications"]
      for notification in try kinds.flatMap({ try invocation.elements($0) })
      where try notification.string("level") == "error" {
        let text = try notification.optional("message")?.string("text") ?? "no message"
        notes.append("\(tool) reports an error of its own: \(text)")
      }
    }
  }

  private mutating func add(_ result: ReportNode, _ rules: SARIFRules) throws {
    let rule = try rules.rule(of: result)
    let kind = try result.string("kind") ?? "fail"
    let level = try level(of: result, rule, kind)
    switch kind {
    case "fail", "open", "review": break
    case "pass", "notApplicable", "informational":
      guard level == nil || level == "none" else {
        throw result.error("kind \"\(kind)\" with level \"\(level ?? "")\" contradicts itself")
      }
      return
    default: throw try result.member("kind").error("\"\(kind)\" is no kind (section 3.27.9)")
    }
    if try result.string("baselineState") == "absent" { return }
    let finding = try finding(result, rule, level)
    let context = try SARIFPlaces.context(result)
    if try isSuppressed(result) {
      collector.suppress(finding, .code, context: context)
      notes.append("\(rules.tool.name) suppressed a finding of \(finding.rule).")
    } else {
      collector.add(finding, .code, context: context)
    }
  }

  /// The level that the result or its rule states; `nil` where neither does. The standard's
  /// default of "warning" is not taken for the tool's word.
  private func level(
    of result: ReportNode, _ rule: SARIFRules.Rule, _ kind: String
  ) throws -> String? {
    guard let level = try result.string("level") else { return kind == "fail" ? rule.level : nil }
    guard SARIFRules.levels.contains(level) else {
      throw try result.member("level").error("\"\(level)\" is no level (section 3.27.10)")
    }
    return level
  }

  private func isSuppressed(_ result: ReportNode) throws -> Bool {
    let suppressions = try result.elements("suppressions")
    let states = try suppressions.map { try $0.string("status") ?? "accepted" }
    return !states.isEmpty && states.allSatisfy { $0 == "accepted" }
  }

  private mutating func finding(
    _ result: ReportNode, _ rule: SARIFRules.Rule, _ level: String?
  ) throws -> Finding {
    let message = try result.member("message")
    let text =
      try message.string("text", &collector.pool) ?? message.string("markdown") ?? message.string(
        "id") ?? rule.title
    let physical = try result.elements("locations").first?.optional("physicalLocation")
    let score = try SARIFRules.score(result) ?? rule.score
    let region = try physical?.optional("region")
    let package = SARIFPlaces.package(text ?? "")
    return Finding(
      rule: rule.id, severity: SARIFRules.severity(level: level, score: score),
      title: package == nil ? FirstLine.of(text ?? rule.id) : rule.title ?? rule.id,
      cvssTenths: score, package: package?.name, fixedVersion: package?.fixed,
      file: try physical?.optional("artifactLocation")?.string("uri", &collector.pool),
      line: try region?.count("startLine"),
      weaknesses: try SARIFPlaces.weaknesses(result) ?? rule.weaknesses,
      firstSeen: try result.optional("provenance")?.instant("firstDetectionTimeUtc"))
  }
}
