import Foundation
import Model
import TestKit
import Testing

/// Mistakes in the files that people write.
@Suite("Bad configuration")
struct BadConfigurationEndToEnd {
  @Test("a pipeline: place, what was expected, the nearest word, the path of a cycle")
  func pipeline() async throws {
    let ward = try await Ward()
    try await ward.makeLedger()
    let refusal = Refusal(ward)
    let head = "version: 1\napplication: {name: a}\nstages:\n  s:\n    steps:\n"
    for (step, place, words) in [
      ("      one: {rnu: x}\n", "6:13", ["\"rnu\"", "did you mean \"run\"?"]),
      ("      one: [x]\n", "6:12", ["a step as a mapping"]),
      ("      one: {run: x, retries: lots}\n", "6:30", ["retries", "an integer"]),
      ("      one: {uses: image/scn}\n", "6:19", ["did you mean \"image/scan\"?"]),
      ("      one: {run: x, needs: two}\n", "6:28", ["\"two\""]),
      (
        "      one: {run: x, needs: two}\n      two: {run: x, needs: one}\n", "7:28",
        ["s/one → s/two → s/one"]
      ), ("      one: {uses: gate}\n", "6:", ["environment"]),
    ] {
      try ward.write("p.yaml", head + step)
      try await refusal.expect(
        .badInput, ["\(ward.file("p.yaml")):\(place)"] + words, ["plan", ward.file("p.yaml")])
      // The same in a commit: nothing of the run stays behind.
      try ward.write("repository/p.yaml", head + step)
      try await ward.commit("Break it")
      try await refusal.expect(
        .badInput, ["p.yaml:\(place)"] + words,
        [
          "run", "--pipeline", "p.yaml", "--ledger", ward.ledger, "--repository", ward.repository,
        ])
    }
    try await refusal.expect(
      .badInput, ["must lie in the repository"],
      [
        "run", "--pipeline", "../trust.yaml", "--ledger", ward.ledger, "--repository",
        ward.repository,
      ])
  }

  @Test("a trust file, a policy, a catalog: key, type, role, repeated name")
  func trust() async throws {
    let ward = try await Ward()
    try await ward.makeLedger()
    var refusal = Refusal(ward)
    refusal.folders = [ward.ledger]
    let changes: [(file: String, text: String, old: String, new: String, words: [String])] = [
      ("trust.yaml", WardFiles.trust, "emails:", "emials:", ["did you mean \"emails\"?", "5:5"]),
      ("trust.yaml", WardFiles.trust, "[developer, ", "[7, ", ["expected a text"]),
      ("trust.yaml", WardFiles.trust, "{role: security-officer}", "{role: king}", ["\"king\""]),
      ("trust.yaml", WardFiles.trust, "id: ben", "id: ana", ["\"ana\" stands twice"]),
      ("trust.yaml", WardFiles.trust, "on-behalf-of: ana", "on-behalf-of: eve", ["\"eve\""]),
      ("trust.yaml", WardFiles.trust, "keys/ben.pub", "keys/none.pub", ["keys/none.pub"]),
      ("policy.yaml", WardFiles.policy, "approvals:", "aprovals:", ["\"approvals\"?"]),
      ("policy.yaml", WardFiles.policy, "ward.tested", "ward.testd", ["ward.testd"]),
      ("policy.yaml", WardFiles.policy, "clinical-lead}", "nurse, count: 0}", ["count"]),
      ("policy.yaml", WardFiles.policy, "catalog.yaml", "none.yaml", ["none.yaml"]),
      ("catalog.yaml", WardFiles.catalog, "evidence.isSigned", "evidence.isSined", ["isSigned"]),
      ("catalog.yaml", WardFiles.catalog, "scope: release", "scope: relaese", ["\"release\"?"]),
      ("catalog.yaml", WardFiles.catalog, "id: ward.tested", "id: ward.signed", ["twice"]),
    ]
    for change in changes {
      let text = change.text.replacingOccurrences(of: change.old, with: change.new)
      try #require(text != change.text)
      try ward.write(change.file, text)
      let isMissing = change.new.contains("none.")
      for command in [
        ["ledger", "init", "--trust", ward.trust, "--ledger", ward.file("new")],
        ["trust", "propose", ward.trust, "--to", ward.file("c.json"), "--ledger", ward.ledger],
      ] {
        try await refusal.expect(
          isMissing ? .notFound : .badInput, [ward.path] + change.words, command)
      }
      try ward.write(change.file, change.text)
    }
    #expect(!FileManager.default.fileExists(atPath: ward.file("new")))
    #expect(!FileManager.default.fileExists(atPath: ward.file("c.json")))
    let names = try FileManager.default.contentsOfDirectory(atPath: ward.path)
    #expect(names.filter { $0.hasSuffix(".part") } == [])
  }
}
