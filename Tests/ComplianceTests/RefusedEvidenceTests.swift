import Compliance
import Model
import Reading
import Testing

/// Entries whose evidence was not admitted: none counts, each is shown, and what they block a new
/// run can cure.
@Suite("Evidence that was not admitted")
struct RefusedEvidenceTests {
  private func refused(_ index: Int64, _ kind: EvidenceKind) -> RefusedEvidence {
    RefusedEvidence(index: index, kind: kind, reason: "its key is not trusted")
  }

  @Test("it blocks until what it might have answered is recorded anew")
  func cured() throws {
    var fixture = Fixture()
    fixture.refused = [refused(fixture.last + 1, .testResult)]
    fixture.size = 2000
    let shut = try fixture.decide()
    #expect(shut.outcome == .refused)
    #expect(
      shut.reasons.first
        == "entry 11 of kind \"test-result\" does not count: its key is not trusted — have all"
        + " evidence of that kind recorded again, by a new run: pratique run")
    #expect(shut.refused.map(\.isBlocking) == [true])
    // Something else is recorded at the refused entry's place, so that the next lies after it.
    fixture.pieces.append(.step("late", "step"))
    fixture.pieces.append(.tests(run: "run-2"))
    let cured = try fixture.decide()
    #expect(cured.outcome == .waiting)
    #expect(cured.refused.map(\.isBlocking) == [false])
    #expect(cured.refused.map(\.supersededBy) == [fixture.last])
    #expect(!cured.reasons.contains { $0.hasPrefix("entry") })
  }

  @Test("a failure after it still fails, and the pass before it does not count again")
  func failsAfter() throws {
    var fixture = Fixture()
    fixture.refused = [refused(fixture.last + 1, .testResult)]
    fixture.pieces.append(.step("late", "step"))
    fixture.pieces.append(.tests(failed: ["suite.x"], run: "run-2"))
    #expect(try fixture.decide().outcome == .refused)
    #expect(try fixture.check("tested")?.state == .notMet)
  }

  @Test("an old pass that is recorded again does not cure it")
  func replay() throws {
    var fixture = Fixture()
    fixture.refused = [refused(fixture.last + 1, .testResult)]
    fixture.pieces.append(.step("late", "step"))
    var pass = fixture.pieces[2]
    pass.wrapping = "again"
    fixture.pieces.append(pass)
    #expect(try fixture.decide().refused.map(\.isBlocking) == [true])
  }

  @Test("of steps and tools each must be done again: which of them it was cannot be told")
  func everySeries() throws {
    var fixture = Fixture()
    fixture.refused = [refused(fixture.last + 1, .step)]
    fixture.pieces.append(.rollout())
    fixture.pieces.append(.step("source", "check", finished: "2026-05-31T10:30:00Z"))
    #expect(try fixture.decide().refused.map(\.isBlocking) == [true])
    // The steps that judge and deliver decide nothing here.
    fixture.pieces.append(.step("production", "gate", .failed, action: "gate"))
    fixture.pieces.append(.step("image", "build", finished: "2026-05-31T10:31:00Z"))
    let decision = try fixture.decide()
    #expect(decision.refused.map(\.isBlocking) == [false])
    #expect(decision.refused.map(\.supersededBy) == [fixture.last])
    var scans = Fixture()
    scans.pieces.append(.scan(tool: "grype"))
    scans.refused = [refused(scans.last + 1, .vulnerabilityScan)]
    scans.pieces.append(.step("late", "step"))
    scans.pieces.append(.scan(run: "run-2"))
    #expect(try scans.decide().refused.map(\.isBlocking) == [true])
    scans.pieces.append(.scan(tool: "grype", run: "run-2"))
    #expect(try scans.decide().refused.map(\.isBlocking) == [false])
  }

  @Test("what the gate requires nothing of does not block, and is shown all the same")
  func shown() throws {
    var fixture = try Fixture.approved()
    fixture.refused = [.run, .intent, .decision, .approval].enumerated().map {
      refused(40 + Int64($0), $1)
    }
    let decision = try fixture.decide()
    #expect(decision.outcome == .allowed)
    #expect(decision.refused.map(\.index) == [40, 41, 42, 43])
    #expect(decision.refused.allSatisfy { !$0.isBlocking && $0.supersededBy == nil })
    // Of a kind that only shown controls ask, nothing is required either.
    fixture.policy = Fixture.policyText.replacing("secrets, listed,", with: "secrets,")
    fixture.pieces.removeAll { $0.kind == .approval }
    try fixture.approve("ben", Fixture.official)
    try fixture.approve("cleo", Fixture.clinical)
    fixture.refused = [refused(40, .inventory)]
    #expect(try fixture.decide().outcome == .allowed)
    #expect(try fixture.decide().refused.map(\.index) == [40])
  }

  @Test("what binds the release, and who wrote it, must be known after it too")
  func bindingAndSource() throws {
    for kind in [EvidenceKind.release, .sourceCheck] {
      var fixture = Fixture()
      fixture.policy = Fixture.policyText.replacing(
        "required: [signed, built", with: "required: [built")
      fixture.refused = [refused(fixture.last + 1, kind)]
      #expect(try fixture.decide().outcome == .refused)
      fixture.pieces.append(.rollout())
      fixture.pieces.append(
        kind == .release
          ? Fixture.Piece(
            kind: .release, subjects: [], predicate: .object(["run": .string("run-2")]))
          : .source(run: "run-2"))
      #expect(try fixture.decide().refused.map(\.isBlocking) == [false])
    }
  }

  @Test("without any evidence after or before it, the gate stays shut")
  func alone() throws {
    var fixture = Fixture()
    fixture.remove(.inventory)
    fixture.refused = [refused(40, .inventory)]
    #expect(try fixture.decide().refused.map(\.isBlocking) == [true])
    #expect(try fixture.decide().outcome == .refused)
  }
}
