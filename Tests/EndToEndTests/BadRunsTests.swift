import Foundation
import Model
import TestKit
import Testing

/// Runs that cannot begin or go on.
@Suite("Bad runs")
struct BadRunsEndToEnd {
  /// Waits at its second step until it finds the mark `go`.
  private static let waiting = """
    version: 1
    application: {name: waiting, handles-phi: false}
    stages:
      s:
        steps:
          first: {run: "echo first"}
          wait:
            run: |
              echo ready > "$MARKS/ready"
              while ! test -e "$MARKS/go"; do sleep 0.02; done
            environment: {pass: [MARKS]}
            needs: first

    """

  @Test("no run to go on with, an unknown run, a revision that is not there")
  func unknown() async throws {
    let ward = try await Ward()
    try await ward.makeLedger()
    let refusal = Refusal(ward)
    let ledger = ["--ledger", ward.ledger]
    let run = ["run", "--repository", ward.repository] + ledger
    try await refusal.expect(.notFound, ["no run to go on with"], ["run", "--resume"] + ledger)
    try await refusal.expect(
      .notFound, ["\"20260101-none\""], ["run", "--resume", "--run", "20260101-none"] + ledger)
    for name in ["../runs", "A", "a/b"] {
      try await refusal.expect(
        .badInput, ["\"\(name)\""], ["run", "--resume", "--run", name] + ledger)
    }
    for name in ["nosuch", String(repeating: "0", count: 40), "HEAD~7", "v1.0"] {
      try await refusal.expect(.notFound, [name, ward.repository], run + [name])
    }
    for name in ["--upload-pack=touch x", "HEAD:pratique.yaml", "", "a b", "é"] {
      // Options come before `--`, behind which nothing is one.
      let command = ["run", "--json", "--repository", ward.repository] + ledger + ["--", name]
      let result = try await ward.pratique().run(command)
      #expect(result.ending == .exited(65), "\(name): \(result.errorOutput)")
    }
    try ward.makeFolder("young")
    var git = ward.program("git")
    git.directory = ward.file("young")
    try await git.check(["init", "-q", "."])
    try await refusal.expect(
      .notFound, ["HEAD", ward.file("young")], ["run", "--repository", ward.file("young")] + ledger)
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(ward.ledger)/runs") == [])
  }

  @Test("a run that is going on is not gone on with; another may begin beside it")
  func goingOn() async throws {
    let ward = try await Ward(pipeline: Self.waiting)
    try await ward.makeLedger()
    let command = ["run", "--repository", ward.repository, "--ledger", ward.ledger]
    let first = try ward.pratique().start(command)
    for _ in 0..<3_000 where ward.marks("ready") == 0 {
      try await Task.sleep(for: .milliseconds(10))
    }
    try #require(ward.marks("ready") == 1, "\(first.errorOutput)")
    try await Refusal(ward).expect(
      .busy, ["going on in another process", "\(ward.ledger)/runs/"],
      ["run", "--resume", "--ledger", ward.ledger])
    let second = try ward.pratique().start(command)
    for _ in 0..<3_000 where !second.errorOutput.contains("s/wait begins") {
      try await Task.sleep(for: .milliseconds(10))
    }
    try ward.write("marks/go", "")
    #expect(try await first.ending() == .exited(0), "\(first.errorOutput)")
    #expect(try await second.ending() == .exited(0), "\(second.errorOutput)")
    let content = try await LedgerContent(ward.ledger)
    #expect(content.doubled == [])
    for words in [first, second].map({ Announcements($0.errorOutput) }) {
      #expect(content.passes(words.run ?? "", "s/wait") == 1)
    }
    try await ward.pratique().check(["ledger", "verify", "--ledger", ward.ledger])
  }

  @Test("a run whose pipeline file was changed, whose repository is gone, whose record is damaged")
  func tampered() async throws {
    let ward = try await Ward()
    try await ward.makeLedger()
    try await ward.pratique().check(
      ["run", "--repository", ward.repository, "--ledger", ward.ledger])
    let runs = try FileManager.default.contentsOfDirectory(atPath: "\(ward.ledger)/runs")
    let run = try #require(runs.first)
    var refusal = Refusal(ward)
    func copy(_ name: String, _ file: String, _ text: String?) throws -> [String] {
      let ledger = try ward.copyLedger(name)
      let path = "\(ledger)/runs/\(run)/\(file)"
      if let text {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      } else {
        try FileManager.default.removeItem(atPath: path)
      }
      refusal.folders = [ledger]
      return ["run", "--resume", "--ledger", ledger]
    }
    let file = WardFiles.pipeline.replacingOccurrences(of: "echo clean", with: "echo dirty")
    try await refusal.expect(
      .notTrusted, [run, "pratique run"], copy("changed", "workspace/pratique.yaml", file))
    try await refusal.expect(
      .notFound, ["pratique.yaml"], copy("gone", "workspace/pratique.yaml", nil))
    try await refusal.expect(.badInput, ["run.json"], copy("noise", "run.json", "{\"run\": 7}"))
    try FileManager.default.moveItem(atPath: ward.repository, toPath: ward.file("moved"))
    try await refusal.expect(
      .notFound, [ward.repository], copy("homeless", "workspace/note", ""))
  }
}
