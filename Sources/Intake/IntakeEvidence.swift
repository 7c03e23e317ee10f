public import Model

/// The step that made a report, as far as the report cannot say it itself.
public struct ReportingStep: Hashable, Sendable {
  /// The application's name.
  public let application: String
  /// Id of the run.
  public let run: String
  /// When the report was read.
  public let time: Instant
  /// The tool's name, for formats that have no place for it.
  public let tool: String
  /// The tool's version, for reports that do not state it.
  public let toolVersion: String
  /// The data that the tool judged by.
  public let feed: ReportSource.Feed?
  /// The rules that the tool judged by.
  public let rules: ReportSource.Rules?

  /// Says what made a report.
  public init(
    application: String, run: String, time: Instant, tool: String, toolVersion: String,
    feed: ReportSource.Feed? = nil, rules: ReportSource.Rules? = nil
  ) {
    self.application = application
    self.run = run
    self.time = time
    self.tool = tool
    self.toolVersion = toolVersion
    self.feed = feed
    self.rules = rules
  }
}

extension IntakeReport {
  /// The predicate's source: names and versions as the report states them, the step's where it
  /// states none.
  public func source(_ step: ReportingStep) -> ReportSource {
    let versions = tools.map { $0.version ?? (tools.count == 1 ? step.toolVersion : "") }
    return ReportSource(
      tool: tools.isEmpty ? step.tool : tools.map(\.name).joined(separator: ", "),
      toolVersion: tools.isEmpty ? step.toolVersion : versions.joined(separator: ", "),
      format: format.rawValue, report: digest, feed: step.feed ?? feed, rules: step.rules)
  }

  /// Refuses a version that the step states and the report states otherwise.
  ///
  /// - Throws: `Problem` with `badInput`.
  public func refuseOtherVersion(than stated: String, at source: String) throws {
    guard tools.count == 1, let version = tools[0].version,
      !version.utf8.elementsEqual(stated.utf8)
    else { return }
    throw Problem(
      .badInput,
      "the report is of version \(version), and the step says that it is of \(stated)", at: source)
  }

  /// The findings that it holds, first or beside something else.
  public var findingReport: FindingReport? {
    for case .findings(let report) in contents { return report }
    return nil
  }

  /// Evidence of a test run.
  ///
  /// - Parameter suite: `unit`, `integration`, `security` or another name of the pipeline's.
  /// - Throws: `Problem` when the report holds something else than tests.
  public func testResult(suite: String, step: ReportingStep) throws -> TestResult {
    guard case .tests(let report) = content else { throw mismatch("results of tests") }
    return TestResult(
      application: step.application, run: step.run, time: step.time, suite: suite,
      totals: report.totals, passedTests: report.passedTests,
      failedTests: report.failedTests, source: source(step))
  }

  /// Evidence of one scan.
  ///
  /// - Parameters:
  ///   - scope: what the tool was asked to look for. A report of Trivy's does not say this, so it
  ///     must come from the command that was run.
  ///   - target: what of the subject was looked at, where it was not all.
  ///   - planted: a file with a made-up flaw of this scope, which the tool must have found and which
  ///     does not count.
  ///   - notes: what whoever ran the tool knows beside the report.
  /// - Throws: `Problem` when the report cannot be the answer to that question: it lists no
  ///   package or no configuration file, or the scan rests on a feed that is not named.
  public func scanResult(
    scope: FindingReport.Scope, step: ReportingStep, target: String? = nil,
    planted: String? = nil, notes furtherNotes: [String] = []
  ) throws -> ScanResult {
    guard let report = findingReport else { throw mismatch("findings") }
    var findings = report.findings(of: scope)
    if let planted {
      let others = findings.filter { $0.file?.utf8.elementsEqual(planted.utf8) != true }
      guard others.count < findings.count else {
        throw refusal("the tool did not find the flaw that was planted, so it shows nothing")
      }
      findings = others
    }
    switch (format, scope) {
    case (.trivy, .secret), (.trivy, .license): break
    case (_, .vulnerability):
      guard report.shownScopes.contains(.vulnerability) || format == .trivy else {
        throw mismatch("a scan for vulnerability")
      }
      // Other scanners do not list what they found nothing in.
      guard report.componentsScanned ?? (format == .trivy ? 0 : 1) > 0 else {
        throw refusal("the report lists no package, so no vulnerability could be found")
      }
      guard step.feed ?? feed != nil else {
        throw refusal("no feed is named, and without one no vulnerability can be found")
      }
    case (.trivy, .misconfiguration):
      guard report.shownScopes.contains(.misconfiguration) else {
        throw refusal("the report lists no configuration file, so none was checked")
      }
    default:
      guard report.shownScopes.contains(scope) else {
        throw mismatch("a scan for \(scope.rawValue)")
      }
    }
    return ScanResult(
      application: step.application, run: step.run, time: step.time, scope: scope.rawValue,
      findings: findings,
      componentsScanned: scope == .vulnerability ? report.componentsScanned : nil,
      source: source(step), checks: report.checks, target: target, suppressed: report.suppressed,
      notes: furtherNotes + notes)
  }

  /// Evidence of an inventory.
  ///
  /// - Throws: `Problem` when the report holds something else.
  public func inventoryResult(step: ReportingStep) throws -> InventoryResult {
    guard case .components(let components) = content else { throw mismatch("an inventory") }
    return InventoryResult(
      application: step.application, run: step.run, time: step.time, components: components,
      source: source(step))
  }

  /// Evidence of coverage.
  ///
  /// - Throws: `Problem` when the report holds something else.
  public func coverageResult(suite: String, step: ReportingStep) throws -> CoverageResult {
    guard case .coverage(let totals) = content else { throw mismatch("coverage") }
    return CoverageResult(
      application: step.application, run: step.run, time: step.time, suite: suite, totals: totals,
      source: source(step))
  }

  /// Evidence of what somebody says of vulnerabilities.
  ///
  /// - Throws: `Problem` when the report holds something else.
  public func exploitabilityResult(step: ReportingStep) throws -> ExploitabilityResult {
    for case .exploitability(let statements) in contents {
      return ExploitabilityResult(
        application: step.application, run: step.run, time: step.time, statements: statements,
        source: source(step))
    }
    throw mismatch("statements about vulnerabilities")
  }

  /// Evidence of what a plan would change.
  ///
  /// - Throws: `Problem` when the report holds something else.
  public func infrastructurePlan(step: ReportingStep) throws -> InfrastructurePlan {
    guard case .changes(let changes) = content else { throw mismatch("a plan") }
    return InfrastructurePlan(
      application: step.application, run: step.run, time: step.time, changes: changes,
      source: source(step))
  }

  private func mismatch(_ expected: String) -> Problem {
    Problem(
      .badInput, "expected \(expected), but the report is of format \(format.rawValue)",
      advice: "Declare the report under the kind of evidence that its format can give.")
  }

  private func refusal(_ message: String) -> Problem {
    Problem(
      .badInput, message, at: "report \(digest)",
      advice: "Check that the scanner was given the right subject, and run it again.")
  }
}
