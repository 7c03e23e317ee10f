import Foundation
import Model
import TestKit
import Testing

/// Each tool that can be had here, on files with a planted flaw and on the same without it. The flawed
/// files ask their tool to look away; none does.
@Suite("Tools, really run", .timeLimit(.minutes(10)))
struct RealToolEndToEndSerial {
  private func pipeline(_ steps: String, services: String = "") -> String {
    """
    version: 1
    application: {name: ward-app, handles-phi: false}
    \(services)
    stages:
      look:
        steps:
    \(steps.split(separator: "\n").map { "      \($0)" }.joined(separator: "\n"))

    """
  }

  private func run(_ ward: Ward) async throws -> (Program.Result, ToolEvidence) {
    try PlantedFlaws.lay(in: ward)
    try await ward.commit("Plant")
    try await ward.makeLedger()
    let result = try await ward.pratique().run([
      "run", "--repository", ward.repository, "--ledger", ward.ledger,
    ])
    return (result, try await ToolEvidence(ward.ledger))
  }

  @Test("static tools find the planted flaw and not the mended one, whatever the repository asks")
  func files() async throws {
    var steps = ""
    for side in ["bad", "good"] {
      steps += """
          hadolint-\(side): {uses: hadolint/check, with: {file: \(side)/Containerfile}}
          cfn-\(side): {uses: cfn-lint/check, with: {template: \(side)/template.yaml}}
          semgrep-\(side): {uses: semgrep/scan, with: {rules: rules/shell.yaml, path: \(side)}}
          secrets-\(side): {uses: trivy/secrets, with: {path: \(side), stop-at: low}}
          config-\(side): {uses: trivy/config, with: {path: \(side)}}
          scap-\(side):
            uses: openscap/evaluate
            with: {content: rules/benchmark.xml, profile: xccdf_ward.example_profile_all, root: \(side)}

        """
    }
    let (result, evidence) = try await run(try await Ward(pipeline: pipeline(steps)))
    // The step that is to stop at a secret does; all others only tell.
    #expect(result.ending == .exited(10), "\(result.errorOutput)")
    #expect(result.errorOutput.contains("trivy found 1 of severity low or worse"))
    for (id, step) in evidence.steps {
      let expected: StepReport.Outcome = id == "look/secrets-bad" ? .failed : .passed
      #expect(step.outcome == expected, "\(id): \(result.errorOutput)")
      #expect(step.isolation == .notIsolated && step.tools.first?.version.isEmpty == false)
    }
    let looks: [(String, String, String, String)] = [
      ("hadolint", "/Containerfile", "DL3004", "misconfiguration"),
      ("cfn-lint", "/template.yaml", "E3002", "misconfiguration"),
      ("semgrep", "", "rules.shell-true", "code"),
      ("trivy", "", "aws-access-key-id", "secret"), ("trivy", "", "AWS-0107", "misconfiguration"),
      ("openscap", "", "xccdf_ward.example_rule_banner", "misconfiguration"),
    ]
    for (tool, place, rule, scope) in looks {
      let bad = try #require(evidence.scan(tool, "bad\(place)", scope), "\(tool) \(scope)")
      let good = try #require(evidence.scan(tool, "good\(place)", scope), "\(tool) \(scope)")
      #expect(bad.findings.contains { $0.rule == rule }, "\(tool): \(bad.findings.map(\.rule))")
      #expect(!good.findings.contains { $0.rule == rule }, "\(tool): \(good.findings.map(\.rule))")
      #expect(!bad.source.toolVersion.isEmpty && bad.source.rules != nil, "\(tool)")
    }
    // What asked the tools to look away is told.
    let notes = evidence.scans.flatMap { $0.notes ?? [] }
    #expect(notes.contains("The settings in .semgrepignore were not heeded."))
    #expect(notes.contains("The settings in .hadolint.yaml were not heeded."))
    #expect(notes.contains { $0.hasPrefix("bad/main.tf asks once to leave something out") })
    // Rules of the commit have the date of the commit that changed them.
    #expect(evidence.scan("semgrep", "bad")?.source.rules?.updatedAt != nil)
    #expect(evidence.scan("hadolint", "bad/Containerfile")?.source.rules?.updatedAt == nil)
  }

  @Test("dynamic tools find the planted flaw of a service, and nothing in the mended one")
  func services() async throws {
    let services = """
      services:
      """
      + ["bad", "good"].map {
        """

          \($0):
            run: exec python3 service/serve.py $\($0.uppercased())_PORT \($0)
            ports: {\($0.uppercased())_PORT: auto}
            ready: {run: "python3 -c 'import os, socket; socket.create_connection((\\"127.0.0.1\\", int(os.environ[\\"\($0.uppercased())_PORT\\"])))'"}
        """
      }.joined()
    var steps = ""
    for side in ["bad", "good"] {
      let name = side.uppercased()
      steps += """
          wapiti-\(side):
            uses: wapiti/scan
            services: [\(side)]
            with: {target: "http://${\(name)_HOST}:${\(name)_PORT}/", depth: 2, minutes: 2, stop-at: medium}
          api-\(side):
            uses: schemathesis/test
            services: [\(side)]
            with: {description: service/description.json, target: "http://${\(name)_HOST}:${\(name)_PORT}", examples: 10, suite: api-\(side)}

        """
    }
    steps += """
        wapiti-nobody: {uses: wapiti/scan, with: {target: "http://127.0.0.1:9/", minutes: 1}}

      """
    let (result, evidence) = try await run(
      try await Ward(pipeline: pipeline(steps, services: services)))
    let outcomes = evidence.steps.mapValues(\.outcome)
    #expect(
      outcomes == [
        "look/wapiti-bad": .failed, "look/wapiti-good": .passed, "look/api-bad": .failed,
        "look/api-good": .passed, "look/wapiti-nobody": .failed,
      ], "\(result.errorOutput)")
    // The address that nobody answers at left no evidence, and so shows nothing.
    #expect(evidence.scans.count == 2)
    let weaknesses = evidence.scans.map {
      $0.findings.contains { $0.weaknesses?.contains("CWE-79") == true }
    }
    #expect(weaknesses.sorted { $0 && !$1 } == [true, false], "\(evidence.scans.map(\.findings))")
    #expect(result.errorOutput.contains("wapiti looked at no addresses"), "\(result.errorOutput)")
    let tests = Dictionary(uniqueKeysWithValues: evidence.tests.map { ($0.suite, $0.result) })
    #expect(tests == ["api-bad": "FAILED", "api-good": "PASSED"])
  }

  @Test(
    "Checkov finds the planted flaw, and shows what its file asked to skip",
    .enabled(if: Self.has("checkov"), "scripts/bootstrap --with checkov"))
  func checkov() async throws {
    let steps = """
        bad: {uses: checkov/check, with: {framework: terraform, path: bad}}
        good: {uses: checkov/check, with: {framework: terraform, path: good}}

      """
    let (result, evidence) = try await run(try await Ward(pipeline: pipeline(steps)))
    #expect(result.ending == .exited(0), "\(result.errorOutput)")
    let rule = "CKV_AWS_24"
    #expect(evidence.scan("checkov", "bad")?.findings.contains { $0.rule == rule } == true)
    #expect(evidence.scan("checkov", "good")?.findings.contains { $0.rule == rule } == false)
  }

  @Test(
    "A tool that runs as another user is isolated, and leaves its report all the same",
    .enabled(if: geteuid() == 0, "becoming another user needs root"))
  func anotherUser() async throws {
    let steps = """
        scap:
          uses: openscap/evaluate
          executor: {process: {user: nobody}}
          with: {content: rules/benchmark.xml, root: bad}

      """
    let ward = try await Ward(pipeline: pipeline(steps))
    try FileManager.default.setAttributes([.posixPermissions: 0o711], ofItemAtPath: ward.path)
    let (result, evidence) = try await run(ward)
    #expect(result.ending == .exited(0), "\(result.errorOutput)")
    #expect(evidence.steps["look/scap"]?.isolation == .isolated)
    #expect(evidence.scan("openscap", "bad")?.totals.medium == 1)
  }

  private static func has(_ program: String) -> Bool {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return path.split(separator: ":").contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/\(program)")
    }
  }
}
