import Intake
import Model
import Testing

@Suite("What a step says of its report")
struct StatementTests {
  private static let good = """
    {"version": 1, "format": "junit", "path": "junit.xml",
     "tool": {"name": "pytest", "version": "7.2.1"},
     "rules": {"name": "house", "digest": "sha256:\(String(repeating: "a", count: 64))", "updatedAt": "2026-05-01T00:00:00Z"},
     "feed": {"name": "db", "digest": "sha256:\(String(repeating: "b", count: 64))", "updatedAt": "2026-05-02T00:00:00Z", "isExample": false}}
    """

  private func read(_ text: String) throws -> ReportStatement {
    try ReportStatement.read(
      Array(text.utf8), source: "reports/report.json", about: "junit.xml", format: .junit)
  }

  @Test("tool, version, rules and feed are read, and go into the evidence")
  func good() throws {
    let statement = try read(Self.good)
    #expect(statement.tool == "pytest" && statement.toolVersion == "7.2.1")
    #expect(statement.rules?.name == "house" && statement.feed?.isExample == false)
    let report = try IntakeReader.read(
      Array("<testsuite><testcase classname=\"a\" name=\"b\"/></testsuite>".utf8), format: .junit,
      source: "junit.xml")
    let step = ReportingStep(
      application: "portal", run: "run-1", time: Instant(milliseconds: 0), tool: statement.tool,
      toolVersion: statement.toolVersion, feed: statement.feed, rules: statement.rules)
    let source = try report.testResult(suite: "unit", step: step).source
    #expect(source.tool == "pytest" && source.toolVersion == "7.2.1")
    #expect(source.rules == statement.rules && source.feed == statement.feed)
  }

  @Test(
    "anything else is refused, with its place",
    arguments: [
      ("\"version\": 1", "\"version\": 2", "expected 1"),
      ("\"junit.xml\"", "\"other.xml\"", "it is not about \"junit.xml\""),
      ("\"junit\"", "\"sarif\"", "the report is declared as junit"),
      ("\"7.2.1\"", "\"\"", "must not be empty"), ("\"7.2.1\"", "7", "expected a string"),
      ("\"tool\"", "\"tools\"", "\"tools\" is not known"),
      ("\"name\": \"house\",", "", "\"name\" is missing"),
      ("sha256:a", "md5:a", "sha256: and 64 digits"),
      ("2026-05-01T00:00:00Z", "yesterday", "expected a time"),
      (", \"isExample\": false", "", "\"isExample\" is missing"),
      ("\"isExample\": false", "\"isExample\": false, \"isExample\": true", "twice"),
      ("{\"version\"", "[{\"version\"", ""),
    ])
  func refused(old: String, new: String, words: String) throws {
    let problem = #expect(throws: Problem.self) {
      try read(Self.good.replacing(old, with: new, maxReplacements: 1))
    }
    #expect(problem?.code == .badInput)
    #expect(problem?.message.contains(words) == true, "\(problem?.message ?? "")")
    #expect(problem?.location?.hasPrefix("reports/report.json") == true)
  }

  @Test("a version that report and step state otherwise is refused")
  func contradiction() throws {
    let bom = """
      {"bomFormat": "CycloneDX", "specVersion": "1.5", "metadata": {"tools": [{"name": "t", "version": "1"}]},
       "components": [{"type": "library", "name": "a", "version": "1"}]}
      """
    let report = try IntakeReader.read(Array(bom.utf8), format: .cyclonedx, source: "bom.json")
    #expect(throws: Problem.self) { try report.refuseOtherVersion(than: "2", at: "bom.json") }
    try report.refuseOtherVersion(than: "1", at: "bom.json")
  }
}
