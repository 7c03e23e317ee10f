import Attestation
import Compliance
import Model
import Reading
import Testing

/// Which evidence counts, where a piece is of something else, or is not what it says it is.
@Suite("Evidence that counts")
struct EvidenceTests {
  private func expectJudgingFailed(_ fixture: Fixture, _ words: String) {
    let decision = try? fixture.decide()
    #expect(decision?.outcome == .error)
    #expect(decision?.reasons.contains { $0.contains(words) } == true, "\(decision?.reasons ?? [])")
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

  @Test("what was shown of another application of the same commit and image is not shown of this")
  func otherApplication() throws {
    var fixture = Fixture()
    fixture.replace(.tests(application: "laboratory"))
    fixture.replace(.scan(application: "laboratory"))
    fixture.replace(.source(application: "laboratory"))
    for control in ["tested", "scanned", "signed"] {
      #expect(try fixture.result(control)?.state == .missing, "\(control)")
    }
    var good = try Fixture.approved()
    good.pieces.append(.tests(failed: ["suite.x"], application: "laboratory"))
    good.pieces.append(.scan([RuleTests.high], application: "laboratory"))
    #expect(try good.decide().outcome == .allowed)
    var approval = good.pieces[good.pieces.count - 3]
    approval = approval.with("application", as: .string("laboratory"))
    good.pieces.append(approval)
    #expect(
      try good.decide().rejectedApprovals.map(\.reason) == ["it is for another release"])
  }

  @Test("every kind that belongs to an application says which, and what it says of a place is read")
  func facts() throws {
    for piece in try Fixture.approved().evidence() where piece.kind != .trustRoot {
      #expect(piece.statement.application == "patient-portal", "\(piece.kind.rawValue)")
      let speaksOfPlace = [EvidenceKind.rollout, .approval].contains(piece.kind)
      #expect((piece.statement.environment != nil) == speaksOfPlace, "\(piece.kind.rawValue)")
      let hasRun = ![EvidenceKind.rollout, .approval].contains(piece.kind)
      #expect((piece.statement.run == "run-1") == hasRun, "\(piece.kind.rawValue)")
    }
    let decision = try Fixture().decide()
    let statement = try Statement(
      Evidence(
        kind: .decision, subjects: Fixture().release.subjects,
        predicate: VerificationSummary(decision, verifier: "urn:pratique:gate")))
    #expect(statement.application == "patient-portal" && statement.environment == "production")
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
      "kind: vulnerability-scan", with: "kind: vulnerability-scan\n        subject: commit")
    #expect(try fixture.check("scanned")?.state == .met)
    fixture.catalog = Fixture.catalogText.replacing(
      "kind: vulnerability-scan", with: "kind: vulnerability-scan\n        subject: release")
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
          - {id: only, citation: c, title: t, scope: release, automation: evidence, producer: p, checks: [{id: a, kind: \(kind.rawValue), subject: release, fix: f}]}
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
    expectJudgingFailed(fixture, "cannot be read as such: \"application\" is missing")
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
    #expect(try Gate.decide(input.adding([negative])).outcome == .error)
  }

  @Test("two pieces at one place block; the same piece handed in twice counts once")
  func places() throws {
    let input = try Fixture.approved().input()
    let other = try Fixture.admitted(.tests(failed: ["x"]), index: 3)
    #expect(try Gate.decide(input.adding([other])).outcome == .error)
    let twice = try Gate.decide(input.adding(input.evidence))
    #expect(try twice == Gate.decide(input))
  }

  @Test("the trust root in force must be the latest in the evidence")
  func trust() throws {
    var fixture = Fixture()
    let input = try fixture.input()
    fixture.people.append(.init(id: "eve", roles: [Fixture.clinical]))
    let evidence = try fixture.evidence()
    #expect(try Gate.decide(input.adding([], instead: evidence)).outcome == .error)
  }

  @Test("a release that no entry binds, or that is bound otherwise, is refused")
  func unbound() throws {
    var fixture = try Fixture.approved()
    fixture.remove(.release)
    #expect(try fixture.decide().outcome == .refused)
    #expect(
      try fixture.decide().reasons.contains {
        $0.hasPrefix("no entry binds release 1.0.0 of patient-portal with these digests — ")
      })
    let release = Fixture().release
    for (application, commit, config) in [
      ("laboratory", release.commit, release.imageConfig),
      ("patient-portal", nil, release.imageConfig),
      ("patient-portal", release.commit, .sha256([1])),
    ] {
      var other = Fixture()
      other.bound = Release(
        application: application, version: release.version, origin: release.origin,
        commit: commit, image: release.image, imageConfig: config)
      try other.approve("ben", Fixture.official)
      try other.approve("cleo", Fixture.clinical)
      #expect(try other.decide().outcome == .refused)
      #expect(try other.decide().reasons.count == 1)
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
      evidence: (instead ?? evidence) + more, refused: refused, trust: trust, live: nil,
      position: position,
      time: time, timeSource: timeSource)
  }
}
