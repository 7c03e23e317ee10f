import Intake
import Model
import TestKit
import Testing

/// Other people's reports. The numbers were counted with other programs: ElementTree and jq.
@Suite("Samples from real tools", .enabled(if: Vectors.isWanted))
struct SampleTests {
  private func read(_ path: String, _ format: ReportFormat) throws -> IntakeReport {
    try IntakeReader.read(
      try Vectors.bytes("reports/\(path)"), format: format, source: path)
  }

  @Test(
    "JUnit totals",
    arguments: [
      ("chainloop-dev_chainloop__pkg_attestation_crafter_materials_testdata_junit", [8, 1, 0, 0]),
      ("kosli-dev_cli__cmd_kosli_testdata_junit_iso8859_results", [2, 0, 0, 0]),
      ("mikepenz_action-junit-report__test_results_issues_testDisabled", [6, 4, 2, 10]),
      (
        "mikepenz_action-junit-report__test_results_maven_surefire_flaky_surefire-report",
        [1, 0, 0, 0]
      ),
      (
        "mikepenz_action-junit-report__test_results_multiple_failures_test_multiple_failures",
        [1, 2, 0, 1]
      ),
      ("mikepenz_action-junit-report__test_results_perl_result", [1, 0, 0, 0]),
      ("mikepenz_action-junit-report__test_results_python_report", [1, 2, 0, 0]),
    ])
  func junit(name: String, expected: [Int]) throws {
    guard case .tests(let tests) = try read("junit/\(name).xml", .junit).content else {
      Issue.record("no tests")
      return
    }
    let totals = tests.totals
    #expect([totals.passed, totals.failed, totals.errors, totals.skipped] == expected)
    #expect(tests.passedTests.count == expected[0])
    #expect(tests.failedTests.count == expected[1] + expected[2])
  }

  @Test(
    "JUnit that is refused, and why",
    arguments: [
      (
        "chainloop-dev_chainloop__pkg_attestation_crafter_materials_testdata_junit-invalid",
        "expected XML version 1.0"
      ),
      (
        "mikepenz_action-junit-report__pt-junit_e2e-tests_corrupt_target_sf-reports_"
          + "TEST-test.CorruptTest", "CDATA"
      ),
      (
        "mikepenz_action-junit-report__test_results_junit-web-test_expectedRetries",
        "'<' must not stand"
      ),
      (
        "mikepenz_action-junit-report__test_results_mocha_mocha",
        "states tests=\"15515\", its rows say 1"
      ),
      (
        "mikepenz_action-junit-report__test_results_nested_multi-level",
        "states tests=\"27\", its rows say 1"
      ),
    ])
  func refusedJUnit(name: String, reason: String) throws {
    let problem = #expect(throws: Problem.self) { try read("junit/\(name).xml", .junit) }
    #expect(problem?.message.contains(reason) == true, "\(problem?.description ?? "")")
  }

  @Test("Every JUnit sample is named in one of the two tests")
  func allJUnit() throws {
    #expect(try Vectors.files(below: "reports/junit", ending: ".xml").count == 12)
  }

  @Test(
    "SARIF totals: results, tools",
    arguments: [
      ("aquasecurity_trivy__integration_testdata_alpine-310.sarif.golden", 4, ["Trivy"]),
      (
        "chainloop-dev_chainloop__pkg_attestation_crafter_materials_testdata_checkmarx-multi-run"
          + ".sarif", 2, ["Checkmarx One", "some-other-tool"]
      ),
      (
        "chainloop-dev_chainloop__pkg_attestation_crafter_materials_testdata_report.sarif", 9,
        ["tfsec"]
      ),
      (
        "microsoft_sarif-tutorials__samples_1-Introduction_simple-example.sarif", 1, ["ESLint"]
      ),
      (
        "microsoft_sarif-tutorials__samples_3-Beyond-basics_standard-taxonomy.sarif", 1,
        ["CodeScanner"]
      ),
    ])
  func sarif(name: String, count: Int, tools: [String]) throws {
    let report = try read("sarif/\(name)", .sarif)
    guard case .findings(let findings) = report.content else {
      Issue.record("no findings")
      return
    }
    #expect(findings.rows.count == count)
    #expect(report.tools.map(\.name) == tools)
  }

  @Test("CycloneDX: counted, or refused with the reason")
  func cyclonedx() throws {
    let counts = [
      "aquasecurity_trivy__integration_testdata_pom-cyclonedx.json.golden": (3, 1),
      "chainloop-dev_chainloop__pkg_attestation_crafter_materials_testdata_sbom.cyclonedx-1.5"
        + ".json": (250, 0),
    ]
    let step = ReportingStep(
      application: "portal", run: "run-1", time: Instant(milliseconds: 0), tool: "", toolVersion: ""
    )
    for (name, (count, withoutVersion)) in counts {
      let inventory = try read("cyclonedx/\(name)", .cyclonedx).inventoryResult(step: step)
      #expect(inventory.count == count)
      #expect(inventory.withoutVersion == withoutVersion)
    }
    let refused = [
      "CycloneDX_bom-examples__SBOM_cern-lhc-vdm-editor-e564943_bom.json": "found 1.2",
      "CycloneDX_bom-examples__VEX_CISA-Use-Cases_Case-2_vex.json": "this is no inventory",
      "aquasecurity_trivy__integration_testdata_fixtures_sbom_centos-7-cyclonedx.intoto.jsonl":
        "no form of a cyclonedx report",
      "chainloop-dev_chainloop__estation_crafter_materials_testdata_sbom.cyclonedx-invalid-schema"
        + ".json": "expected an array, found a string",
    ]
    for (name, reason) in refused {
      let problem = #expect(throws: Problem.self) { try read("cyclonedx/\(name)", .cyclonedx) }
      #expect(problem?.message.contains(reason) == true, "\(name): \(problem?.description ?? "")")
    }
    #expect(try Vectors.files(below: "reports/cyclonedx", ending: "").count == 6)
  }
}
