import Compliance
import Model
import Reading
import Testing

@Suite("Break-glass")
struct BreakGlassTests {
  @Test("one who may opens the gate: the release goes, loudly, and has not passed")
  func opens() throws {
    // No approval, no tests, and a failed scan.
    var fixture = try Fixture.lacking { $0.replace(.scan([RuleTests.high])) }
    fixture.remove(.approval)
    #expect(try fixture.decide().outcome == .refused)
    try fixture.say(.breakGlass, GlassDraft().value, by: "otto")
    let decision = try fixture.decide()
    #expect(decision.outcome == .allowed)
    let bypass = try #require(decision.bypasses.first)
    #expect(bypass.kind == .breakGlass && bypass.control == nil)
    #expect(bypass.until == Fixture.instant("2026-06-01T16:00:00Z"))
    for words in ["BREAK-GLASS", "outage-7", "otto as on-call", "wrong patient", "2026-06-04T10"] {
      #expect(bypass.sentence.contains(words), "\(words)")
    }
    // What would have refused it stays listed, and the summary for others says failed.
    #expect(decision.reasons.contains { $0.contains("F 4 scan: not-met") })
    #expect(decision.reasons.contains { $0.contains("are needed, 0 count") })
    let summary = VerificationSummary(decision, verifier: "urn:pratique:gate")
    #expect(summary.verificationResult == "FAILED" && summary.verifiedLevels == ["FAILED"])
  }

  @Test("a gate that is open anyway needs no glass, and says nothing of one")
  func green() throws {
    var fixture = try Fixture.lacking { _ in }
    try fixture.say(.breakGlass, GlassDraft().value, by: "otto")
    #expect(try fixture.decide().outcome == .allowed)
    #expect(try fixture.decide().exceptions.isEmpty && fixture.decide().reasons.isEmpty)
  }

  @Test("an act that is forged, foreign, over, too long or of an unknown class opens nothing")
  func rejected() throws {
    let cases: [(String?, String, (inout GlassDraft) -> Void)] = [
      ("signed it", "ben", { _ in }),
      ("was no person", "pipeline-1", { $0.person = "pipeline-1" }),
      ("did not hold the role", "cleo", { $0.person = "cleo" }),
      (
        "does not let the role", "cleo",
        {
          $0.person = "cleo"
          $0.role = Fixture.clinical
        }
      ),
      ("it ended at", "otto", { $0.until = "2026-06-01T12:00:00Z" }),
      ("longer than the 8 hours", "otto", { $0.until = "2026-06-01T18:00:00.001Z" }),
      ("longer than the 8 hours", "otto", { $0.time = "2026-06-01T07:00:00Z" }),
      ("lies in the future", "otto", { $0.time = "2026-06-01T12:00:01Z" }),
      ("no reason", "otto", { $0.reason = " " }),
      ("names no emergency", "otto", { $0.incident = "" }),
      ("agrees on no emergency", "otto", { $0.emergency = "fun" }),
      (nil, "otto", { $0.release = [.sha256([7])] }),
      (nil, "otto", { $0.environment = "lab" }),
      (nil, "otto", { $0.application = "other-portal" }),
    ]
    for (reason, signer, change) in cases {
      var fixture = try Fixture.lacking()
      var draft = GlassDraft()
      change(&draft)
      try fixture.say(.breakGlass, draft.value, by: signer)
      let told = try fixture.told()
      #expect(told != "ALLOWED")
      #expect(told.contains("does not open the gate") == (reason != nil), "\(told)")
      if let reason { #expect(told.contains(reason), "\(reason): \(told)") }
    }
    // Of another application by its subject.
    var foreign = try Fixture.lacking()
    try foreign.say(
      .breakGlass, GlassDraft().value, by: "otto", of: [.application("other-portal")])
    #expect(try foreign.decide().outcome == .refused)
  }

  @Test("it opens a gate that cannot judge, too, and says what could not be judged")
  func error() throws {
    var fixture = try Fixture.lacking { _ in }
    fixture.pieces.append(Fixture.Piece.tests().with("urn:pratique:totals", as: .string("?")))
    #expect(try fixture.decide().outcome == .error)
    var unpinned = fixture
    try fixture.say(.breakGlass, GlassDraft().value, by: "otto")
    let decision = try fixture.decide()
    #expect(decision.outcome == .allowed && decision.bypasses.first?.kind == .breakGlass)
    #expect(decision.reasons.contains { $0.hasPrefix("could not be judged") })
    #expect(!decision.inputs.isEmpty && decision.controls.isEmpty)
    unpinned.isPinned = false
    try unpinned.say(.breakGlass, GlassDraft().value, by: "otto")
    #expect(try unpinned.decide().outcome == .error)
    // Neither a waiver nor an observation opens what nobody could judge.
    fixture.remove(.breakGlass)
    try fixture.say(.waiver, WaiverDraft().value, by: "ben")
    #expect(try fixture.decide().outcome == .error)
  }

  @Test("nothing opens for a policy that is not pinned, or for a release that no entry binds")
  func firm() throws {
    var unpinned = try Fixture.lacking()
    unpinned.isPinned = false
    try unpinned.say(.breakGlass, GlassDraft().value, by: "otto")
    #expect(try unpinned.told().contains("does not pin policy"))
    var unbound = try Fixture.lacking()
    unbound.remove(.release)
    try unbound.say(.breakGlass, GlassDraft().value, by: "otto")
    #expect(try unbound.told().contains("no entry binds release"))
  }

  @Test("an overdue review refuses normal releases, to the instant, until somebody else reviews")
  func overdue() throws {
    var fixture = try Fixture.lacking { _ in }
    let draft = GlassDraft(
      release: [.sha256([1])], until: "2026-05-29T16:00:00Z", time: "2026-05-29T10:00:00Z")
    try fixture.say(.breakGlass, draft.value, by: "otto", at: "2026-05-29T12:00:00.001Z")
    // Three days from the older of both times on: from what was stated.
    #expect(try fixture.told().contains("\"outage-7\" is overdue since 2026-06-01T10:00:00.000Z"))
    #expect(try fixture.told().contains("security-official or clinical-lead review it"))
    fixture.time = Fixture.instant("2026-06-01T09:59:59.999Z")
    #expect(try fixture.decide().outcome == .allowed)
    fixture.time = Fixture.instant("2026-06-01T10:00:00Z")
    #expect(try fixture.decide().outcome == .refused)
    let review = ReviewDraft(
      acts: [try fixture.envelope(fixture.last)], time: "2026-06-01T09:59:00Z")
    try fixture.say(
      .breakGlassReview, review.value, by: "cleo", at: "2026-06-01T09:59:30Z")
    #expect(try fixture.decide().outcome == .allowed)
    // What it says itself may be sooner than what the policy says.
    var sooner = try Fixture.lacking { _ in }
    try sooner.say(
      .breakGlass,
      GlassDraft(until: "2026-06-01T10:30:00Z", reviewBy: "2026-06-01T11:00:00Z").value,
      by: "otto")
    #expect(try sooner.told().contains("is overdue since 2026-06-01T11:00:00.000Z"))
  }

  @Test("a review by a signer, without the role, of other acts or by a forged name settles nothing")
  func reviews() throws {
    let cases: [(String, (inout ReviewDraft) -> Void)] = [
      // The same person again, with another key: a key is its holder's.
      ("otto", { $0.person = "otto" }),
      ("otto", { _ in }),
      ("olga", { $0.person = "olga" }),
      (
        "ada",
        {
          $0.person = "ada"
          $0.role = Role(rawValue: "developer")
        }
      ),
      ("cleo", { $0.acts = [.sha256([3])] }),
      ("cleo", { $0.acts = [] }),
      ("cleo", { $0.incident = "outage-8" }),
      ("cleo", { $0.application = "other-portal" }),
      ("cleo", { $0.environment = "lab" }),
      ("cleo", { $0.reason = "" }),
      ("cleo", { $0.time = "2026-06-01T12:00:01Z" }),
    ]
    for (place, (signer, change)) in cases.enumerated() {
      var fixture = try Fixture.lacking { _ in }
      // Olga is on call and a clinical lead, and signed as well.
      for person in ["otto", "olga"] {
        try fixture.say(
          .breakGlass,
          GlassDraft(
            until: "2026-05-20T16:00:00Z", person: person, time: "2026-05-20T10:00:00Z"
          ).value,
          by: person, at: "2026-05-20T10:00:00Z")
      }
      let acts = [try fixture.envelope(fixture.last - 1), try fixture.envelope(fixture.last)]
      var draft = ReviewDraft(acts: acts)
      change(&draft)
      try fixture.say(.breakGlassReview, draft.value, by: signer)
      #expect(try fixture.told().contains("is overdue since"), "case \(place)")
      try fixture.say(.breakGlassReview, ReviewDraft(acts: acts, reason: "done").value, by: "cleo")
      #expect(try fixture.decide().outcome == .allowed, "case \(place)")
    }
  }

  @Test("a review recorded before the act reviews nothing of it, and what came later stays open")
  func reviewOfLater() throws {
    var fixture = try Fixture.lacking()
    try fixture.say(.breakGlass, GlassDraft().value, by: "otto")
    let act = try fixture.envelope(fixture.last)
    try fixture.say(.breakGlassReview, ReviewDraft(acts: [act]).value, by: "cleo")
    // Reviewed is ended: the gate is shut again, for that act.
    #expect(try fixture.told().contains("entry \(fixture.last) reviewed it, and so ended it"))
    var early = try Fixture.lacking()
    try early.say(.breakGlass, GlassDraft(reason: "placeholder").value, by: "otto")
    early.pieces.insert(
      .init(
        kind: .breakGlassReview, subjects: [.application("patient-portal")],
        predicate: fixture.pieces[fixture.pieces.count - 1].predicate, signer: "cleo"),
      at: early.pieces.count - 1)
    #expect(try early.decide().outcome == .allowed)
  }

  @Test("while a review is overdue, a fix for the same emergency goes, and the next one's too")
  func sameEmergency() throws {
    for incident in ["outage-7", "outage-8"] {
      var fixture = try Fixture.lacking()
      try fixture.say(
        .breakGlass,
        GlassDraft(
          release: [.sha256([1])], until: "2026-05-20T16:00:00Z", time: "2026-05-20T10:00:00Z"
        ).value, by: "otto", at: "2026-05-20T10:00:00Z")
      #expect(try fixture.told().contains("is overdue since"))
      try fixture.say(.breakGlass, GlassDraft(incident: incident).value, by: "otto")
      let decision = try fixture.decide()
      #expect(decision.outcome == .allowed && decision.bypasses.first?.kind == .breakGlass)
      #expect(decision.reasons.first?.contains("is overdue since") == true)
      // Of two emergencies each has its own review: that of one settles the other's not.
      if incident == "outage-8" {
        let act = try fixture.envelope(fixture.last)
        try fixture.say(
          .breakGlassReview, ReviewDraft(incident: "outage-8", acts: [act]).value, by: "cleo")
        #expect(try fixture.told().contains("\"outage-7\" is overdue since"))
        #expect(try !fixture.told().contains("\"outage-8\" is overdue since"))
      }
    }
  }

  @Test("a policy that forgets its reviewers does not forget what they owe")
  func forgotten() throws {
    var fixture = try Fixture.lacking(rules: "") { _ in }
    try fixture.say(.breakGlass, GlassDraft().value, by: "otto")
    #expect(try fixture.told().contains("let the policy say under \"break-glass\" who reviews it"))
  }

  @Test("an agreed emergency: one signature now, a second person's within hours")
  func agreed() throws {
    var fixture = try Fixture.lacking()
    let first = GlassDraft(
      emergency: "patient-safety", until: "2026-06-01T17:00:00Z", time: "2026-06-01T10:00:00Z")
    // The second alone is not the first.
    try fixture.say(
      .breakGlass,
      GlassDraft(emergency: "patient-safety", person: "cleo", role: Fixture.clinical).value,
      by: "cleo")
    #expect(try fixture.told().contains("needs 1 on-call now"))
    fixture.pieces.removeLast()
    try fixture.say(.breakGlass, first.value, by: "otto", at: "2026-06-01T10:00:00Z")
    fixture.time = Fixture.instant("2026-06-01T11:59:59.999Z")
    #expect(try fixture.decide().outcome == .allowed)
    fixture.time = Fixture.now
    #expect(try fixture.told().contains("within 2 hours 1 clinical-lead had to sign too"))
    // Then the review is due at once, not in three days.
    #expect(try fixture.told().contains("is overdue since 2026-06-01T12:00:00.000Z"))
    var seconded = fixture
    try seconded.say(
      .breakGlass,
      GlassDraft(
        emergency: "patient-safety", person: "cleo", role: Fixture.clinical,
        time: "2026-06-01T11:00:00Z"
      ).value, by: "cleo", at: "2026-06-01T11:00:00Z")
    #expect(try seconded.decide().outcome == .allowed)
    // The same person in another role is no second one.
    var same = try Fixture.lacking()
    for role in [Fixture.onCall, Fixture.clinical] {
      try same.say(
        .breakGlass, GlassDraft(emergency: "patient-safety", person: "olga", role: role).value,
        by: "olga")
    }
    #expect(try same.told().contains("1 clinical-lead had to sign too"))
    // Signed once more for the same release, it begins no new hours.
    try fixture.say(
      .breakGlass,
      GlassDraft(emergency: "patient-safety", time: "2026-06-01T11:30:00Z").value, by: "otto",
      at: "2026-06-01T11:30:00Z")
    #expect(try fixture.told().contains("had to sign too"))
  }
}
