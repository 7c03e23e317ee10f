import Intake
import Model
import Pipeline
import Scanners

/// Makes evidence of what a tool left, and refuses what contradicts the way in which it ended.
enum ToolReading {
  /// Reads a report strictly.
  ///
  /// - Throws: `Problem` with `badInput` when it is refused, and when its exit code says something
  ///   else than its rows.
  static func read(
    _ report: ToolReport, of tool: ScannerTool, image: Digest?, commitTime: Instant
  ) throws -> IntakeReport {
    guard let format = ReportFormat(rawValue: tool.format) else {
      throw Problem(.badInput, "the format \"\(tool.format)\" cannot be read")
    }
    let read = try IntakeReader.read(
      ReportInput(report.bytes), source: tool.name, format: format,
      expecting: ReportExpectation(
        subject: image.map { ExpectedSubject(imageConfig: $0) }, commitTime: commitTime)
    ).report
    try checkEnding(report, read, tool)
    if let checks = read.findingReport?.checks, checks.passed + checks.failed + checks.errors == 0 {
      throw Problem(
        .badInput, "\(tool.name) decided none of its \(checks.skipped) checks: nothing was shown",
        advice: "See that what the checks rest on is there, beside them.")
    }
    return read
  }

  private static func checkEnding(
    _ report: ToolReport, _ read: IntakeReport, _ tool: ScannerTool
  ) throws {
    var count = (read.findingReport?.rows.count ?? 0) + (read.findingReport?.suppressed.count ?? 0)
    if case .tests(let tests) = read.content { count = tests.totals.failed + tests.totals.errors }
    switch report.ending {
    case .clean where count > 0:
      throw contradiction(tool, report, "nothing was found, and its report lists \(count)")
    case .findings where count == 0:
      throw contradiction(tool, report, "something was found, and its report lists nothing")
    default: break
    }
  }

  private static func contradiction(
    _ tool: ScannerTool, _ report: ToolReport, _ words: String
  ) -> Problem {
    Problem(
      .badInput,
      "\(tool.name) contradicts itself: its exit code \(report.exitCode) says that \(words)",
      advice: "Nothing of it counts. Run it by hand, as the log shows it.")
  }

  /// What a service is asked for lies with the service, and is as old as its answer.
  static func ownFeed(
    _ tool: ScannerTool, _ read: IntakeReport, _ now: Instant
  ) -> ReportSource.Feed? {
    guard tool.format == ReportFormat.snyk.rawValue else { return nil }
    return ReportSource.Feed(
      name: "\(tool.name), as its service answered", digest: read.digest, updatedAt: now,
      isExample: false)
  }

  /// What a report became.
  struct Made {
    var predicates: [(EvidenceKind, any Encodable & Sendable)] = []
    var scans: [ScanResult] = []
    var tests: TestResult?
    /// One sentence for each, for the log.
    var words: [String] = []
  }

  /// The predicates that the tool's description promises.
  static func evidence(
    _ read: IntakeReport, of tool: ScannerTool, step: ReportingStep, suite: String,
    target: String?, planted: String?, notes: [String]
  ) throws -> Made {
    var made = Made()
    for given in tool.gives {
      switch given.kind {
      case .testResult:
        let result = try read.testResult(suite: suite, step: step)
        made.predicates.append((given.kind, result))
        made.tests = result
        made.words.append(
          "\(tool.name): \(result.totals.passed) of \(result.totals.all) tests passed")
      case .inventory:
        let result = try read.inventoryResult(step: step)
        made.predicates.append((given.kind, result))
        made.words.append("bill of materials: \(result.count) components")
      default:
        let scope = given.scope.flatMap(FindingReport.Scope.init) ?? .code
        // What a tool judges by tells of the scope that it was made for.
        var ofScope = step
        if scope != .vulnerability { ofScope = step.withoutFeed }
        let result = try read.scanResult(
          scope: scope, step: ofScope, target: target, planted: planted, notes: notes)
        made.predicates.append((given.kind, result))
        made.scans.append(result)
        made.words.append("\(scope.rawValue): \(words(result))")
      }
    }
    return made
  }

  private static func words(_ result: ScanResult) -> String {
    let counted = Severity.allCases.reversed().compactMap { severity in
      result.totals[severity] > 0 ? "\(result.totals[severity]) \(severity.rawValue)" : nil
    }
    let suppressed = result.suppressed.map { "; \($0.count) passed over as the tool was told" }
    return (counted.isEmpty ? "none" : counted.joined(separator: ", ")) + (suppressed ?? "")
  }
}

extension ReportingStep {
  /// The same without its data, for findings that do not rest on it.
  fileprivate var withoutFeed: ReportingStep {
    ReportingStep(
      application: application, run: run, time: time, tool: tool, toolVersion: toolVersion,
      rules: rules)
  }
}
