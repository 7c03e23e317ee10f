import Compliance
import Foundation
import Model
import Reading
import TestKit
import Testing

/// Explanations in SARIF, held by somebody else's program against the standard's whole schema.
@Suite(
  "SARIF as its schema says",
  .enabled(if: OtherValidator.isWanted, "the verifiers are not installed: scripts/bootstrap"))
struct SARIFRealTests {
  private static func fixtures() throws -> [(name: String, fixture: Fixture)] {
    var waived = try Fixture.lacking()
    try waived.say(.waiver, WaiverDraft().value, by: "ben")
    var scoped = try Fixture.lacking()
    try scoped.say(
      .scopeStatement,
      ScopeStatement(
        verdict: .outOfScope, controls: ["tested"], application: "patient-portal", reason: "none",
        expires: Fixture.instant("2026-12-01T00:00:00Z"), person: "ben", role: Fixture.official,
        time: Fixture.instant("2026-06-01T10:00:00Z")), by: "ben")
    var harmful = Fixture()
    harmful.pieces.append(
      Fixture.Piece.step("a", "b", .skipped).with("reason", as: .string("\u{1b}[2J\u{202e}<b>\n")))
    var unreadable = Fixture()
    unreadable.pieces.append(Fixture.Piece.scan().with("totals", as: .null))
    var refused = Fixture()
    refused.remove(.inventory)
    return [
      ("allowed", try .approved()), ("waiting", Fixture()), ("refused", refused),
      ("waived", waived), ("out-of-scope", scoped), ("harmful", harmful), ("error", unreadable),
    ]
  }

  private func validate(_ files: [URL]) throws -> (status: Int32, words: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: OtherValidator.python)
    process.arguments =
      [Repository.root.appending(path: "scripts/verify/sarif.py").path] + files.map(\.path)
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let words = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: words, as: UTF8.self))
  }

  @Test("every sort of answer is as the whole schema says, and one that is not is noticed")
  func schema() throws {
    let folder = try TemporaryFolder()
    var files: [URL] = []
    for (name, fixture) in try Self.fixtures() {
      let explanation = Explanation(try fixture.decide(), bundle: try fixture.bundle())
      #expect(
        name == "harmful" || name == "waived" || name == "out-of-scope"
          || explanation.decision.outcome.rawValue == name)
      let log = ExplanationSARIF(explanation, version: "1.0.0").json
      let file = URL(fileURLWithPath: folder.file("\(name).sarif"))
      try Data(CanonicalJSON.write(log)).write(to: file)
      files.append(file)
    }
    let answer = try validate(files)
    #expect(answer.status == 0, "\(answer.words)")
    let text = try String(contentsOf: files[0], encoding: .utf8)
    let spoilt = URL(fileURLWithPath: folder.file("spoilt.sarif"))
    try Data(text.replacing("\"kind\":\"pass\"", with: "\"kind\":\"passed\"").utf8).write(
      to: spoilt)
    #expect(try validate([spoilt]).status == 1)
  }
}

/// Somebody else's program that knows JSON schemas.
private enum OtherValidator {
  static let python: String = {
    let environment = ProcessInfo.processInfo.environment
    if let path = environment["PRATIQUE_VERIFIERS_PYTHON"] { return path }
    let cache = environment["XDG_CACHE_HOME"] ?? "\(NSHomeDirectory())/.cache"
    return "\(environment["PRATIQUE_TOOLS"] ?? "\(cache)/pratique/tools")/verifiers/bin/python"
  }()

  /// In CI an absent tool fails, and is not passed over.
  static let isWanted =
    ProcessInfo.processInfo.environment["CI"] == "true"
    || FileManager.default.isExecutableFile(atPath: python)
}
