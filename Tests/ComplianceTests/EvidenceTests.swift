import Attestation
import Compliance
import Model
import Reading
import Testing

/// Which evidence counts, where there is more than one piece, or where a piece is of something else.
@Suite("Evidence that counts")
struct EvidenceTests {
  private func expectJudgingFailed(_ fixture: Fixture, _ words: String) {
    let problem = #expect(throws: Problem.self) { try fixture.decide() }
    #expect(problem?.code == .judgingFailed)
    #expect(problem?.message.contains(words) == true, "\(problem?.message ?? "")")
  }

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

  @Test("evidence on another image of the same commit does not count")
  func otherImage() throws {
    let subjects = [Fixture.commit, Fixture.otherImage]
    var fixture = Fixture()
    fixture.replace(.scan(subjects: subjects))
    fixture.replace(.inventory(image: Fixture.otherImage))
    fixture.replace(.provenance(image: Fixture.otherImage))
    for index in [2, 7, 8] { fixture.pieces[index].subjects = subjects }
    for control in ["scanned", "listed", "built", "tested", "staged"] {
      #expect(try fixture.result(control)?.state == .missing, "\(control)")
    }
    #expect(
      try fixture.check("scanned")?.reason.contains(
        "entries of that kind that speak of something else: 6") == true)
    #expect(try fixture.check("steps")?.evidence.map(\.index) == [2])
  }

  @Test("a failed step of another image of the same commit does not speak against this one")
  func otherImageFailure() throws {
    var fixture = try Fixture.approved()
    var step = Fixture.Piece.step("image", "sign", .failed)
    step.subjects = [Fixture.commit, Fixture.otherImage]
    fixture.pieces.append(step)
    #expect(try fixture.decide().outcome == .allowed)
  }

  @Test("evidence on another commit does not count, and its author is not barred")
  func otherCommit() throws {
    let other = Subject(
      name: "commit", digest: Fixture.digest(.gitCommit, String(repeating: "d", count: 40)))
    var fixture = Fixture()
    fixture.pieces[0].subjects = [other]
    fixture.pieces[2].subjects = [other]
    #expect(try fixture.result("signed")?.state == .missing)
    #expect(try fixture.result("tested")?.state == .missing)
    fixture.pieces.append(.source())
    var foreign = Fixture.Piece.source(author: "cleo", signer: "cleo")
    foreign.subjects = [other]
    fixture.pieces.append(foreign)
    fixture.pieces.append(.tests())
    try fixture.approve("ben", Fixture.official)
    try fixture.approve("cleo", Fixture.clinical)
    #expect(try fixture.decide().outcome == .allowed)
    #expect(try fixture.check("signed")?.evidence.map(\.index) == [fixture.last - 4])
  }

  @Test("a scan of the commit is no scan of the image, unless the catalog asks for it")
  func subjectKinds() throws {
    var fixture = Fixture()
    fixture.replace(.scan(subjects: [Fixture.commit]))
    #expect(try fixture.check("scanned")?.state == .missing)
    #expect(try fixture.check("scanned")?.reason.contains("on the image") == true)
    fixture.catalog = Fixture.catalogText.replacing(
      "kind: vulnerability-scan,", with: "kind: vulnerability-scan, subject: commit,")
    #expect(try fixture.check("scanned")?.state == .met)
    fixture.catalog = Fixture.catalogText.replacing(
      "kind: vulnerability-scan,", with: "kind: vulnerability-scan, subject: release,")
    #expect(try fixture.check("scanned")?.state == .met)
  }

  @Test("an entry whose statement is of another type than its kind blocks")
  func typeConfusion() throws {
    var fixture = Fixture()
    fixture.pieces[4].predicateType = EvidenceKind.step.predicateType
    expectJudgingFailed(fixture, "entry 5 is recorded as \"inventory\"")
  }

  @Test("evidence whose presence is asked must be readable, whatever its kind")
  func presence() throws {
    for (kind, path) in [
      (EvidenceKind.sourceCheck, "isSigned"), (.testResult, "result"),
      (.vulnerabilityScan, "source"), (.staticAnalysis, "source"), (.inventory, "source"),
      (.step, "stage"),
    ] {
      var fixture = Fixture()
      fixture.environment = "lab"
      fixture.policy = fixture.policy.replacing("required: [signed]\n", with: "required: [only]\n")
      fixture.catalog += """
          - {id: only, citation: c, title: t, scope: release, automation: evidence, producer: p, checks: [{id: a, kind: \(kind.rawValue), subject: release, rule: present, fix: f}]}
        """
      if kind == .sourceCheck || kind == .testResult {
        fixture.pieces[0].subjects = [Fixture.commit]
      }
      #expect(try fixture.check("only")?.state == .met)
      let piece = try #require(fixture.pieces.first { $0.kind == kind })
      fixture.pieces.append(piece.with(path, as: .integer(1)))
      expectJudgingFailed(fixture, "entry \(fixture.last)")
    }
  }

  @Test("a provenance that says nothing is not there")
  func emptyProvenance() throws {
    var fixture = Fixture()
    fixture.environment = "lab"
    fixture.policy = fixture.policy.replacing("required: [signed]\n", with: "required: [there]\n")
    #expect(try fixture.result("there")?.state == .met)
    fixture.pieces[3].predicate = .object([:])
    expectJudgingFailed(fixture, "says nothing")
  }

  @Test(
    "counts that cannot be block",
    arguments: [
      ("urn:pratique:totals", "passed", Int64(-1)), ("urn:pratique:totals", "failed", -1),
      ("urn:pratique:totals", "errors", 9_007_199_254_740_991),
      ("urn:pratique:totals", "skipped", -9_007_199_254_740_991),
      ("totals", "high", -5), ("totals", "critical", 9_007_199_254_740_991),
      ("totals", "unknown", -1),
      ("totals", "low", -1),
    ])
  func counts(object: String, name: String, value: Int64) throws {
    var fixture = Fixture()
    fixture.replace(
      object == "totals"
        ? Fixture.Piece.scan([RuleTests.high]).with(object, name, as: .integer(value))
        : Fixture.Piece.tests().with(object, name, as: .integer(value)))
    expectJudgingFailed(fixture, "states a count that cannot be")
  }

  @Test("evidence beyond the position that is judged blocks, and so does a negative place")
  func position() throws {
    var fixture = Fixture()
    fixture.size = fixture.last + 1
    #expect(try fixture.decide().outcome == .waiting)
    fixture.size = fixture.last
    expectJudgingFailed(fixture, "outside the \(fixture.last) entries")
    let input = try Fixture().input()
    let negative = try Fixture.admitted(.tests(), index: -1)
    #expect(throws: Problem(.judgingFailed, "")) { try Gate.decide(input.adding([negative])) }
  }

  @Test("two pieces at one place block; the same piece handed in twice counts once")
  func places() throws {
    let input = try Fixture.approved().input()
    let other = try Fixture.admitted(.tests(failed: ["x"]), index: 3)
    #expect(throws: Problem(.judgingFailed, "")) { try Gate.decide(input.adding([other])) }
    let twice = try Gate.decide(input.adding(input.evidence))
    #expect(try twice == Gate.decide(input))
  }

  @Test("the trust root in force must be the latest in the evidence")
  func trust() throws {
    var fixture = Fixture()
    let input = try fixture.input()
    fixture.people.append(.init(id: "eve", roles: [Fixture.clinical]))
    let evidence = try fixture.evidence()
    #expect(throws: Problem(.judgingFailed, "")) {
      try Gate.decide(input.adding([], instead: evidence))
    }
  }

  @Test("a policy that the trust root does not pin decides nothing")
  func unpinned() throws {
    var fixture = Fixture()
    fixture.isPinned = false
    fixture.environment = "lab"
    #expect(try fixture.decide().outcome == .refused)
    #expect(try fixture.decide().reasons.first?.contains("does not pin policy \"fixture\"") == true)
  }
}

extension Gate.Input {
  /// The same with more, or with other, evidence.
  func adding(
    _ more: [AdmittedEvidence], instead: [AdmittedEvidence]? = nil
  ) -> Gate.Input {
    Gate.Input(
      release: release, environment: environment, bundle: bundle,
      evidence: (instead ?? evidence) + more, refused: refused, trust: trust, position: position,
      time: time, timeSource: timeSource)
  }
}
