import Foundation
import Model
import TestKit
import Testing

/// Reports, checks and environments that cannot be had.
@Suite("Bad releases, reports and environments")
struct BadReleasesEndToEnd {
  private let environments = """
    version: 1
    environments:
      staging: {target: podman, manifests: ., port: 18080}
    """

  @Test("a report or a check of what is not there, or to where nothing may be written")
  func reports() async throws {
    let ward = try await Ward()
    try await ward.makeLedger()
    let refusal = Refusal(ward)
    let ledger = ["--ledger", ward.ledger]
    for command in [["verify"], ["verify", "nosuch"], ["report", "--to", ward.file("r.html")]] {
      try await refusal.expect(.notFound, ["no release"], command + ledger)
    }
    let release = try await ward.recordRelease()
    try await refusal.expect(
      .notFound, ["nosuch", release.version], ["report", "nosuch", "--to", "x"] + ledger)
    try ward.write("kept.html", "mine")
    try await refusal.expect(
      .badInput, ["kept.html", "--force"], ["report", "--to", ward.file("kept.html")] + ledger)
    #expect(try String(contentsOfFile: ward.file("kept.html"), encoding: .utf8) == "mine")
    try await refusal.expect(
      .inputOutput, ["nowhere"], ["report", "--to", ward.file("nowhere/r.html")] + ledger)
    try await refusal.expect(
      .notFound, ["missing.yaml"],
      ["report", "--to", ward.file("r.html"), "--environments", ward.file("missing.yaml")] + ledger)
    #expect(!FileManager.default.fileExists(atPath: ward.file("r.html")))
    try await ward.pratique().check(["report", "--to", ward.file("r.html")] + ledger)
    #expect(FileManager.default.fileExists(atPath: ward.file("r.html")))
    // The release is of an image that nobody keeps: a check says so, and is no success.
    try await refusal.expect(.notTrusted, ["image"], ["verify", "latest"] + ledger)
  }

  @Test("an environment that is not defined, in a command and in a pipeline")
  func undefined() async throws {
    let ward = try await Ward()
    try await ward.makeLedger()
    let refusal = Refusal(ward)
    try ward.write("environments.yaml", environments)
    let reach = [
      "--application", "ward-app", "--ledger", ward.ledger, "--environments",
      ward.file("environments.yaml"),
    ]
    try await refusal.expect(
      .notFound, ["\"production\"", "staging"],
      ["environment", "back", "production", "--reason", "x"] + reach)
    try await refusal.expect(
      .notFound, ["\"production\""], ["environment", "down", "production", "--reason", "x"] + reach)
    try await refusal.expect(
      .badUsage, [], ["environment", "back", "staging"] + reach)
    let head = "version: 1\napplication: {name: a}\nstages:\n  s:\n    steps:\n"
    let run = [
      "run", "--pipeline", "p.yaml", "--ledger", ward.ledger, "--repository", ward.repository,
    ]
    // Told before anything begins: no step has run, nothing of the run stays behind.
    for (step, code, words) in [
      ("{uses: gate, with: {environment: prodction}}", Problem.Code.gateRefused, "prodction"),
      ("{uses: environment/deploy, with: {environment: production}}", .notFound, "--environments"),
    ] {
      try ward.write("repository/p.yaml", head + "      first: {run: x}\n      one: \(step)\n")
      try await ward.commit("Name an environment")
      try await refusal.expect(code, ["s/one", words], run)
    }
    try await refusal.expect(
      .notFound, ["\"production\"", "staging"],
      run + ["--environments", ward.file("environments.yaml")])
  }
}
