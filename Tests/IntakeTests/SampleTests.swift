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
      "CycloneDX_bom-examples__VEX_CISA-Use-Cases_Case-2_vex.json":
        "the content is cyclonedx-vex",
      "aquasecurity_trivy__integration_testdata_fixtures_sbom_centos-7-cyclonedx.intoto.jsonl":
        "the content is in-toto-attestation",
      "chainloop-dev_chainloop__estation_crafter_materials_testdata_sbom.cyclonedx-invalid-schema"
        + ".json": "expected an array, found a string",
    ]
    for (name, reason) in refused {
      let problem = #expect(throws: Problem.self) { try read("cyclonedx/\(name)", .cyclonedx) }
      #expect(problem?.message.contains(reason) == true, "\(name): \(problem?.description ?? "")")
    }
    #expect(try Vectors.files(below: "reports/cyclonedx", ending: "").count == 6)
  }

  /// What each sample of another kind is recognised as, and what its lines say, as counted by jq and
  /// ElementTree: the first lines, and how many there are.
  static let others: [(file: String, format: ReportFormat, count: Int, first: [String])] = [
    (
      "cobertura/chainloop-dev_chainloop__pkg_attestation_crafter_materials_testdata_cobertura.xml",
      .cobertura, 2, ["cobertura", "coverage 4/6 1/2 -, files 1"]
    ),
    (
      "jacoco/chainloop-dev_chainloop__pkg_attestation_crafter_materials_testdata_jacoco.xml",
      .jacoco, 2, ["jacoco; jacoco -", "coverage 3/13 1/4 1/5, files 1"]
    ),
    (
      "lcov/cedx_lcov.js__res_Lcov.info", .lcov, 2, ["lcov", "coverage 20/22 6/8 3/3, files 3"]
    ),
    (
      "lcov/gcovr_gcovr__tests_const-functions_reference_clang-10_coverage.lcov", .lcov, 2,
      ["lcov", "coverage 17/17 3/6 5/6, files 1"]
    ),
    (
      "csaf-vex/chainloop-dev_chainloop__internal_schemavalidators_testdata_csaf_vex_v0.2.1.json",
      .csaf, 20,
      [
        "csaf; Secvisogram 1.11.0",
        "CVE-2020-11896 under_investigation Example Company GHI 17.4 - by "
          + "Example Company ProductCERT",
      ]
    ),
    (
      "cyclonedx/CycloneDX_bom-examples__VEX_CISA-Use-Cases_Case-2_vex.json", .cyclonedxVEX, 20,
      ["cyclonedx-vex", "CVE-2020-11896 not_affected ABC@4.2 code_not_reachable by -"]
    ),
    (
      "cyclonedx/aquasecurity_trivy__integration_testdata_fixtures_sbom_centos-7-cyclonedx"
        + ".intoto.jsonl", .inTotoAttestation, 5,
      [
        "in-toto-attestation; trivy dev",
        "bash 4.2.46-31.el7 pkg:rpm/centos/bash@4.2.46-31.el7?arch=x86_64&distro=centos-7.6.1810",
      ]
    ),
    (
      "hdf/mitre_heimdall2__hdf-converters_sample_jsons_checkov_mapper_checkov_synthetic-hdf.json",
      .hdf, 4, ["hdf; Checkov 3.2.506", "misconfiguration: high CKV_AWS_150"]
    ),
    (
      "hdf/mitre_heimdall2__libs_hdf-converters_sample_jsons_asff_mapper_prowler-hdf.json", .hdf, 4,
      ["hdf; Prowler -", "misconfiguration: high check11"]
    ),
    (
      "oscal/usnistgov_oscal-content__examples_ap_json_ifa_assessment-plan-example.json",
      .oscalAssessmentPlan, 2,
      ["oscal-assessment-plan", "assessment-plan \"IFA GoodRead Assessment Plan\" 1.0"]
    ),
    (
      "oscal/usnistgov_oscal-content__examples_ar_json_ifa_assessment-results-example.json",
      .oscalAssessmentResults, 3,
      ["oscal-assessment-results", "misconfiguration: unknown ac-6.1_obj", "checks 0 1 0 0"]
    ),
    (
      "oscal/usnistgov_oscal-content__examples_poam_json_ifa_plan-of-action-and-milestones.json",
      .oscalPOAM, 3, ["oscal-poam"]
    ),
  ]

  @Test("Other kinds, recognised from their content", arguments: others.indices)
  func otherKinds(place: Int) throws {
    let sample = Self.others[place]
    let report = try IntakeReader.read(
      ReportInput(try Vectors.bytes("reports/\(sample.file)")), source: sample.file
    ).report
    let lines = outline(report)
    #expect(report.format == sample.format)
    #expect(Array(lines.prefix(sample.first.count)) == sample.first)
    #expect(lines.count == sample.count, "\(lines)")
  }

  @Test("Every sample is named in one of these tests")
  func everySample() throws {
    let folders = ["cobertura", "jacoco", "lcov", "csaf-vex", "hdf", "oscal"]
    let files = try folders.flatMap { try Vectors.files(below: "reports/\($0)", ending: "") }
    let named = Self.others.map { "reports/\($0.file)" }.filter { !$0.contains("/cyclonedx/") }
    #expect(Set(files).subtracting(named) == [])
  }
}
