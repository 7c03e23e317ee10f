import Intake
import Model
import Testing

@Suite("Reports that are refused")
struct RefusalTests {
  private func refusal(
    _ text: String, _ format: ReportFormat, _ subject: ExpectedSubject? = nil
  ) -> String {
    do {
      let report = try IntakeReader.read(
        text.bytes, format: format, source: "report", subject: subject)
      return "taken: \(report.content)"
    } catch let problem as Problem {
      return problem.description
    } catch {
      return "another error: \(error)"
    }
  }

  private func changed(_ text: String, _ from: String, _ to: String) -> String {
    let changed = text.replacing(from, with: to)
    precondition(changed != text, "the fixture does not hold \(from)")
    return changed
  }

  @Test(
    "JUnit that is at odds with itself",
    arguments: [
      ("tests=\"5\"", "tests=\"6\"", "states tests=\"6\", its rows say 5"),
      ("failures=\"1\"", "failures=\"0\"", "states failures=\"0\""),
      ("errors=\"1\"", "errors=\"0\"", "states errors=\"0\""),
      ("skipped=\"1\"", "skipped=\"0\"", "skipped tests"),
      ("tests=\"5\"", "tests=\"five\"", "is no number"),
      ("<skipped/>", "<skiped/>", "<skiped> inside <testcase> is not understood"),
      ("<failure message", "<x:failure message", "<x:failure> inside <testcase> is not understood"),
      ("name=\"prints\"", "", "without a name"),
      ("name=\"reads one\"", "name=\"reads one\" status=\"failed\"", "neither a failure"),
      ("name=\"reads one\"", "name=\"reads one\" status=\"maybe\"", "not understood"),
      ("</testsuites>", "</testsuites><x/>", "second element"),
      ("</testsuites>", "", "ends inside <testsuites>"),
      ("<skipped/>", "<properties><failure/></properties>", "does not belong"),
      ("<testsuites>", "<!DOCTYPE x><testsuites>", "DOCTYPE"),
    ])
  func junit(from: String, to: String, reason: String) {
    let answer = refusal(changed(Fixtures.junit, from, to), .junit)
    #expect(answer.contains(reason), "\(answer)")
    #expect(answer.hasPrefix("report:"), "\(answer)")
  }

  @Test(
    "JUnit in which nothing was tested or an outcome could hide",
    arguments: [
      ("<testsuites/>", "nothing was tested"),
      ("<testsuite name='x' tests='0'></testsuite>", "nothing was tested"),
      ("<html/>", "expected <testsuites>"),
      ("<testsuite><group><testcase name='a'/></group></testsuite>", "does not belong"),
      ("<testsuite><TestCase name='a'/></testsuite>", "does not belong"),
      ("<testsuite xmlns:x='y'><x:testcase name='a'/></testsuite>", "does not belong"),
      ("{\"a\":1}", "expected XML"),
      ("", "empty"),
    ])
  func emptyJUnit(text: String, reason: String) {
    let answer = refusal(text, .junit)
    #expect(answer.contains(reason), "\(answer)")
  }

  @Test("A suite that broke outside its tests is a failure")
  func brokenSuite() throws {
    let text = "<testsuite name='s' tests='1'><error/><testcase name='a'/></testsuite>"
    let report = try IntakeReader.read(text.bytes, format: .junit, source: "r")
    guard case .tests(let tests) = report.content else { return }
    #expect(tests.totals == TestTotals(passed: 1, failed: 0, errors: 1, skipped: 0))
    #expect(tests.failedTests == ["s (suite)"])
  }

  @Test(
    "Trivy that shows nothing, or contradicts itself",
    arguments: [
      ("\"Results\":[", "\"Nothing\":[", "nothing that it could scan"),
      ("\"ArtifactName\":\"portal.tar\",", "", "\"ArtifactName\" is missing"),
      ("\"SchemaVersion\":2", "\"SchemaVersion\":1", "schema version 2"),
      ("\"Severity\":\"CRITICAL\"", "\"Severity\":\"SEVERE\"", "no severity of Trivy's"),
      ("\"Failures\":1", "\"Failures\":2", "states 2 failures, the rows say 1"),
      ("\"Class\":\"secret\"", "\"Class\":\"novel\"", "not understood"),
      ("\"Secrets\":", "\"Secrtes\":", "list \"Secrtes\" is not understood"),
      ("\"Status\":\"FAIL\"", "\"Status\":\"HMM\"", "is no status"),
      ("\"VulnerabilityID\":\"CVE-2099-0002\",", "", "\"VulnerabilityID\" is missing"),
      ("\"PkgName\":\"zlib\"", "\"PkgName\":7", "expected a string"),
      ("\"SchemaVersion\":2", "\"SchemaVersion\":2,\"SchemaVersion\":2", "twice"),
    ])
  func trivy(from: String, to: String, reason: String) {
    let answer = refusal(changed(Fixtures.trivy, from, to), .trivy)
    #expect(answer.contains(reason), "\(answer)")
  }

  @Test("Trivy with no results at all")
  func emptyTrivy() {
    let head = "{\"SchemaVersion\":2,\"ArtifactName\":\"x\",\"ArtifactType\":\"filesystem\""
    for tail in ["}", ",\"Results\":null}", ",\"Results\":[]}"] {
      #expect(refusal(head + tail, .trivy).contains("nothing that it could scan"))
    }
  }

  @Test(
    "SARIF that shows nothing, or contradicts itself",
    arguments: [
      ("\"runs\":[{", "\"runs\":[],\"x\":[{", "no run"),
      ("\"results\":[", "\"other\":[", "did not scan"),
      ("\"executionSuccessful\":true", "\"executionSuccessful\":false", "did not succeed"),
      ("\"version\":\"2.1.0\"", "\"version\":\"2.0.0\"", "expected SARIF 2.1.0"),
      ("\"ruleIndex\":0", "\"ruleIndex\":1", "names rule R1 and points to rule R2"),
      ("\"ruleIndex\":0", "\"ruleIndex\":9", "does not hold"),
      ("\"level\":\"warning\"", "\"level\":\"fatal\"", "no level"),
      ("\"kind\":\"pass\"", "\"kind\":\"fine\"", "no kind"),
      ("\"kind\":\"pass\"", "\"kind\":\"pass\",\"level\":\"error\"", "contradicts itself"),
      ("\"security-severity\":\"9.1\"", "\"security-severity\":\"11\"", "from 0 to 10"),
      ("\"name\":\"Checker\",", "", "\"name\" is missing"),
      (
        "\"results\":[",
        "\"externalPropertyFileReferences\":{\"results\":[{}]},\"results\":[", "other files"
      ),
    ])
  func sarif(from: String, to: String, reason: String) {
    let answer = refusal(changed(Fixtures.sarif, from, to), .sarif)
    #expect(answer.contains(reason), "\(answer)")
  }

  @Test(
    "CycloneDX that is no inventory",
    arguments: [
      ("\"components\":[{\"type\":\"library\",\"bom-ref\":\"a\"", "\"x\":[{\"a\":1", "missing"),
      ("\"specVersion\":\"1.6\"", "\"specVersion\":\"1.3\"", "1.4 to 1.7"),
      ("\"bom-ref\":\"b\"", "\"bom-ref\":\"a\"", "stands twice"),
      ("\"name\":\"jinja2\",", "", "\"name\" is missing"),
      ("\"bomFormat\":\"CycloneDX\"", "\"bomFormat\":\"Other\"", "expected \"CycloneDX\""),
    ])
  func cyclonedx(from: String, to: String, reason: String) {
    let answer = refusal(changed(Fixtures.cyclonedx, from, to), .cyclonedx)
    #expect(answer.contains(reason), "\(answer)")
  }

  @Test("The declared format and the content must agree")
  func formats() {
    let all: [(ReportFormat, String)] = [
      (.junit, Fixtures.junit), (.trivy, Fixtures.trivy), (.sarif, Fixtures.sarif),
      (.cyclonedx, Fixtures.cyclonedx),
    ]
    for (declared, _) in all {
      for (actual, text) in all {
        #expect(
          refusal(text, declared).hasPrefix("taken") == (declared == actual),
          "\(actual) as \(declared)")
      }
    }
    #expect(refusal("{}", .sarif).contains("no form of a sarif report"))
    #expect(refusal("[]", .sarif).contains("expected an object"))
  }

  @Test("A report about another image is refused")
  func subjects() throws {
    let image = try #require(Digest(Fixtures.image))
    let manifest = try #require(Digest(Fixtures.manifest))
    let right = ExpectedSubject(imageConfig: image, imageManifest: manifest)
    let wrongImage = ExpectedSubject(imageConfig: manifest, imageManifest: manifest)
    let wrongManifest = ExpectedSubject(imageConfig: image, imageManifest: image)
    #expect(refusal(Fixtures.trivy, .trivy, right).hasPrefix("taken"))
    #expect(refusal(Fixtures.trivy, .trivy, wrongImage).contains("another image"))
    #expect(refusal(Fixtures.trivy, .trivy, wrongManifest).contains("other manifests"))
    #expect(refusal(Fixtures.cyclonedx, .cyclonedx, right).hasPrefix("taken"))
    #expect(refusal(Fixtures.cyclonedx, .cyclonedx, wrongImage).contains("another image"))
    #expect(refusal(Fixtures.sarif, .sarif, right).contains("does not say which image"))
    #expect(refusal(Fixtures.junit, .junit, right).contains("cannot say which image"))
    let noImage = changed(Fixtures.trivy, "\"ImageID\":", "\"Other\":")
    #expect(refusal(noImage, .trivy, right).contains("\"ImageID\" is missing"))
    let folder = changed(Fixtures.trivy, "container_image", "filesystem")
    #expect(refusal(folder, .trivy, right).contains("expected a report on an image"))
  }
}
