import Foundation
import Glibc
import Journey
import Ledger
import Model
import Reading
import TestKit
import Testing

/// A command of somebody else's CI, wrapped.
@Suite("Wrapped commands, end to end", .serialized)
struct AttestEndToEndTests {
  /// A program that runs in the ward's repository.
  private func pratique(_ ward: Ward, _ more: [String: String] = [:]) -> Program {
    var program = ward.pratique()
    program.directory = ward.repository
    program.environment.merge(more) { $1 }
    return program
  }

  private func head(_ ward: Ward) async throws -> String {
    var git = ward.program("git")
    git.directory = ward.repository
    return try await git.check(["rev-parse", "HEAD"]).trimmingCharacters(in: .newlines)
  }

  private func steps(_ ward: Ward) async throws -> [ShownEntry] {
    let home = try LedgerHome.open(at: ward.ledger, readOnly: true)
    defer { try? home.ledger.close() }
    var shown: [ShownEntry] = []
    for entry in try await home.entries(kind: .step, limit: 50) {
      shown.append(try await home.entry(entry.index))
    }
    return shown
  }

  @Test("exit code, streams and signals are the command's, and what it did is recorded")
  func wrapped() async throws {
    let ward = try await Ward()
    try await ward.makeLedger()
    let commit = try await head(ward)
    let environment = [
      "GITHUB_ACTIONS": "true", "GITHUB_SHA": commit, "GITHUB_ACTOR": "dev",
      "GITHUB_RUN_ID": "7", "PRATIQUE_LEDGER": ward.ledger, "API_TOKEN": "t0k3n-value",
    ]
    let program = pratique(ward, environment)
    let report = "echo '\(WardFiles.harmlessReport)' >unit.xml"
    let base = ["attest", "--application", "ward-app"]
    let good = try await program.run(
      base + [
        "--step", "unit", "--suite", "unit", "--report", "junit=unit.xml", "--output", "unit.xml",
        "--", "sh", "-c", "\(report); echo out $PRATIQUE_LEDGER; echo $API_TOKEN >&2",
      ])
    #expect(good.exitCode == 0, "\(good.errorOutput)")
    #expect(good.output == "out\n")
    #expect(good.errorOutput.contains("t0k3n-value\n"))
    #expect(good.errorOutput.contains("recorded as entry"), "\(good.errorOutput)")
    let bad = try await program.run(base + ["--step", "bad", "--", "sh", "-c", "exit 42"])
    #expect(bad.exitCode == 42, "\(bad.errorOutput)")

    // SIGTERM reaches the command, which decides what becomes of it.
    let waiting = try program.start(
      base + [
        "--step", "waiting", "--", "sh", "-c",
        "trap 'echo caught; exit 9' TERM; echo begun >>\"$MARKS/trap\"; while :; do sleep 0.02; done",
      ])
    while ward.marks("trap") == 0, waiting.endingNow == nil {
      try await Task.sleep(for: .milliseconds(5))
    }
    waiting.kill(SIGTERM)
    #expect(try await waiting.ending() == .exited(9), "\(waiting.errorOutput)")
    #expect(waiting.output == "caught\n")

    let shown = try await steps(ward)
    let predicates = shown.compactMap { $0.statement?["predicate"] }
    #expect(predicates.map { $0["step"]?.string } == ["unit", "bad", "waiting"])
    let unit = try #require(predicates.first)
    #expect(unit["isolation"]?.string == "not isolated")
    #expect(unit["outcome"]?.string == "passed")
    #expect(unit["surroundings"]?["standing"]?.string == "claimed")
    #expect(unit["surroundings"]?["platform"]?.string == "github-actions")
    #expect(unit["surroundings"]?["changedFiles"] == .integer(0))
    #expect(shown[0].leaf.contains(commit))
    let home = try LedgerHome.open(at: ward.ledger, readOnly: true)
    defer { try? home.ledger.close() }
    #expect(try await home.entries(kind: .testResult, limit: 9).count == 1)
    let log = try #require(unit["log"]?["digest"]?.string.flatMap { Digest($0) })
    let text = String(decoding: try #require(try await home.blobs.get(log)), as: UTF8.self)
    #expect(text.contains("out") && text.contains("***") && !text.contains("t0k3n"))
  }

  @Test("what contradicts itself or cannot be recorded does not start, or ends with its own code")
  func refused() async throws {
    let ward = try await Ward()
    let base = ["attest", "--application", "ward-app", "--ledger", ward.ledger]
    let mark = ["--", "sh", "-c", "echo ran >>\"$MARKS/ran\""]
    let absent = try await pratique(ward).run(base + mark)
    #expect(absent.exitCode == 79, "\(absent.errorOutput)")
    #expect(absent.errorOutput.contains("not started"), "\(absent.errorOutput)")
    try await ward.makeLedger()
    let forged = pratique(
      ward, ["GITLAB_CI": "true", "CI_COMMIT_SHA": String(repeating: "0f", count: 20)])
    let refused = try await forged.run(base + mark)
    #expect(refused.exitCode == 65, "\(refused.errorOutput)")
    #expect(ward.marks("ran") == 0)
    let recorded = try await forged.run(base + ["--allow-contradictions"] + mark)
    #expect(recorded.exitCode == 0 && recorded.errorOutput.contains("contradiction"))
    #expect(ward.marks("ran") == 1)

    // A tracked file that differs from the commit is counted.
    try ward.write("repository/pratique.yaml", "changed")
    // A report that is not written, or is cut off, is no clean one.
    let reports = ["--suite", "unit", "--report", "unit.xml", "--", "sh", "-c"]
    for script in ["true", "echo '<testsuite tests=\"1\">' >unit.xml"] {
      let fault = try await pratique(ward).run(base + reports + [script])
      #expect(fault.exitCode == 79, "\(script): \(fault.errorOutput)")
    }
    let last = try #require(try await steps(ward).last?.statement?["predicate"])
    #expect(last["outcome"]?.string == "failed" && last["reason"]?.string?.isEmpty == false)
    #expect(last["surroundings"]?["changedFiles"] == .integer(1))
    let missing = try await pratique(ward).run(base + ["--", "no-such-program"])
    #expect(missing.exitCode == 69, "\(missing.errorOutput)")
  }

  @Test("evidence that a CI machine signed is handed on, and recorded once")
  func spooled() async throws {
    let ward = try await Ward()
    try await ward.program("openssl").check([
      "genpkey", "-algorithm", "ed25519", "-out", ward.file("ci.pem"),
    ])
    try await ward.program("openssl").check([
      "pkey", "-in", ward.file("ci.pem"), "-pubout", "-out", ward.file("ci.pub"),
    ])
    try ward.write(
      "trust.yaml",
      WardFiles.trust
        + "machines:\n  - {id: jenkins, on-behalf-of: ana, keys: [{file: ci.pub, kinds: [step]}]}\n"
    )
    try await ward.makeLedger()
    let home = try LedgerHome.open(at: ward.ledger, readOnly: true)
    let log = home.ledger.key.description
    try home.ledger.close()
    try FileManager.default.copyItem(
      atPath: ward.file("ci.pem"), toPath: ward.file("once.pem"))
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o600], ofItemAtPath: ward.file("ci.pem"))
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o600], ofItemAtPath: ward.file("once.pem"))
    let spool = ward.file("evidence")
    let agent = pratique(
      ward,
      [
        "PRATIQUE_SPOOL": spool, "PRATIQUE_KEY": ward.file("once.pem"),
        "PRATIQUE_MACHINE": "jenkins", "PRATIQUE_LOG_KEY": log,
        "PRATIQUE_LEDGER": ward.file("nowhere"),
      ])
    let run = try await agent.run([
      "attest", "--application", "ward-app", "--step", "build", "--remove-key", "--", "sh", "-c",
      "test ! -e \(ward.file("once.pem")) && test -z \"$PRATIQUE_KEY\" && echo built",
    ])
    #expect(run.exitCode == 0, "\(run.errorOutput)")
    #expect(run.errorOutput.contains("NOT recorded"), "\(run.errorOutput)")
    let take = ["ledger", "spool", "take", spool, "--ledger", ward.ledger]
    let taken = try await ward.pratique().check(take)
    #expect(taken.contains("recorded step as entry"), "\(taken)")
    try await ward.pratique().check(take)
    let steps = try await steps(ward)
    #expect(steps.map(\.actor) == ["jenkins"])
    let digest = try #require(
      steps.first?.statement?["predicate"]?["log"]?["digest"]?.string.flatMap { Digest($0) })
    let again = try LedgerHome.open(at: ward.ledger, readOnly: true)
    #expect(try await again.blobs.get(digest) == Array("built\n".utf8))
    try again.ledger.close()

    // A stranger's key, another machine's name, and a kind that the key may not sign: nothing is taken.
    let report = "echo '\(WardFiles.harmlessReport)' >unit.xml"
    for (index, change) in [
      ["PRATIQUE_KEY": ward.key("ben")], ["PRATIQUE_MACHINE": "runner"], [:],
    ].enumerated() {
      let place = ward.file("evidence-\(index)")
      var program = agent
      program.environment["PRATIQUE_KEY"] = ward.file("ci.pem")
      program.environment["PRATIQUE_SPOOL"] = place
      program.environment.merge(change) { $1 }
      let options = index == 2 ? ["--suite", "u", "--report", "unit.xml"] : []
      let signed = try await program.run(
        ["attest", "--application", "ward-app"] + options + ["--", "sh", "-c", report])
      #expect(signed.exitCode == 0, "\(signed.errorOutput)")
      let refused = try await ward.pratique().run(
        ["ledger", "spool", "take", place, "--ledger", ward.ledger])
      #expect(refused.exitCode == 77, "\(index): \(refused.errorOutput)")
      let waiting = try await ward.pratique().check(
        ["ledger", "spool", "list", "--ledger", ward.ledger])
      #expect(waiting.contains("0 file(s)"), "\(waiting)")
    }
    let after = try await self.steps(ward)
    #expect(after.count == 1)
  }
}
