import Compliance
import Model
import Reading
import Testing

/// Which evidence counts, where there is more than one piece.
@Suite("Evidence of which there is more")
struct LatestEvidenceTests {
  @Test("the latest piece decides, and the earlier failure is listed")
  func latest() throws {
    var fixture = Fixture()
    fixture.replace(.tests(failed: ["suite.x"]))
    fixture.pieces.append(.tests())
    let check = try #require(try fixture.check("tested"))
    #expect(check.state == .met)
    #expect(check.evidence.map(\.index) == [fixture.last])
    #expect(check.earlierFailures.map(\.index) == [3])
  }

  @Test("a pass before the latest failure does not count, and failures before it are listed")
  func latestFails() throws {
    var fixture = Fixture()
    fixture.pieces.append(.tests(failed: ["suite.x"]))
    fixture.pieces.append(.tests(failed: ["suite.y"]))
    let check = try #require(try fixture.check("tested"))
    #expect(check.state == .notMet)
    #expect(check.reason.contains("suite.y"))
    #expect(check.earlierFailures.map(\.index) == [fixture.last - 1])
  }

  @Test("an old pass that is recorded again after a failure does not hide it")
  func replayed() throws {
    for wrapping in ["", "another key id"] {
      var fixture = Fixture()
      var pass = fixture.pieces[2]
      pass.time = Fixture.instant("2026-06-01T10:00:00Z")
      pass.wrapping = wrapping
      fixture.pieces.append(.tests(failed: ["suite.x"]))
      fixture.pieces.append(pass)
      let check = try #require(try fixture.check("tested"))
      #expect(check.state == .notMet)
      #expect(
        check.reason.contains("(entry \(fixture.last) repeats entry 3, and counts as that one)"))
    }
  }

  @Test("a run that finds the same again, byte for byte, is evidence of its own")
  func ranAgain() throws {
    var fixture = Fixture()
    fixture.pieces.append(.tests(failed: ["suite.x"], run: "run-2"))
    #expect(try fixture.check("tested")?.state == .notMet)
    fixture.pieces.append(.tests(run: "run-3"))
    let check = try #require(try fixture.check("tested"))
    #expect(check.state == .met)
    #expect(check.evidence.map(\.index) == [fixture.last])
    #expect(check.earlierFailures.map(\.index) == [fixture.last - 1])
    // A run that goes on keeps its id; what it finds anew it finds at another time.
    fixture.pieces.append(.tests(failed: ["suite.x"], run: "run-3"))
    fixture.pieces.append(
      Fixture.Piece.tests(run: "run-3")
        .with("urn:pratique:time", as: .string("2026-05-31T09:45:00.000Z")))
    #expect(try fixture.check("tested")?.state == .met)
  }

  @Test("old evidence that is recorded again stays old")
  func replayedStale() throws {
    var fixture = Fixture()
    fixture.replace(Fixture.Piece.tests().at("2026-01-01T00:00:00Z"))
    fixture.pieces.append(.tests())
    #expect(try fixture.check("tested")?.state == .stale)
  }

  @Test("the same statement signed by another key is evidence of its own")
  func otherSigner() throws {
    var fixture = Fixture()
    fixture.replace(Fixture.Piece.tests().at("2026-01-01T00:00:00Z"))
    var again = Fixture.Piece.tests()
    again.signer = "pipeline-2"
    fixture.pieces.append(again)
    #expect(try fixture.check("tested")?.state == .met)
  }

  @Test("evidence recorded twice does not change what approvals are bound to")
  func repeatsAndApprovals() throws {
    var fixture = try Fixture.approved()
    let before = try fixture.decide().evidenceSet
    for piece in Fixture.goodPieces {
      var piece = piece
      piece.wrapping = "again"
      fixture.pieces.append(piece)
    }
    #expect(try fixture.decide().evidenceSet == before)
    #expect(try fixture.decide().outcome == .allowed)
  }

  @Test("a failure between two good steps is listed, though another step decides first")
  func earlierStepFailure() throws {
    var fixture = Fixture()
    fixture.pieces.append(.step("image", "scan", .failed, finished: "2026-05-31T09:01:00Z"))
    fixture.pieces.append(.step("image", "scan", finished: "2026-05-31T09:02:00Z"))
    let check = try #require(try fixture.check("steps"))
    #expect(check.state == .met)
    #expect(check.evidence.map(\.index) == [2, 8, fixture.last])
    #expect(check.earlierFailures.map(\.index) == [fixture.last - 1])
  }

  @Test("a step that is skipped neither passes nor fails: the rule says what becomes of it")
  func skippedSteps() throws {
    var fixture = Fixture()
    fixture.pieces.append(.step("lint", "python", .skipped))
    #expect(try fixture.check("steps")?.state == .notMet)
    fixture.catalog = Fixture.catalogText.replacing(
      "evidence.outcome in [\"passed\"]", with: "evidence.outcome in [\"passed\", \"skipped\"]")
    #expect(try fixture.check("steps")?.state == .met)
    #expect(
      try fixture.check("steps")?.reason
        == "each of the 2 steps on record passed")
    // Skipped in a later run, it hides no failure and takes no pass away.
    for (outcome, state) in [(StepReport.Outcome.failed, ControlState.notMet), (.passed, .met)] {
      var again = fixture
      again.pieces.append(.step("lint", "python", outcome, run: "run-2"))
      again.pieces.append(.step("lint", "python", .skipped, run: "run-3"))
      #expect(try again.check("steps")?.state == state)
      #expect(try again.check("steps")?.evidence.map(\.index).contains(again.last - 1) == true)
    }
    // Where nothing but skipped steps is on record, nothing was shown.
    fixture.remove(.step)
    fixture.pieces.append(.step("lint", "python", .skipped))
    #expect(try fixture.check("steps")?.state == .notMet)
    #expect(try fixture.check("steps")?.reason == "no step passed")
  }

  @Test("two steps whose names run together are two steps")
  func stepNames() throws {
    var fixture = Fixture()
    fixture.pieces.append(.step("a/b", "c", .failed))
    fixture.pieces.append(.step("a", "b/c"))
    #expect(try fixture.check("steps")?.state == .notMet)
  }

  @Test("a step of a later run replaces the one of an earlier run")
  func laterRun() throws {
    var fixture = Fixture()
    fixture.pieces.append(.step("lint", "python", .failed))
    fixture.pieces.append(.step("lint", "python", run: "run-2"))
    #expect(try fixture.check("steps")?.state == .met)
    #expect(try fixture.check("steps")?.earlierFailures.map(\.index) == [fixture.last - 1])
  }

  @Test("the clean scan of one tool does not hide the findings of another")
  func tools() throws {
    var fixture = Fixture()
    fixture.replace(.scan([RuleTests.high], tool: "grype"))
    fixture.pieces.append(.scan())
    #expect(try fixture.check("scanned")?.state == .notMet)
    #expect(try fixture.check("scanned")?.evidence.count == 2)
    fixture.pieces.append(.scan(tool: "grype"))
    #expect(try fixture.check("scanned")?.state == .met)
    fixture.pieces.append(.tests(failed: ["zap.x"], tool: "zap"))
    fixture.pieces.append(.tests(passed: ["suite.test_no_token", "suite.test_wrong_token", "a"]))
    #expect(try fixture.check("tested")?.state == .notMet)
  }

  @Test("tests of two tools count together")
  func toolsTogether() throws {
    var fixture = Fixture()
    fixture.replace(.tests(passed: ["suite.test_no_token"]))
    fixture.pieces.append(.tests(tool: "zap", passed: ["suite.test_wrong_token"]))
    #expect(try fixture.check("tested")?.state == .met)
    #expect(try fixture.check("tested")?.reason.hasPrefix("2 passed") == true)
  }

  @Test("a failing and a stale piece together are not met, two stale ones are stale")
  func worst() throws {
    var fixture = Fixture()
    fixture.replace(Fixture.Piece.tests().at("2026-01-01T00:00:00Z"))
    fixture.pieces.append(.tests(failed: ["zap.x"], tool: "zap"))
    #expect(try fixture.check("tested")?.state == .notMet)
    #expect(try fixture.check("tested")?.reason.contains("; ") == true)
  }
}
