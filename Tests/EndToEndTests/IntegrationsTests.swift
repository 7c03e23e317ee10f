import Foundation
import Journey
import Ledger
import Model
import Reading
import TestKit
import Testing

/// What other CI systems run of ours, run as they would as far as that goes without them.
@Suite("Ready-made integrations, end to end", .serialized)
struct IntegrationsEndToEndTests {
  /// A ward whose trust root names a CI machine, and what every integration needs.
  private struct Agent {
    let ward: Ward
    let log: String

    init() async throws {
      ward = try await Ward()
      let openssl = ward.program("openssl")
      try await openssl.check(["genpkey", "-algorithm", "ed25519", "-out", ward.file("ci.pem")])
      try await openssl.check([
        "pkey", "-in", ward.file("ci.pem"), "-pubout", "-out", ward.file("ci.pub"),
      ])
      try ward.write(
        "trust.yaml",
        WardFiles.trust + "machines:\n  - {id: agent, on-behalf-of: ana, keys: [ci.pub]}\n")
      try await ward.makeLedger()
      let home = try LedgerHome.open(at: ward.ledger, readOnly: true)
      log = home.ledger.key.description
      try home.ledger.close()
      try ward.makeFolder("bin")
      try FileManager.default.createSymbolicLink(
        atPath: ward.file("bin/pratique"), withDestinationPath: ward.command)
    }

    /// A shell as a runner starts it, in the repository.
    func shell(_ name: String, _ environment: [String: String]) -> Program {
      var program = ward.program(name)
      program.directory = ward.repository
      program.environment["PATH"] =
        "\(ward.file("bin")):\(program.environment["PATH"] ?? "/usr/bin:/bin")"
      program.environment.merge(environment) { $1 }
      return program
    }

    func script(_ name: String) async throws -> String {
      let lint = Repository.root.appending(path: "scripts/lint-integrations").path
      return try await ward.program(lint).check(["--script", name])
    }

    /// Takes what was handed on, and gives the steps by name and outcome.
    func taken(_ folder: String) async throws -> [String] {
      let take = [
        "ledger", "spool", "take", "\(ward.repository)/\(folder)", "--ledger", ward.ledger,
      ]
      try await ward.pratique().check(take)
      let home = try LedgerHome.open(at: ward.ledger, readOnly: true)
      defer { try? home.ledger.close() }
      var steps: [String] = []
      for entry in try await home.entries(kind: .step, limit: 9) {
        let predicate = try await home.entry(entry.index).statement?["predicate"]
        steps.append("\(predicate?["step"]?.string ?? "") \(predicate?["outcome"]?.string ?? "")")
      }
      return steps
    }
  }

  /// Nobody above the command shows the key in its environment.
  private static let parentsHaveNoKey =
    "p=$PPID; while [ \"$p\" -gt 1 ]; do "
    + "if tr '\\0' '\\n' </proc/$p/environ | grep -q 'PRIVATE KEY'; then exit 77; fi; "
    + "p=$(awk '/^PPid/ {print $2}' /proc/$p/status); done"
  private static let report = "echo '\(WardFiles.harmlessReport)' >\"unit report.xml\""

  @Test("the GitHub action signs what the command did, and no input becomes a script")
  func github() async throws {
    let agent = try await Agent()
    let ward = agent.ward
    let script = try await agent.script("github")
    let key = try String(contentsOfFile: ward.file("ci.pem"), encoding: .utf8)
    try ward.makeFolder("temp")
    let environment = [
      "GITHUB_ACTIONS": "true", "RUNNER_TEMP": ward.file("temp"),
      "GITHUB_OUTPUT": ward.file("github-output"), "INPUT_APPLICATION": "ward-app",
      "INPUT_STEP": "unit", "INPUT_MACHINE": "agent", "INPUT_KEY": key, "INPUT_LOG_KEY": agent.log,
      "INPUT_REPORTS": "junit=unit report.xml\n", "INPUT_SUITE": "unit", "INPUT_INPUTS": "",
      "INPUT_OUTPUTS": "unit report.xml", "INPUT_SPOOL": "pratique-evidence",
      "INPUT_COMMAND":
        "\(Self.report); test -z \"${INPUT_KEY:-}\"; \(Self.parentsHaveNoKey); test -z \"$(ls \(ward.file("temp")))\"; echo \"fine\"",
    ]
    let arguments = ["--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    let good = try await agent.shell("bash", environment).run(arguments)
    #expect(good.exitCode == 0 && good.output == "fine\n", "\(good.errorOutput)")
    let output = try String(contentsOfFile: ward.file("github-output"), encoding: .utf8)
    #expect(output == "spool=pratique-evidence\n")
    var failing = environment
    failing["INPUT_COMMAND"] = "exit 3"
    failing["INPUT_REPORTS"] = ""
    failing["INPUT_OUTPUTS"] = ""
    failing["INPUT_STEP"] = "failing"
    #expect(try await agent.shell("bash", failing).run(arguments).exitCode == 3)
    let hostile =
      "\"; touch \(ward.file("pwned")); $(touch \(ward.file("pwned"))) `touch \(ward.file("pwned"))`"
    for name in [
      "APPLICATION", "STEP", "MACHINE", "LOG_KEY", "REPORTS", "SUITE", "INPUTS", "OUTPUTS",
    ] {
      var environment = environment
      environment["INPUT_\(name)"] = hostile
      _ = try await agent.shell("bash", environment).run(arguments)
      #expect(!FileManager.default.fileExists(atPath: ward.file("pwned")), "\(name)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: ward.file("temp")) == [])
    let steps = try await agent.taken("pratique-evidence")
    #expect(steps.contains("unit passed") && steps.contains("failing failed"), "\(steps)")
  }

  @Test("the GitLab component's and the Jenkins step's scripts sign what the command did")
  func others() async throws {
    for name in ["gitlab", "jenkins"] {
      let agent = try await Agent()
      let ward = agent.ward
      let resource = "integrations/jenkins/resources/pratique-attest.sh"
      let script =
        name == "gitlab"
        ? try await agent.script("gitlab")
        : try String(contentsOf: Repository.root.appending(path: resource), encoding: .utf8)
      let pwned = ward.file("pwned")
      let environment = [
        "GITLAB_CI": name == "gitlab" ? "true" : "", "PRATIQUE_KEY": ward.file("ci.pem"),
        "PRATIQUE_MACHINE": "agent", "PRATIQUE_LOG_KEY": agent.log,
        "PRATIQUE_SPOOL": "pratique-evidence", "PRATIQUE_ATTEST_APPLICATION": "ward-app",
        "PRATIQUE_ATTEST_STEP": "unit", "PRATIQUE_ATTEST_SUITE": "unit",
        "PRATIQUE_ATTEST_REPORTS": "junit=*.xml",
        "PRATIQUE_ATTEST_COMMAND":
          "\(Self.report.replacing("\"unit report.xml\"", with: "unit.xml")); test ! -e \(ward.file("ci.pem")); echo fine",
      ]
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o600], ofItemAtPath: ward.file("ci.pem"))
      var hostile = environment
      hostile["PRATIQUE_ATTEST_STEP"] = "\"; touch \(pwned); $(touch \(pwned))"
      hostile["PRATIQUE_ATTEST_SUITE"] = "`touch \(pwned)`"
      let refused = try await agent.shell("sh", hostile).run(["-ec", script])
      #expect(refused.exitCode == 65, "\(name): \(refused.errorOutput)")
      #expect(!FileManager.default.fileExists(atPath: pwned))
      let good = try await agent.shell("sh", environment).run(["-ec", script])
      #expect(good.exitCode == 0 && good.output == "fine\n", "\(name): \(good.errorOutput)")
      #expect(try await agent.taken("pratique-evidence") == ["unit passed"], "\(name)")
    }
  }
}
