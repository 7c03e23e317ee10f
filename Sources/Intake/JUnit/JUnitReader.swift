import Model
import Reading

/// Reads JUnit XML. Nobody owns the format, so a counter may mean one of several things; but it
/// must agree with the rows in one of them, and an outcome that is not understood is refused.
struct JUnitReader {
  private var reader: XMLStream
  private var open: [String] = []
  private var suites: [JUnitSuite] = []
  private var testCase: JUnitCase?
  private var report = TestReport(
    totals: TestTotals(passed: 0, failed: 0, errors: 0, skipped: 0), passedTests: [],
    failedTests: [], flakyTests: [])
  private var counts = JUnitCounts()
  private var notes: [String] = []
  private var madeAt: StatedTime?

  static func read(_ stream: inout XMLStream) throws -> IntakeReader.Parsed {
    guard !stream.hasDocumentType else {
      throw stream.error("document types are not taken; remove the DOCTYPE")
    }
    stream.keepText(false)
    var reader = JUnitReader(reader: stream)
    try reader.run()
    let flaky = reader.report.flakyTests.map { "The test \($0) passed only after it had failed." }
    var parsed = IntakeReader.Parsed(content: .tests(reader.report), notes: flaky + reader.notes)
    parsed.madeAt = reader.madeAt
    return parsed
  }

  private init(reader: XMLStream) { self.reader = reader }

  private func error(_ message: String) -> ReadingError { reader.error(message) }

  private mutating func run() throws {
    while let event = try reader.next() {
      switch event {
      case .start(let name, let attributes):
        try begin(name, attributes)
        open.append(name)
      case .end(let name):
        open.removeLast()
        try end(name)
      case .text: break
      }
    }
    guard counts.rows > 0 else {
      throw ReadingError("the report holds no test: nothing was tested")
    }
    report.totals = TestTotals(
      passed: counts.rows - counts.failed - counts.errors - counts.skipped,
      failed: counts.failed, errors: counts.errors, skipped: counts.skipped)
  }

  private mutating func begin(_ name: String, _ attributes: [XMLEvent.Attribute]) throws {
    let parent = open.last
    if parent == nil, name != "testsuites", name != "testsuite" {
      throw error("expected <testsuites> or <testsuite>, found <\(name)>")
    }
    if testCase != nil, parent == "testcase" {
      guard let child = JUnitOutcome(element: name) else {
        throw error("<\(name)> inside <testcase> is not understood")
      }
      testCase?.outcomes.append(child)
      return
    }
    switch name {
    case "testsuites" where parent == nil,
      "testsuite" where parent == nil || parent == "testsuite" || parent == "testsuites":
      if let time = value("timestamp", attributes).flatMap({ StatedTime($0) }),
        time.latest < madeAt?.latest ?? time.latest.advanced(byMilliseconds: 1)
      {
        madeAt = time
      }
      suites.append(
        JUnitSuite(
          name: value("name", attributes) ?? "", declared: try declared(attributes),
          countsAssertions: value("hostname", attributes) == "tbd"))
    case "testcase" where parent == "testsuite" || parent == "testsuites":
      testCase = try begun(attributes)
    case "error" where parent == "testsuite", "failure" where parent == "testsuite":
      // A suite that broke outside its tests: a row of its own, or the break would be lost.
      count(JUnitCase(suite: suites.last?.name ?? "", outcome: name))
    default:
      // Unknown elements are let pass, unless an outcome could hide under them by its spelling.
      let local = (name.split(separator: ":").last.map(String.init) ?? name).lowercased()
      guard JUnitOutcome(element: local)?.isHarmless ?? !local.hasPrefix("test") else {
        throw error("<\(name)> does not belong inside <\(parent ?? "")>")
      }
    }
  }

  private mutating func end(_ name: String) throws {
    switch name {
    case "testcase":
      guard let ended = testCase else { return }
      testCase = nil
      try ended.check { error($0) }
      count(ended)
    case "testsuite", "testsuites":
      let suite = suites.removeLast()
      if let complaint = suite.disagreement { throw error(complaint) }
      if suite.countsAssertions, let stated = suite.declared["tests"] {
        notes.append("The suite \"\(suite.name)\" counts \(stated) assertions as its tests.")
      }
      if !suites.isEmpty { suites[suites.count - 1].below.add(suite.own + suite.below) }
    default: break
    }
  }

  private mutating func count(_ row: JUnitCase) {
    let counted = row.counts
    counts.add(counted)
    suites[suites.count - 1].own.add(counted)
    if counted.failed + counted.errors > 0 {
      if report.failedTests.count < TestReport.namesKept { report.failedTests.append(row.name) }
    } else if counted.skipped == 0 {
      if report.passedTests.count < TestReport.namesKept { report.passedTests.append(row.name) }
      if row.outcomes.contains(.flaky), report.flakyTests.count < TestReport.namesKept {
        report.flakyTests.append(row.name)
      }
    }
  }

  private func begun(_ attributes: [XMLEvent.Attribute]) throws -> JUnitCase {
    guard let name = value("name", attributes) else {
      throw error("a <testcase> without a name")
    }
    let group = value("classname", attributes) ?? ""
    return JUnitCase(
      name: group.isEmpty ? name : "\(group).\(name)",
      status: value("status", attributes), result: value("result", attributes))
  }

  private func value(_ name: String, _ attributes: [XMLEvent.Attribute]) -> String? {
    attributes.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
  }

  private func declared(_ attributes: [XMLEvent.Attribute]) throws -> [String: Int] {
    var declared: [String: Int] = [:]
    for name in JUnitSuite.counters {
      guard let text = value(name, attributes), !text.isEmpty else { continue }
      guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int(text) else {
        throw error("the counter \(name)=\"\(text)\" is no number")
      }
      declared[name] = count
    }
    return declared
  }
}
