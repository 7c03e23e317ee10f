import Intake
import Model
import Testing

@Suite("What each format says")
struct FormatTests {
  @Test("JUnit: each test counts once, by its worst outcome")
  func junit() throws {
    let report = try IntakeReader.read(Fixtures.junit.bytes, format: .junit, source: "r.xml")
    guard case .tests(let tests) = report.content else {
      Issue.record("no tests")
      return
    }
    #expect(tests.totals == TestTotals(passed: 2, failed: 1, errors: 1, skipped: 1))
    #expect(
      tests.failedTests == [
        "portal.patients.refuses strangers", "portal.patients.survives a restart",
      ])
    #expect(tests.passedTests == ["portal.patients.reads one", "portal.patients.retries"])
    #expect(tests.flakyTests == ["portal.patients.retries"])
    #expect(report.notes.count == 1)
    #expect(report.digest == .sha256(Fixtures.junit.bytes))
    let step = ReportingStep(
      application: "portal", run: "run-1", time: Instant(milliseconds: 0), tool: "pytest",
      toolVersion: "8.0")
    let result = try report.testResult(suite: "unit", step: step)
    #expect(result.result == "FAILED")
    #expect(result.source.tool == "pytest")
    #expect(throws: Problem.self) { try report.scanResult(scope: .code, step: step) }
  }

  @Test("Trivy: vulnerabilities, settings and secrets, each in its scope")
  func trivy() throws {
    let report = try IntakeReader.read(Fixtures.trivy.bytes, format: .trivy, source: "t.json")
    guard case .findings(let findings) = report.content else {
      Issue.record("no findings")
      return
    }
    #expect(report.tools == [.init(name: "trivy", version: "0.76.0")])
    #expect(findings.componentsScanned == 2)
    #expect(findings.shownScopes == [.vulnerability, .misconfiguration, .secret])
    let vulnerabilities = findings.findings(of: .vulnerability)
    #expect(vulnerabilities.map(\.severity) == [.critical, .unknown])
    #expect(vulnerabilities.map(\.cvssTenths) == [98, nil])
    #expect(vulnerabilities.map(\.package) == ["pkg:deb/debian/openssl@3.0.11", "zlib@1.2"])
    #expect(vulnerabilities.map(\.fixedVersion) == ["99.0-1", nil])
    let settings = findings.findings(of: .misconfiguration)
    #expect(settings.map(\.rule) == ["DS-0001"])
    #expect(settings.map(\.line) == [1])
    let secrets = findings.findings(of: .secret)
    #expect(secrets.map(\.file) == ["/app/key.txt"])
    #expect(!secrets.description.contains("*****"))
  }

  @Test("SARIF: what the tool said decides; what it did not say stays unknown")
  func sarif() throws {
    let report = try IntakeReader.read(Fixtures.sarif.bytes, format: .sarif, source: "s.sarif")
    guard case .findings(let findings) = report.content else {
      Issue.record("no findings")
      return
    }
    let rows = findings.findings(of: .code)
    #expect(rows.map(\.rule) == ["R1", "R2", "R3"])
    #expect(rows.map(\.severity) == [.low, .critical, .unknown])
    #expect(rows.map(\.title) == ["one", "two", "three"])
    #expect(rows.map(\.cvssTenths) == [nil, 91, nil])
    #expect(rows[0].file == "a.py")
    #expect(rows[0].line == 7)
    #expect(findings.suppressed.map(\.rule) == ["R1"])
    #expect(findings.suppressed.map(\.severity) == [.high])
    #expect(report.notes == ["Checker suppressed a finding of R1."])
    #expect(report.tools == [.init(name: "Checker", version: "1.2")])
  }

  @Test("CycloneDX: nested components count, the described one does not")
  func cyclonedx() throws {
    let report = try IntakeReader.read(
      Fixtures.cyclonedx.bytes, format: .cyclonedx, source: "b.json")
    let step = ReportingStep(
      application: "portal", run: "run-1", time: Instant(milliseconds: 0), tool: "trivy",
      toolVersion: "")
    let inventory = try report.inventoryResult(step: step)
    #expect(inventory.count == 3)
    #expect(inventory.withoutVersion == 1)
    #expect(inventory.source.toolVersion == "0.76.0")
    #expect(report.notes.count == 1)
    guard case .components(let components) = report.content else { return }
    #expect(components.map(\.name) == ["openssl", "inner", "org/jinja2"])
  }

  @Test("A clean scan is evidence only of what can have been scanned")
  func scanEvidence() throws {
    let feed = ReportSource.Feed(
      name: "trivy-db", digest: .sha256([]), updatedAt: Instant(milliseconds: 1), isExample: true)
    let step = ReportingStep(
      application: "portal", run: "run-1", time: Instant(milliseconds: 0), tool: "trivy",
      toolVersion: "0.76.0", feed: feed)
    let report = try IntakeReader.read(Fixtures.trivy.bytes, format: .trivy, source: "t.json")
    let scan = try report.scanResult(scope: .vulnerability, step: step)
    #expect(scan.totals.critical == 1)
    #expect(scan.totals.unknown == 1)
    #expect(scan.componentsScanned == 2)
    #expect(scan.source.feed?.isExample == true)
    let bare = ReportingStep(
      application: "portal", run: "run-1", time: Instant(milliseconds: 0), tool: "trivy",
      toolVersion: "0.76.0")
    #expect(throws: Problem.self) { try report.scanResult(scope: .vulnerability, step: bare) }
    #expect(throws: Problem.self) { try report.scanResult(scope: .code, step: step) }
    let secretsOnly = """
      {"SchemaVersion":2,"ArtifactName":"x","ArtifactType":"container_image",
      "Results":[{"Target":"k","Class":"secret","Secrets":[{"RuleID":"a","Severity":"HIGH"}]}]}
      """
    let other = try IntakeReader.read(secretsOnly.bytes, format: .trivy, source: "t.json")
    #expect(try other.scanResult(scope: .secret, step: bare).totals.high == 1)
    #expect(throws: Problem.self) { try other.scanResult(scope: .vulnerability, step: step) }
    #expect(throws: Problem.self) { try other.scanResult(scope: .misconfiguration, step: step) }
    #expect(throws: Problem.self) { try other.inventoryResult(step: step) }
  }
}
