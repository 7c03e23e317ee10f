import Compliance
import Model
import Reading
import Testing

/// What other gates did wrong, as their users told it; each line is a rule here.
@Suite("Gates that lied")
struct GatesThatLiedTests {
  @Test("a good release with both approvals is allowed, and nothing speaks against it")
  func allowed() throws {
    let decision = try Fixture.approved().decide()
    #expect(decision.outcome == .allowed)
    #expect(decision.reasons.isEmpty && decision.rejectedApprovals.isEmpty)
    #expect(decision.approvals.map(\.counted.count) == [1, 1])
  }

  @Test("an environment that is named but not defined blocks")
  func unknownEnvironment() throws {
    var fixture = try Fixture.approved()
    for name in ["prod", "Production", "production ", ""] {
      fixture.environment = name
      let problem = #expect(throws: Problem.self) { try fixture.decide() }
      #expect(problem?.code == .gateRefused)
      #expect(problem?.message.contains("\"\(name)\" is not defined in policy \"fixture\"") == true)
      #expect(problem?.advice == "Defined are: production, lab")
    }
  }

  @Test("names are compared byte by byte: what only looks the same is not defined")
  func lookalikes() throws {
    var fixture = Fixture()
    fixture.policy = Fixture.policyText.replacing("lab:", with: "caf\u{e9}:")
    fixture.environment = "caf\u{e9}"
    #expect(try fixture.decide().outcome == .allowed)
    fixture.environment = "cafe\u{301}"
    #expect(throws: Problem(.gateRefused, "")) { try fixture.decide() }
  }

  @Test("a role that is named but that nobody holds blocks, and says who named it")
  func undefinedRole() throws {
    var fixture = Fixture()
    fixture.policy = Fixture.policyText.replacing("clinical-lead", with: "clinical-laed")
    let decision = try fixture.decide()
    #expect(decision.outcome == .refused)
    #expect(
      decision.reasons.contains(
        "nobody in the trust root in force holds the role \"clinical-laed\", which the policy asks"
          + " for in environment \"production\" (approvals/1)"))
  }

  @Test("two of a role are asked for: one is not enough, and one person twice is one")
  func oneIsNotEnough() throws {
    var fixture = Fixture()
    fixture.policy = Fixture.policyText.replacing(
      "role: clinical-lead, count: 1", with: "role: clinical-lead, count: 2")
    fixture.people += [
      .init(id: "dora", roles: [Fixture.clinical]), .init(id: "emil", roles: [Fixture.clinical]),
    ]
    try fixture.approve("ben", Fixture.official)
    try fixture.approve("cleo", Fixture.clinical)
    try fixture.approve("cleo", Fixture.clinical, at: "2026-06-01T09:30:00Z")
    let waiting = try fixture.decide()
    #expect(waiting.outcome == .waiting)
    #expect(
      waiting.reasons.first == "2 approval(s) of role \"clinical-lead\" are needed, 1 count")
    #expect(
      waiting.rejectedApprovals.map(\.reason) == ["cleo is counted once, by their latest word"])
    #expect(waiting.rejectedApprovals.first?.approval.index == fixture.last - 1)
    try fixture.approve("dora", Fixture.clinical)
    #expect(try fixture.decide().outcome == .allowed)
  }

  @Test("evidence that cannot be read blocks, with a code of its own")
  func unreadable() throws {
    for (kind, path) in [
      (EvidenceKind.sourceCheck, "isSigned"), (.testResult, "urn:pratique:totals"),
      (.vulnerabilityScan, "totals"), (.staticAnalysis, "findings"), (.inventory, "count"),
      (.step, "outcome"), (.rollout, "image"),
    ] {
      var fixture = try Fixture.approved()
      let piece = try #require(fixture.pieces.first { $0.kind == kind })
      fixture.pieces.append(piece.with(path, as: .string("?")))
      let decision = try fixture.decide()
      #expect(decision.outcome == .error)
      #expect(
        decision.reasons.first?.contains("entry \(fixture.last) of kind \"\(kind.rawValue)\"")
          == true)
    }
  }

  @Test("an approval that cannot be read blocks as well")
  func unreadableApproval() throws {
    var fixture = try Fixture.approved()
    fixture.pieces.append(
      fixture.pieces[fixture.pieces.count - 1].with("verdict", as: .string("maybe")))
    #expect(try fixture.decide().outcome == .error)
  }

  @Test("an example feed is accepted by the policy that says so, and by no other")
  func exampleFeed() throws {
    let feed = ReportSource.Feed(
      name: "demo-db", digest: .sha256([1]), updatedAt: Fixture.instant("2026-05-20T00:00:00Z"),
      isExample: true)
    var fixture = Fixture()
    fixture.replace(.scan(feed: feed))
    #expect(try fixture.check("scanned")?.state == .notMet)
    #expect(try fixture.check("scanned")?.reason.contains("example feed \"demo-db\"") == true)
    // Neither does a check that asks no age of the feed let it pass.
    fixture.catalog = Fixture.catalogText.replacing("days(30)", with: "days(30000)")
    #expect(try fixture.check("scanned")?.state == .notMet)
    fixture.policy = Fixture.policyText.replacing("feeds: false", with: "feeds: true")
    #expect(try fixture.check("scanned")?.state == .met)
    #expect(try fixture.check("scanned")?.reason.contains("(an EXAMPLE feed)") == true)
    // A policy that does not say it does not accept it.
    fixture.policy = Fixture.policyText.replacing("accept-example-feeds: false\n", with: "")
    #expect(try fixture.check("scanned")?.state == .notMet)
  }

  @Test("a scan without a feed shows nothing, whether or not the feed's age is asked")
  func noFeed() throws {
    var fixture = Fixture()
    fixture.catalog = Fixture.catalogText.replacing("days(30)", with: "days(30000)")
    #expect(try fixture.check("scanned")?.state == .met)
    fixture.replace(.scan(feed: nil))
    #expect(try fixture.check("scanned")?.state == .notMet)
    var secrets = Fixture()
    secrets.catalog = Fixture.catalogText.replacing(
      "findings(evidence, \"low\") <= 1", with: "has(evidence.source.feed)")
    #expect(try secrets.check("secrets")?.state == .notMet)
  }

  @Test(
    "a feed counts for so many days, and none from the future",
    arguments: [
      ("2026-05-02T12:00:00Z", ControlState.met), ("2026-05-02T11:59:59Z", .stale),
      ("2026-05-31T10:00:00Z", .met), ("2026-05-31T10:00:01Z", .notMet),
    ])
  func feedAge(date: String, state: ControlState) throws {
    let feed = ReportSource.Feed(
      name: "db", digest: .sha256([1]), updatedAt: Fixture.instant(date), isExample: false)
    var fixture = Fixture()
    fixture.replace(.scan(feed: feed))
    #expect(try fixture.check("scanned")?.state == state)
    // With a finding, it is refused for both.
    fixture.replace(.scan([RuleTests.high], feed: feed))
    #expect(try fixture.check("scanned")?.state == .notMet)
    #expect(try fixture.check("scanned")?.reason.contains("the feed is of") == (state != .met))
  }

  @Test("evidence of the future shows nothing, by either of its times")
  func future() throws {
    var fixture = Fixture()
    fixture.replace(Fixture.Piece.tests().at("2026-06-01T12:00:01Z"))
    #expect(try fixture.check("tested")?.reason.contains("lies in the future") == true)
    #expect(try fixture.check("tested")?.state == .notMet)
    fixture.replace(Fixture.Piece.tests().at("2026-06-01T12:00:00Z"))
    #expect(try fixture.check("tested")?.state == .met)
    fixture.pieces.append(.step("a", "b", finished: "2027-01-01T00:00:00Z"))
    #expect(try fixture.check("steps")?.state == .notMet)
    fixture.replace(
      Fixture.Piece.provenance().with(
        "runDetails", "metadata", "finishedOn", as: .string("2027-01-01T00:00:00Z")))
    #expect(try fixture.check("built")?.state == .notMet)
    fixture.replace(
      Fixture.Piece.rollout(finished: "2027-01-01T00:00:00Z").at("2026-05-31T10:00:00Z"))
    #expect(try fixture.check("staged")?.state == .notMet)
  }

  @Test("the age of evidence is the older of what it states and when it was recorded")
  func olderOfTwo() throws {
    var fixture = Fixture()
    fixture.catalog = Fixture.catalogText.replacing(
      "kind: provenance\n        each",
      with: "kind: provenance\n        maximum-age-days: 30\n        each")
    #expect(try fixture.check("built")?.state == .met)
    fixture.replace(
      Fixture.Piece.provenance().with(
        "runDetails", "metadata", "finishedOn", as: .string("2026-04-01T00:00:00Z")))
    #expect(try fixture.check("built")?.state == .stale)
    fixture.replace(Fixture.Piece.provenance().at("2026-04-01T00:00:00Z"))
    #expect(try fixture.check("built")?.state == .stale)
  }

  @Test("a control without evidence is missing, one with bad evidence is not met, neither passes")
  func missingIsNotFailed() throws {
    var fixture = try Fixture.approved()
    fixture.remove(.inventory)
    fixture.replace(.tests(failed: ["suite.x"]))
    let decision = try fixture.decide()
    #expect(decision.outcome == .refused)
    #expect(try fixture.result("listed")?.state == .missing)
    #expect(try fixture.result("tested")?.state == .notMet)
  }

  @Test("a refusal names every reason, and what to do about each")
  func everyReason() throws {
    var fixture = Fixture()
    fixture.pieces = [
      .source(isSigned: false), .step("a", "b", .failed), .step("c", "d", .timedOut),
      .scan([RuleTests.high]),
    ]
    fixture.refused = [
      .init(index: 9, kind: .inventory, reason: "its key is not trusted"),
      .init(index: 8, kind: .approval, reason: "its key has ended"),
      .init(index: 7, kind: .step, reason: "its payload is gone"),
    ]
    let decision = try fixture.decide()
    #expect(decision.outcome == .refused)
    for words in [
      "F 1 signed commit: not-met: the commit is not signed — sign it",
      "F 2 built from it: missing",
      "— build it", "F 3 tests: missing", "F 4 scan: not-met", "CVE-1 in p@1 (high) — mend it",
      "F 5 secrets: missing", "F 6 inventory: missing", "F 10 staging: missing",
      "a/b ended as failed; the step c/d ended as timed-out — run it",
      "entry 7 of kind \"step\" does not count: its payload is gone",
      "entry 9 of kind \"inventory\" does not count: its key is not trusted",
      "1 approval(s) of role \"security-official\" are needed, 0 count",
      "1 approval(s) of role \"clinical-lead\" are needed, 0 count",
      "entry 8 of kind \"approval\" does not count: its key has ended",
    ] {
      #expect(decision.reasons.contains { $0.contains(words) }, "\(words)")
    }
    #expect(!decision.reasons.contains { $0.contains("F 7") || $0.contains("F 13") })
    let refusals = decision.reasons.filter { $0.hasPrefix("entry") }
    #expect(refusals.map { $0.prefix(7) } == ["entry 7", "entry 9", "entry 8"])
  }

  @Test("refused evidence blocks; a refused approval takes nothing away")
  func refusedEvidence() throws {
    var fixture = try Fixture.approved()
    fixture.refused = [.init(index: 20, kind: .approval, reason: "its key has ended")]
    #expect(try fixture.decide().outcome == .allowed)
    fixture.refused.append(.init(index: 21, kind: .testResult, reason: "it cannot be read"))
    #expect(try fixture.decide().outcome == .refused)
  }

  @Test("passes are listed, each with its evidence")
  func passesListed() throws {
    let decision = try Fixture.approved().decide()
    #expect(decision.controls.count == 15)
    let met = decision.controls.filter { $0.state == .met }
    #expect(met.map(\.control).count == 11)
    for check in met.flatMap(\.checks) {
      #expect(!check.evidence.isEmpty && !check.reason.isEmpty)
    }
    #expect(try Fixture().check("scanned")?.reason.contains("by the feed of 2026-05-20") == true)
    #expect(try Fixture().check("scanned")?.evidence.map(\.index) == [6])
  }

  @Test("a control that was not checked against the text says so")
  func unverifiedCitation() throws {
    #expect(try Fixture().result("there")?.citation == "F 11 (not verified against the text)")
    #expect(try Fixture().result("signed")?.citation == "F 1")
  }
}
