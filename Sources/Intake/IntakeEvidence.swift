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

  /// Says what made a report.
  public init(
    application: String, run: String, time: Instant, tool: String, toolVersion: String,
    feed: ReportSource.Feed? = nil
  ) {
    self.application = application
    self.run = run
    self.time = time
    self.tool = tool
    self.toolVersion = toolVersion
    self.feed = feed
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
      format: format.rawValue, report: digest, feed: step.feed)
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
  /// - Parameter scope: what the tool was asked to look for. Trivy's report does not say this, so
  ///   it must come from the command that was run.
  /// - Throws: `Problem` when the report cannot be the answer to that question: it lists no
  ///   package or no configuration file, or the scan rests on a feed that is not named.
  public func scanResult(
    scope: FindingReport.Scope, step: ReportingStep
  ) throws -> ScanResult {
    guard case .findings(let report) = content else { throw mismatch("findings") }
    switch (format, scope) {
    case (.sarif, .code), (.trivy, .secret), (.trivy, .license): break
    case (.trivy, .vulnerability):
      guard let count = report.componentsScanned, count > 0 else {
        throw refusal("the report lists no package, so no vulnerability could be found")
      }
      guard step.feed != nil else {
        throw refusal("no feed is named, and without one no vulnerability can be found")
      }
    case (.trivy, .misconfiguration):
      guard report.shownScopes.contains(.misconfiguration) else {
        throw refusal("the report lists no configuration file, so none was checked")
      }
    default: throw mismatch("a scan for \(scope.rawValue)")
    }
    return ScanResult(
      application: step.application, run: step.run, time: step.time, scope: scope.rawValue,
      findings: report.findings(of: scope),
      componentsScanned: scope == .vulnerability ? report.componentsScanned : nil,
      source: source(step))
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
