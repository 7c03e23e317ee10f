import Model
import Reading

/// Reads NUnit 3's XML.
enum NUnitReader {
  static func read(_ stream: inout XMLStream) throws -> IntakeReader.Parsed {
    var rows = TestRows()
    let root = stream.root
    stream.keepText(false)
    while let event = try stream.next() {
      guard case .start("test-case", let attributes) = event else { continue }
      let start = XMLStream.Start(name: "test-case", attributes: attributes)
      guard let name = start["fullname"] ?? start["name"] else {
        throw stream.error("a <test-case> without a name")
      }
      switch (start["result"], start["label"]) {
      case ("Passed", _), ("Warning", _): rows.passed(name)
      case ("Failed", "Error"), ("Failed", "Invalid"), ("Failed", "Cancelled"): rows.broke(name)
      case ("Failed", _): rows.failed(name)
      case ("Skipped", _), ("Inconclusive", _): rows.counter.skipped += 1
      default: throw stream.error("the result of \(name) is not understood")
      }
    }
    try rows.compare(root["total"], "total", rows.counter.totals.all)
    try rows.compare(root["failed"], "failed", rows.counter.failed + rows.counter.errors)
    return try rows.parsed(tool: "nunit", version: root["engine-version"], time: root["end-time"])
  }
}

/// Reads Visual Studio's test results.
enum TRXReader {
  private static let failures: Set<String> = ["Failed", "Timeout", "Aborted"]
  private static let errors: Set<String> = ["Error", "Disconnected"]
  private static let skips: Set<String> = [
    "NotExecuted", "Inconclusive", "NotRunnable", "Pending", "Warning", "InProgress",
  ]

  static func read(_ stream: inout XMLStream) throws -> IntakeReader.Parsed {
    var rows = TestRows()
    var counters: XMLStream.Start?
    var finish: String?
    stream.keepText(false)
    while let event = try stream.next() {
      guard case .start(let name, let attributes) = event else { continue }
      let start = XMLStream.Start(name: name, attributes: attributes)
      switch name {
      case "Times": finish = start["finish"]
      case "Counters": counters = start
      case "UnitTestResult":
        guard let test = start["testName"] else { throw stream.error("a result without a test") }
        switch start["outcome"] {
        case "Passed", "PassedButRunAborted", "Completed": rows.passed(test)
        case let word? where failures.contains(word): rows.failed(test)
        case nil: rows.broke(test)
        case let word? where errors.contains(word): rows.broke(test)
        case let word? where skips.contains(word): rows.counter.skipped += 1
        case let word?: throw stream.error("the outcome \"\(word)\" of \(test) is not understood")
        }
      default: break
      }
    }
    guard let counters else { throw ReadingError("it holds no counters: the run did not end") }
    try rows.compare(counters["total"], "total", rows.counter.totals.all)
    try rows.compare(counters["passed"], "passed", rows.counter.passed)
    return try rows.parsed(tool: "vstest", version: nil, time: finish)
  }
}

/// The rows of a test report as they are read.
struct TestRows {
  var counter = CheckCounter()
  private var report = TestReport(
    totals: TestTotals(passed: 0, failed: 0, errors: 0, skipped: 0), passedTests: [],
    failedTests: [], flakyTests: [])

  mutating func passed(_ name: String) {
    counter.passed += 1
    if report.passedTests.count < TestReport.namesKept { report.passedTests.append(name) }
  }

  mutating func failed(_ name: String) {
    counter.failed += 1
    if report.failedTests.count < TestReport.namesKept { report.failedTests.append(name) }
  }

  mutating func broke(_ name: String) {
    counter.errors += 1
    if report.failedTests.count < TestReport.namesKept { report.failedTests.append(name) }
  }

  /// Refuses a total that the rows do not have.
  func compare(_ text: String?, _ name: String, _ counted: Int) throws {
    guard let text else { return }
    guard Int(text) == counted else {
      throw ReadingError("it states \(name)=\"\(text)\", its rows say \(counted)")
    }
  }

  func parsed(tool: String, version: String?, time: String?) throws -> IntakeReader.Parsed {
    guard counter.totals.all > 0 else {
      throw ReadingError("the report holds no test: nothing was tested")
    }
    var report = report
    report.totals = counter.totals
    var parsed = IntakeReader.Parsed(
      tools: [.init(name: tool, version: version)], content: .tests(report))
    parsed.madeAt = time.flatMap { StatedTime($0) }
    return parsed
  }
}
