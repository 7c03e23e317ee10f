import Intake
import Model
import Testing

/// Reports that contradict themselves, show nothing, or broke off, kind by kind.
@Suite("Reports of every kind that are refused")
struct ContradictionTests {
  private func refusal(_ text: String, _ expectation: ReportExpectation = .init()) -> String {
    do {
      let read = try IntakeReader.read(
        ReportInput(text.bytes), source: "report", expecting: expectation)
      return "taken: \(outline(read.report))"
    } catch let problem as Problem {
      return problem.description
    } catch {
      return "another error: \(error)"
    }
  }

  private static func fixture(_ format: ReportFormat, _ place: Int = 0) -> String {
    KindFixture.all.filter { $0.format == format }[place].text
  }

  static let changes: [(ReportFormat, String, String, String)] = [
    (.nunit, "total=\"3\"", "total=\"4\"", "states total=\"4\", its rows say 3"),
    (.nunit, "result=\"Skipped\"", "result=\"Odd\"", "not understood"),
    (.trx, "passed=\"1\"", "passed=\"2\"", "states passed=\"2\", its rows say 1"),
    (.trx, "outcome=\"Passed\"", "outcome=\"Odd\"", "not understood"),
    (.cobertura, "lines-valid=\"3\"", "lines-valid=\"4\"", "its lines say 3"),
    (.cobertura, "line-rate=\"0.6666\"", "line-rate=\"0.9\"", "states line-rate=\"0.9\""),
    (.cobertura, "50% (1/2)", "50% (3/2)", "no coverage of conditions"),
    (.cobertura, "hits=\"0\"", "hits=\"many\"", "does not say how often it ran"),
    (
      .jacoco, "<counter type=\"METHOD\" missed=\"0\" covered=\"1\"/>\n</report>",
      "<counter type=\"METHOD\" missed=\"1\" covered=\"1\"/>\n</report>", "its parts say 0 and 1"
    ),
    (.jacoco, "mi=\"2\" ci=\"0\"", "mi=\"2\" ci=\"1\"", "its lines say 0 and 2"),
    (.lcov, "LH:1", "LH:2", "states LH:2, its lines say 1"),
    (.lcov, "BRF:2", "BRF:3", "states BRF:3"),
    (.lcov, "end_of_record", "", "ends inside the record"),
    (.lcov, "DA:1,2", "DX:1,2", "no tag of a tracefile"),
    (.k6, "\"passes\":7", "\"passes\":8", "the groups say 7 and 1"),
    (
      .sonarQualityGate, "\"status\":\"ERROR\",\"conditions\"", "\"status\":\"OK\",\"conditions\"",
      "status is \"OK\", and 1 of its conditions failed"
    ),
    (.semgrep, "\"scanned\":[\"a.py\",\"b.py\"]", "\"scanned\":[]", "scanned no file"),
    (.semgrep, "\"severity\":\"ERROR\"", "\"severity\":\"BAD\"", "no severity that is known"),
    (.bandit, ",\"./a.py\":{}", "", "looked at no file"),
    (.checkov, "\"failed\":1", "\"failed\":2", "states 2 failed, the rows say 1"),
    (.hadolint, "\"level\":\"warning\"", "\"level\":\"odd\"", "no level of hadolint's"),
    (.cfnLint, "\"Level\":\"Error\"", "\"Level\":\"Odd\"", "no severity that is known"),
    (.sonarIssues, "\"total\":2}", "\"total\":250}", "one page of several"),
    (.terraformPlan, "\"no-op\"", "\"destroy\"", "no action that is known"),
    (
      .terraformPlan, "\"planned_values\":{},", "\"errored\":true,\"planned_values\":{},",
      "broke off"
    ),
    (.grype, "\"error\":null", "\"error\":\"db is old\"", "not in order"),
    (.grype, "\"severity\":\"High\"", "\"severity\":\"Awful\"", "no severity that is known"),
    (.snyk, "\"ok\":false", "\"ok\":true", "it says \"ok\", its rows say 2"),
    (.snyk, "\"uniqueCount\":1", "\"uniqueCount\":2", "states 2 different issues"),
    (.snyk, "\"ok\":false", "\"ok\":false,\"error\":\"no manifest\"", "could not test"),
    (.osvScanner, "\"ids\":[\"GO-1\",\"GHSA-1\"]", "\"ids\":[\"GO-1\"]", "GHSA-1 is in no group"),
    (.npmAudit, "\"total\":2", "\"total\":3", "states 3 vulnerable packages"),
    (
      .pipAudit, "\"version\":\"2.10\",\"vulns\"", "\"skip_reason\":\"x\",\"vulns\"",
      "looked at no package"
    ),
    (.wapiti, "\"level\": 2", "\"level\": 9", "a level from 0 to 4"),
    (.zap, "\"count\":\"1\"", "\"count\":\"2\"", "states 2 instances, its rows say 1"),
    (.zap, "\"riskcode\":\"2\"", "\"riskcode\":\"9\"", "no risk of ZAP's"),
    (.nessus, "<tag name=\"HOST_END\">Mon Nov 23 2026</tag>", "", "has no HOST_END"),
    (.nessus, "severity=\"4\"", "severity=\"9\"", "no severity of Nessus'"),
    (.prowler, "\"Status\":\"PASS\"", "\"Status\":\"HM\"", "no status of Prowler's"),
    (.xccdf, "end-time=\"2026-11-23T10:00:00\"", "", "has no end-time"),
    (.xccdf, "<x:result>pass</x:result>", "<x:result>maybe</x:result>", "no result of XCCDF's"),
    (.hdf, "\"total\":4", "\"total\":5", "states 5 controls, its rows say 4"),
    (
      .hdf, "{\"status\":\"failed\"}],\"source", "{\"status\":\"odd\"}],\"source",
      "no status of HDF's"
    ),
    (.oscalAssessmentResults, "\"uuid\":\"d\"", "\"uuid\":\"C\"", "stands twice"),
    (.oscalAssessmentResults, "\"state\":\"satisfied\"", "\"state\":\"good\"", "no state"),
    (.spdx, "\"SPDXID\":\"SPDXRef-a\"", "\"SPDXID\":\"SPDXRef-b\"", "does not hold"),
    (.spdx, "SPDX-2.3", "SPDX-2.1", "expected SPDX 2.2 or 2.3"),
    (.spdxTagValue, "lines</text>", "lines", "ends inside the text"),
    (.spdxTagValue, "SPDXID: SPDXRef-a", "SPDXID: SPDXRef-DOCUMENT", "stands twice"),
    (.spdx3, "\"spdxId\":\"urn:p\"", "\"spdxId\":\"urn:d\"", "stands twice"),
    (.spdx3, "SpdxDocument", "Other", "no SpdxDocument"),
    (.openVEX, ",\n\"justification\":\"component_not_present\"", "", "needs a justification"),
    (.openVEX, "\"under_investigation\"", "\"fine\"", "no status of OpenVEX"),
    (.csaf, "\"known_not_affected\":[\"P1\"]", "\"known_not_affected\":[\"P2\"]", "not defined"),
    (
      .csaf, "\"known_not_affected\":[\"P1\"]",
      "\"known_not_affected\":[\"P1\"],\"fixed\":[\"P1\"]", "at once"
    ),
    (.csaf, "\"flags\":[{", "\"other\":[{", "gives no reason"),
    (.cyclonedxVEX, "\"state\":\"not_affected\"", "\"state\":\"fine\"", "no state of CycloneDX"),
    (.inTotoAttestation, "\"payload\":\"eyJ", "\"payload\":\"*eyJ", "not base64"),
    (.inTotoAttestation, "[{\"keyid\":\"k1\",\"sig\":\"AA==\"}]", "[]", "no signature"),
  ]

  @Test("At odds with itself, or broken off", arguments: changes.indices)
  func changed(place: Int) {
    let (format, from, to, reason) = Self.changes[place]
    let text = Self.fixture(format)
    let changed = text.replacing(from, with: to, maxReplacements: 1)
    #expect(changed != text, "the fixture does not hold \(from)")
    let answer = refusal(changed)
    #expect(answer.contains(reason), "\(answer)")
    #expect(answer.hasPrefix("report"), "\(answer)")
  }

  static let empty = [
    ("{\"site\":[],\"@version\":\"2\"}", "reached no site"),
    ("{\"ok\":true,\"vulnerabilities\":[],\"dependencyCount\":0}", "nothing was tested"),
    ("{\"passed\":0,\"failed\":0,\"resource_count\":0,\"checkov_version\":\"3\"}", "no resource"),
    ("{\"metrics\":{},\"root_group\":{}}", "k6 judged nothing"),
    ("{\"projectStatus\":{\"status\":\"NONE\",\"conditions\":[]}}", "judged nothing"),
    ("{\"platform\":{},\"profiles\":[{\"name\":\"n\",\"controls\":[]}]}", "no control"),
    ("<coverage line-rate=\"0\"/>", "nothing was measured"),
    ("<report name=\"r\"/>", "nothing was measured"),
    ("<test-run total=\"0\"/>", "nothing was tested"),
    ("<NessusClientData_v2/>", "nothing was scanned"),
    ("<Benchmark id=\"b\"><Rule id=\"r\"/></Benchmark>", "nothing was checked"),
    ("<OWASPZAPReport/>", "reached no site"), ("SF:a\nend_of_record\n", "nothing was measured"),
    (
      "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"components\":[]}",
      "nothing was looked at"
    ),
    ("{\"format_version\":\"1.0\",\"resource_changes\":[]}", "this is no plan"),
  ]

  @Test("In which nothing was looked at", arguments: empty)
  func nothing(text: String, reason: String) {
    #expect(refusal(text).contains(reason), "\(refusal(text))")
  }

  @Test("Older than the commit, where it says when it was made")
  func older() throws {
    let day = try #require(Instant("2026-11-24T12:00:00Z"))
    let kinds: [ReportFormat] = [
      .grype, .trx, .cobertura, .jacoco, .prowler, .xccdf, .spdx, .spdx3,
    ]
    for kind in kinds {
      let text = Self.fixture(kind)
      #expect(refusal(text, .init(commitTime: day)).contains("before the commit"), "\(kind)")
      let before = day.advanced(byMilliseconds: -4_000 * 86_400_000)
      #expect(refusal(text, .init(commitTime: before)).hasPrefix("taken"), "\(kind)")
    }
    // A time without a zone may be of any.
    func suite(_ time: String) -> String {
      "<testsuite timestamp='\(time)'><testcase name='a'/></testsuite>"
    }
    #expect(refusal(suite("2026-11-24T01:00:00"), .init(commitTime: day)).hasPrefix("taken"))
    #expect(refusal(suite("2026-11-23T23:00:00"), .init(commitTime: day)).contains("before"))
    #expect(refusal(suite("some time"), .init(commitTime: day)).hasPrefix("taken"))
    // What somebody says of vulnerabilities may be older than the code.
    #expect(refusal(Self.fixture(.openVEX), .init(commitTime: day)).hasPrefix("taken"))
  }

  @Test("About another subject, where it names one")
  func subjects() throws {
    let image = try #require(Digest(Fixtures.image))
    let other = try #require(Digest(.sha256, hex: String(repeating: "3c", count: 32)))
    let commit = try #require(Digest(.gitCommit, hex: String(repeating: "4d", count: 20)))
    for text in [Self.fixture(.grype), Fixtures.trivy, Fixtures.cyclonedx] {
      #expect(refusal(text, .init(digests: [other, image])).hasPrefix("taken"))
      #expect(refusal(text, .init(digests: [commit])).hasPrefix("taken"))
      #expect(refusal(text, .init(digests: [other])).contains("another subject"))
    }
    let sarif = Fixtures.sarif.replacing(
      "\"results\":[",
      with: "\"versionControlProvenance\":[{\"revisionId\":\"\(commit.hex)\"}],"
        + "\"results\":[")
    #expect(refusal(sarif, .init(digests: [commit])).hasPrefix("taken"))
    let stranger = try #require(Digest(.gitCommit, hex: String(repeating: "5e", count: 20)))
    #expect(refusal(sarif, .init(digests: [stranger])).contains("another subject"))
    let right = ReportExpectation(subject: ExpectedSubject(imageConfig: image))
    #expect(refusal(Self.fixture(.grype), right).hasPrefix("taken"))
    let wrong = ReportExpectation(subject: ExpectedSubject(imageConfig: other))
    #expect(refusal(Self.fixture(.grype), wrong).contains("another subject"))
    #expect(refusal(Self.fixture(.semgrep), right).contains("cannot say which image"))
  }
}
