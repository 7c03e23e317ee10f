import Foundation
import Model
import TestKit
import Testing

/// Tools that cannot be had here, and tools that break, played by stand-ins: small scripts that
/// answer as the tool would.
@Suite("Tools, played by stand-ins")
struct StandInToolEndToEnd {
  /// Scripts by the names of the programs that they stand in for.
  private static let scripts = [
    // Cut off in the middle of its report, and ends as if it had found something.
    "hadolint": #"printf '[{"code": "DL3004", "file": "bad/Cont'; exit 1"#,
    "cfn-lint": "kill -SEGV $$",
    // Ends with 0 and lists a failure.
    "checkov": #"""
    printf '{"check_type": "terraform", "results": {"passed_checks": [], "failed_checks":
      [{"check_id": "CKV_1", "check_name": "x", "file_path": "/main.tf", "resource": "a",
      "file_line_range": [1, 2]}], "skipped_checks": []}, "summary": {"passed": 0, "failed": 1,
      "skipped": 0, "parsing_errors": 0, "resource_count": 1, "checkov_version": "9.9.9"}}'
    """#,
    "oscap": "exit 0",
    "zap.sh": #"""
    for word; do last=$word; done
    printf '{"@version": "9.9.9", "site": [{"@name": "http://127.0.0.1:9", "alerts": [{"pluginid":
      "10038", "alert": "No policy", "name": "No policy", "riskcode": "2", "confidence": "3",
      "cweid": "693", "count": "1", "instances": [{"uri": "http://127.0.0.1:9/"}]}]}]}' >"$last"
    """#,
    "snyk": #"""
    for word; do case $word in --json-file-output=*) file=${word#*=} ;; esac; done
    test "$SNYK_TOKEN" = a-token-of-nobody
    printf '{"ok": true, "vulnerabilities": [], "dependencyCount": 3, "packageManager": "pip",
      "projectName": "x", "uniqueCount": 0, "summary": "none"}' >"$file"
    """#,
    "sonar-scanner": "echo done",
    "curl": #"""
    grep -q 'Bearer a-token-of-nobody'
    printf '{"projectStatus": {"status": "OK", "conditions": [{"status": "OK", "metricKey":
      "new_coverage", "comparator": "LT", "errorThreshold": "80", "actualValue": "91"}]}}'
    """#,
  ]

  private static let pipeline = """
    version: 1
    application: {name: ward-app, handles-phi: false}
    stages:
      look:
        steps:
          cut-off: {uses: hadolint/check, with: {file: bad/Containerfile}}
          crashed: {uses: cfn-lint/check, with: {template: bad/template.yaml}}
          contradiction: {uses: checkov/check, with: {framework: terraform}}
          empty: {uses: openscap/evaluate, with: {content: rules/benchmark.xml}}
          absent: {uses: semgrep/scan, with: {rules: rules/shell.yaml}}
          zap: {uses: zap/scan, with: {target: "http://127.0.0.1:9/"}}
          snyk: {uses: snyk/test, secrets: {SNYK_TOKEN: {environment: TOKEN}}}
          sonar:
            uses: sonar/scan
            secrets: {SONAR_TOKEN: {environment: TOKEN}}
            with: {server: "https://sonar.example", project: ward}

    """

  @Test("what breaks, contradicts itself, or is not there shows nothing; the others are read")
  func standIns() async throws {
    let ward = try await Ward(pipeline: Self.pipeline)
    try PlantedFlaws.lay(in: ward)
    try await ward.commit("Plant")
    try await ward.makeLedger()
    try ward.makeFolder("stand-ins")
    for (name, script) in Self.scripts {
      let version = "case \"$*\" in *-version*) echo \"stand-in for \(name) 9.9.9\"; exit ;; esac"
      try ward.write("stand-ins/\(name)", "#!/bin/sh -eu\n\(version)\n\(script)\n")
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: ward.file("stand-ins/\(name)"))
    }
    var pratique = ward.pratique()
    pratique.environment["PATH"] = "\(ward.file("stand-ins")):/usr/bin:/bin"
    pratique.environment["TOKEN"] = "a-token-of-nobody"
    let result = try await pratique.run([
      "run", "--repository", ward.repository, "--ledger", ward.ledger,
    ])
    let evidence = try await ToolEvidence(ward.ledger)
    let words = [
      "cut-off": "the hadolint report was refused", "crashed": "cfn-lint crashed",
      "contradiction": "contradicts itself", "empty": "left no report",
      "absent": "semgrep is not there",
    ]
    // Which of them is told first decides the code: a step that failed, or a tool that is not there.
    #expect(result.ending == .exited(10) || result.ending == .exited(69), "\(result.errorOutput)")
    for (id, step) in evidence.steps {
      let name = String(id.dropFirst("look/".count))
      #expect(step.outcome == (words[name] == nil ? .passed : .failed), "\(id)")
      if let word = words[name] { #expect(result.errorOutput.contains(word), "\(id): \(word)") }
    }
    #expect(result.errorOutput.contains("pipx install semgrep"))
    #expect(evidence.steps.count == 8 && evidence.scans.count == 2, "\(result.errorOutput)")
    #expect(evidence.scans.map(\.source.tool).sorted() == ["snyk", "zap"])
    #expect(evidence.tests.map(\.result) == ["PASSED"])
    #expect(!result.errorOutput.contains("a-token-of-nobody"))
  }

  @Test("a pipeline has no words that would hide findings")
  func words() async throws {
    let refused = [
      "with: {file: a, exit-zero: true}": "exit-zero", "with: {file: ../a}": "no path below",
      "with: {file: a}, outputs: [x]": "outputs", "with: {}": "file",
      "with: {file: a}, executor: {container: {image: x}}": "runs as a process",
      "with: {file: a, stop-at: never}": "never",
    ]
    for (text, word) in refused {
      let ward = try await Ward(
        pipeline: """
          version: 1
          application: {name: ward-app, handles-phi: false}
          stages: {look: {steps: {a: {uses: hadolint/check, \(text)}}}}

          """)
      try await ward.makeLedger()
      let result = try await ward.pratique().run([
        "run", "--repository", ward.repository, "--ledger", ward.ledger,
      ])
      #expect(
        result.ending != .exited(0) && result.errorOutput.contains(word),
        "\(text): \(result.errorOutput)")
    }
  }
}
