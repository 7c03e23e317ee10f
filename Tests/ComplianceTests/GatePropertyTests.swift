import Compliance
import Model
import Reading
import TestKit
import Testing

/// What holds whatever the evidence is; each with many releases that a seed makes.
@Suite("Properties of the gate")
struct GatePropertyTests {
  /// Some piece: good, bad or of something else.
  private static func piece(_ random: inout Seeded) -> Fixture.Piece {
    let finding = Finding(rule: "CVE-1", severity: .critical, title: "t")
    let run = "run-\(Int.random(in: 2..<9, using: &random))"
    let tool = ["pytest", "trivy", "other"].randomElement(using: &random) ?? "pytest"
    let all: [Fixture.Piece] = [
      .source(run: run), .source(isSigned: false, run: run),
      .tests(tool: tool, run: run), .tests(failed: ["x"], tool: tool, run: run),
      .tests(suite: "unit", run: run), .tests(application: "other", run: run),
      .scan(tool: tool, run: run), .scan([finding], tool: tool, run: run),
      .scan(subjects: [Fixture.otherImage], run: run), .secrets(), .secrets(scope: "code"),
      .inventory(), .inventory(versions: []), .inventory(image: Fixture.otherImage),
      .provenance(), .provenance(sources: []), .rollout(), .rollout(.rolledBack),
      .rollout(environment: "lab"), .step("a", run, .failed), .step("a", run),
    ]
    var piece = all.randomElement(using: &random) ?? all[0]
    piece.wrapping = "\(Int.random(in: 0..<1000, using: &random))"
    return piece
  }

  private static func fixture(_ random: inout Seeded) -> Fixture {
    var fixture = Fixture()
    for _ in 0..<Int.random(in: 0..<8, using: &random) { fixture.pieces.append(piece(&random)) }
    if Bool.random(using: &random) { fixture.pieces.shuffle(using: &random) }
    return fixture
  }

  @Test("more evidence never turns met into missing", arguments: 1...12)
  func adding(_ seed: UInt64) throws {
    var random = Seeded(seed: seed)
    let before = Self.fixture(&random)
    var after = before
    for _ in 0..<4 { after.pieces.append(Self.piece(&random)) }
    let known = try before.decide().controls
    let now = try after.decide().controls
    for (old, new) in zip(known, now) {
      #expect(old.control == new.control)
      #expect(!(old.state == .met && new.state == .missing), "\(old.control)")
      #expect(!(old.state != .missing && new.state == .missing), "\(old.control)")
    }
  }

  @Test(
    "without all evidence of a kind that a pass needed there is no pass, approved anew or not",
    arguments: [
      EvidenceKind.sourceCheck, .testResult, .provenance, .inventory, .vulnerabilityScan,
      .staticAnalysis, .step, .rollout, .release, .approval,
    ])
  func removing(_ kind: EvidenceKind) throws {
    var fixture = try Fixture.approved()
    #expect(try fixture.decide().outcome == .allowed)
    fixture.remove(kind)
    #expect(try fixture.decide().outcome != .allowed)
    guard kind != .approval else { return }
    fixture.remove(.approval)
    try fixture.approve("ben", Fixture.official)
    try fixture.approve("cleo", Fixture.clinical)
    #expect(try fixture.decide().outcome == .refused)
  }

  @Test("a failure that the ledger holds is never hidden", arguments: 1...12)
  func hiding(_ seed: UInt64) throws {
    var random = Seeded(seed: seed)
    var fixture = Fixture()
    let failures: [(String, Fixture.Piece)] = [
      ("tested", .tests(failed: ["suite.test_x"])), ("staged", .rollout(.rolledBack)),
      ("signed", .source(isSigned: false)),
      ("scanned", .scan([Finding(rule: "CVE-1", severity: .critical, title: "t")])),
    ]
    let (control, failure) = failures[Int(seed) % failures.count]
    fixture.pieces.append(failure)
    // Whatever an attacker records again or about something else, and in whatever envelope.
    for _ in 0..<6 {
      var again = fixture.pieces[Int.random(in: 0..<fixture.pieces.count, using: &random)]
      again.wrapping = "\(Int.random(in: 0..<1000, using: &random))"
      again.time = Fixture.instant("2026-06-01T11:00:00Z")
      fixture.pieces.append(again)
      fixture.pieces.append(.scan(subjects: [Fixture.otherImage]))
      fixture.pieces.append(.tests(application: "other"))
    }
    let result = try #require(try fixture.result(control))
    #expect(result.state == .notMet, "\(result)")
    #expect(try fixture.decide().outcome == .refused)
  }

  @Test("a failure that a new run mended is still listed, in the decision and in the explanation")
  func mended() throws {
    var fixture = Fixture()
    let finding = Finding(rule: "CVE-1", severity: .critical, title: "t")
    for run in 2...5 { fixture.pieces.append(.scan([finding], run: "run-\(run)")) }
    fixture.pieces.append(.scan(run: "run-6"))
    let check = try #require(try fixture.check("scanned"))
    #expect(check.state == .met && check.earlierFailures.count == 4)
    let page = Explanation(try fixture.decide(), bundle: try fixture.bundle())
    let lines = ExplanationText(page) { $0 }.lines.joined(separator: "\n")
    for reference in check.earlierFailures { #expect(lines.contains("#\(reference.index)")) }
  }
}
