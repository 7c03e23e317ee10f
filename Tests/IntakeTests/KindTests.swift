import Intake
import Model
import TestKit
import Testing

/// Every kind, by reports of our own writing.
@Suite("Every kind of report")
struct KindTests {
  private func read(
    _ text: String, _ format: ReportFormat? = nil, _ expectation: ReportExpectation = .init()
  ) throws -> IntakeReport {
    try IntakeReader.read(
      ReportInput(text.bytes), source: "report", format: format, expecting: expectation
    ).report
  }

  @Test("is recognised from its content, and says what it says", arguments: KindFixture.all)
  func says(fixture: KindFixture) throws {
    let report = try read(fixture.text)
    #expect(outline(report) == fixture.outline)
    #expect(report.digest == .sha256(fixture.text.bytes))
    let declared = try read(fixture.text, fixture.format)
    #expect(declared == report)
  }

  @Test("in parts says the same", arguments: KindFixture.all)
  func parts(fixture: KindFixture) throws {
    var rest = fixture.text.bytes[...]
    let input = try ReportInput(parts: {
      defer { rest = rest.dropFirst(100) }
      return Array(rest.prefix(100))
    })
    let report = try IntakeReader.read(input, source: "report").report
    let whole = try read(fixture.text)
    #expect(report == whole)
  }

  @Test("cut off at any byte is refused", arguments: KindFixture.all)
  func cutOff(fixture: KindFixture) {
    let bytes = fixture.text.bytes
    for count in 0..<bytes.count {
      let part = try? IntakeReader.read(
        Array(bytes.prefix(count)), format: fixture.format, source: "report")
      guard let part else { continue }
      // Line-based formats have no end of their own: a comment or a last line may be missing, never
      // a row.
      #expect([.spdxTagValue, .lcov].contains(fixture.format), "\(count) of \(bytes.count) bytes")
      #expect(outline(part).count == fixture.outline.count)
    }
  }

  @Test("changed at random is read or refused, never a crash", arguments: KindFixture.all)
  func mutated(fixture: KindFixture) {
    var generator = Seeded(seed: 20_261_124)
    var refused = 0
    for _ in 0..<400 {
      let bytes = generator.mutated(fixture.text.bytes)
      if (try? IntakeReader.read(ReportInput(bytes), source: "report")) == nil { refused += 1 }
    }
    #expect(refused > 40)
  }

  @Test("is the only kind that it fits")
  func distinct() {
    let formats = Set(KindFixture.all.map(\.format))
    #expect(formats.count == ReportFormat.allCases.count - 5)
    for fixture in KindFixture.all {
      for format in ReportFormat.allCases where format != fixture.format {
        #expect(throws: Problem.self, "\(fixture.format) as \(format)") {
          try read(fixture.text, format)
        }
      }
    }
  }

  @Test(
    "What fits no kind, or two, is an error that says why",
    arguments: [
      ("{}", "fits no kind that is known: it is an empty object"),
      ("[]", "an empty list, which several tools write when they found nothing"),
      ("{\"a\":1,\"b\":2}", "an object with \"a\", \"b\""), ("7", "it is an integer"),
      ("<html/>", "it is <html>"), ("plain text", "expected a value"),
      (
        "{\"bomFormat\":\"CycloneDX\",\"runs\":[],\"components\":[]}",
        "fits more than one kind: sarif (it has \"runs\", as SARIF logs do), cyclonedx"
      ),
    ])
  func unclear(text: String, reason: String) {
    let problem = #expect(throws: Problem.self) { try read(text) }
    #expect(problem?.message.contains(reason) == true, "\(problem?.description ?? "")")
  }

  @Test("An empty list is a report of no findings only where it is declared as such a tool's")
  func emptyList() throws {
    for format in [ReportFormat.gitleaks, .hadolint, .cfnLint] {
      let report = try read("[]", format)
      #expect(report.findingReport?.rows.isEmpty == true)
      #expect(report.notes.count == 1)
    }
    for format in [ReportFormat.checkov, .snyk, .prowler, .asff] {
      #expect(throws: Problem.self) { try read("[]", format) }
    }
  }

  @Test("Attestations may stand one a line; other values may not")
  func lines() throws {
    let fixture = try #require(KindFixture.all.first { $0.format == .inTotoAttestation })
    let line = fixture.text.replacing("\n", with: "")
    let report = try read("\(line)\n\(line)\n")
    #expect(report.contents.count == 2)
    #expect(throws: Problem.self) { try read("\(line)\n\(line.dropLast(3))\n") }
    let trivy = Fixtures.trivy.replacing("\n", with: "")
    let problem = #expect(throws: Problem.self) { try read("\(trivy)\n\(trivy)\n") }
    #expect(problem?.message.contains("several values stand one after another") == true)
  }
}
