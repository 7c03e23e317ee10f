import Intake
import Model
import Testing

@Suite("One shape for findings")
struct FindingTests {
  private func findings(_ text: String) throws -> [Finding] {
    try IntakeReader.read(ReportInput(text.bytes), source: "r").report.findingReport?.rows
      .map(\.finding) ?? []
  }

  private func semgrep(_ rows: [(line: Int, code: String)]) -> String {
    let results = rows.map {
      "{\"check_id\":\"r\",\"path\":\"a.py\",\"start\":{\"line\":\($0.line)},"
        + "\"extra\":{\"message\":\"m\",\"severity\":\"ERROR\",\"lines\":\"\($0.code)\"}}"
    }
    return "{\"results\":[\(results.joined(separator: ","))],\"errors\":[],"
      + "\"paths\":{\"scanned\":[\"a.py\"]}}"
  }

  @Test("A fingerprint stays when lines move, and differs where the place does")
  func fingerprints() throws {
    let before = try findings(semgrep([(3, "run(x)"), (9, "run(y)"), (12, "run(x)")]))
    let after = try findings(semgrep([(30, "  run(x)"), (41, "run(y)"), (52, "run(x)")]))
    #expect(before.map(\.fingerprint) == after.map(\.fingerprint))
    #expect(Set(before.compactMap(\.fingerprint)).count == 3)
    #expect(before.allSatisfy { $0.fingerprint != nil })
    #expect("\(try #require(before[0].fingerprint))".count == 32)
  }

  @Test("The same vulnerability from two tools is one finding with two sources")
  func merged() throws {
    let trivy = Fixtures.trivy.replacing("CVE-2099-0002", with: "CVE-2099-0009")
      .replacing("\"PkgName\":\"zlib\"", with: "\"PkgName\":\"jinja2\"")
    let grype = try #require(KindFixture.all.first { $0.format == .grype }).text
      .replacing(
        "\"name\":\"jinja2\",\"version\":\"1.0\",\"purl\":\"pkg:pypi/jinja2@1.0\"",
        with: "\"name\":\"openssl\",\"version\":\"1\",\"purl\":"
          + "\"pkg:deb/debian/openssl@3.0.11?arch=amd64&distro=debian-12\"")
    let merged = FindingMerging.merge([
      ("trivy", try findings(trivy).filter { $0.package != nil }), ("grype", try findings(grype)),
    ])
    #expect(merged.count == 2)
    let both = try #require(merged.first)
    #expect(both.sources == ["grype", "trivy"])
    #expect(both.rule == "CVE-2099-0001")
    #expect(both.aliases == ["GHSA-aaaa-bbbb-cccc"])
    #expect(both.severity == .critical)
    #expect(both.cvssTenths == 98)
    #expect(merged[1].sources == ["trivy"])
    #expect(merged[1].severity == .unknown)
  }

  @Test("A weakness at one place is one finding for two tools, and two for one tool")
  func weaknesses() {
    func finding(_ rule: String, _ severity: Severity) -> Finding {
      Finding(
        rule: rule, severity: severity, title: rule, file: "a.py", line: 7, weaknesses: ["CWE-78"])
    }
    let merged = FindingMerging.merge([
      ("semgrep", [finding("a", .high), finding("b", .low)]),
      ("bandit", [finding("B602", .unknown)]),
    ])
    #expect(merged.count == 2)
    #expect(merged.map(\.severity) == [.high, .low])
    #expect(merged.map(\.sources) == [["bandit", "semgrep"], ["semgrep"]])
  }

  @Test(
    "A package is the same however a tool writes it",
    arguments: [
      ("pkg:deb/debian/openssl@3.0.11-1?arch=amd64&epoch=1", "openssl@1:3.0.11-1"),
      ("pkg:npm/%40angular/core@1.0.0", "@angular/core@1.0.0"),
      ("pkg:maven/org.a/b@1#c", "org.a:b@1"), ("pkg:golang/github.com/a/b@v1", "github.com/a/b@v1"),
      ("pkg:deb/debian/x@1%3A2-3", "x@2-3"),
    ])
  func packages(url: String, plain: String) {
    func finding(_ package: String) -> Finding {
      Finding(rule: "CVE-1", severity: .low, title: "t", package: package)
    }
    #expect(FindingMerging.merge([("a", [finding(url)]), ("b", [finding(plain)])]).count == 1)
    #expect(
      FindingMerging.merge([("a", [finding(url)]), ("b", [finding(plain + "x")])]).count == 2)
  }

  @Test("What a scanner of dependencies says in SARIF is the same as in its own JSON")
  func sarifPackages() throws {
    let sarif = """
      {"version":"2.1.0","runs":[{"tool":{"driver":{"name":"Trivy","rules":[{"id":"CVE-2099-0001",
      "shortDescription":{"text":"planted"}}]}},"results":[{"ruleId":"CVE-2099-0001","ruleIndex":0,
      "level":"error","message":{"text":"Package: openssl\\nInstalled Version: 3.0.11\\nVulnerability\
       CVE-2099-0001\\nFixed Version: 99.0-1"}}]}]}
      """
    let own = try findings(Fixtures.trivy)
    let other = try findings(sarif)
    #expect(other.map(\.package) == ["openssl@3.0.11"])
    #expect(other.map(\.fixedVersion) == ["99.0-1"])
    #expect(other[0].fingerprint == own[0].fingerprint)
  }
}

@Suite("Reports by a declared mapping")
struct MappingTests {
  static let mapping = """
    version: 1
    name: ward-check
    tool: ward
    toolVersion: /tool/version
    rows: /found
    total: /count
    scope: code
    fields:
      rule: /id
      severity: /how
      title: /text
      file: /at/path
      line: /at/line
    severities:
      bad: high
      very bad: critical
    """

  private func read(_ text: String, _ mapping: String = mapping) throws -> [String] {
    let mapping = try ReportMapping.read(mapping.bytes, file: "ward.yaml")
    return outline(
      try IntakeReader.read(ReportInput(text.bytes), source: "r", mapping: mapping).report)
  }

  @Test("says where rows lie and what their fields mean; other words stay unknown")
  func reads() throws {
    let text = """
      {"tool":{"version":3},"count":2,"found":[{"id":"w1","how":"very bad","text":"t",
      "at":{"path":"a","line":4}},{"id":"w2","how":"odd"}]}
      """
    #expect(try read(text) == ["custom; ward 3", "code: critical w1 a:4", "code: unknown w2"])
    #expect(throws: Problem.self) { try read(text.replacing("\"count\":2", with: "\"count\":3")) }
    #expect(throws: Problem.self) { try read(text.replacing("\"id\":\"w1\",", with: "")) }
    #expect(throws: Problem.self) { try read("{\"count\":0,\"found\":[]}") }
    #expect(throws: Problem.self) { try read("{\"count\":0}") }
  }

  @Test("for tests names each outcome")
  func tests() throws {
    let mapping = """
      {version: 1, name: n, tool: t, content: tests, rows: "", fields: {name: /n, outcome: /o},
       outcomes: {ok: passed, nok: failed}}
      """
    #expect(
      try read("[{\"n\":\"a\",\"o\":\"ok\"},{\"n\":\"b\",\"o\":\"nok\"}]", mapping)
        == ["custom; t -", "tests 1 1 0 0: b"])
    #expect(throws: Problem.self) { try read("[{\"n\":\"a\",\"o\":\"hm\"}]", mapping) }
  }

  @Test(
    "that is not understood is an error with its place",
    arguments: [
      ("version: 1", "version: 2"), ("rows: /found", "rows: found"), ("  rule: /id\n", ""),
      ("  title: /text", "  heading: /text"), ("bad: high", "bad: awful"),
      ("scope: code", "scope: all"), ("tool: ward", "tol: ward"),
    ])
  func refused(from: String, to: String) {
    let problem = #expect(throws: Problem.self) {
      try ReportMapping.read(Self.mapping.replacing(from, with: to).bytes, file: "ward.yaml")
    }
    #expect(problem?.location?.hasPrefix("ward.yaml") == true)
  }
}
