import Model
import Reading

/// Reads k6's summary: what `--summary-export` writes, or what `handleSummary` is given. Each
/// threshold and each check is one test.
struct K6Reader {
  private var counter = CheckCounter()
  private var report = TestReport(
    totals: TestTotals(passed: 0, failed: 0, errors: 0, skipped: 0), passedTests: [],
    failedTests: [], flakyTests: [])
  private var passes = 0
  private var fails = 0

  static func read(_ root: ReportNode) throws -> IntakeReader.Parsed {
    var reader = K6Reader()
    for (name, metric) in try root.member("metrics").members() {
      for (text, threshold) in try metric.optional("thresholds")?.members() ?? [] {
        reader.count(try Self.holds(threshold), "\(name): \(text)")
      }
    }
    try reader.addGroup(try root.member("root_group"), "")
    try reader.compare(root)
    guard reader.counter.totals.all > 0 else {
      throw root.error("k6 judged nothing: it had neither a threshold nor a check")
    }
    reader.report.totals = reader.counter.totals
    return IntakeReader.Parsed(
      tools: [.init(name: "k6", version: nil)], content: .tests(reader.report))
  }

  private mutating func count(_ isPassed: Bool, _ name: String) {
    if isPassed {
      counter.passed += 1
      report.passedTests.append(name)
    } else {
      counter.failed += 1
      report.failedTests.append(name)
    }
  }

  /// `handleSummary` gives `{"ok": true}`; `--summary-export` writes whether the threshold was
  /// crossed, so that `true` there means that it failed.
  private static func holds(_ threshold: ReportNode) throws -> Bool {
    if let crossed = threshold.json.bool { return !crossed }
    guard let ok = try threshold.member("ok").json.bool else {
      throw threshold.error("it does not say whether the threshold held")
    }
    return ok
  }

  private mutating func addGroup(_ group: ReportNode, _ way: String) throws {
    for check in try Self.children(group, "checks") {
      let passed = try check.count("passes") ?? 0
      let failed = try check.count("fails") ?? 0
      passes += passed
      fails += failed
      let name = "\(way)\(try check.requiredString("name"))"
      if passed + failed == 0 { counter.skipped += 1 } else { count(failed == 0, name) }
    }
    for child in try Self.children(group, "groups") {
      try addGroup(child, "\(way)\(try child.requiredString("name")): ")
    }
  }

  /// Children come as a list or by name.
  private static func children(_ group: ReportNode, _ name: StaticString) throws -> [ReportNode] {
    guard let node = try group.optional(name) else { return [] }
    return node.json.isArray ? try node.elements().map { $0 } : try node.members().map(\.value)
  }

  /// The metric `checks` must count what the groups' checks say.
  private func compare(_ root: ReportNode) throws {
    guard let checks = try root.member("metrics").optional("checks") else { return }
    let values = try checks.optional("values") ?? checks
    guard let stated = try values.count("passes"), let failed = try values.count("fails") else {
      return
    }
    guard stated == passes, failed == fails else {
      throw checks.error(
        "it states \(stated) passes and \(failed) fails, the groups say \(passes) and \(fails)")
    }
  }
}
