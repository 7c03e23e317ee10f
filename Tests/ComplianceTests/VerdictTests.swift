import Compliance
import Model
import Testing

@Suite("A yes, a no, and their order")
struct VerdictTests {
  private func refused(_ fixture: inout Fixture, at time: String) throws {
    try fixture.approve("cleo", Fixture.clinical, at: time) { $0.verdict = .rejected }
  }

  @Test("a no takes back a yes")
  func noAfterYes() throws {
    var fixture = try Fixture.approved()
    try refused(&fixture, at: "2026-06-01T10:00:00Z")
    let decision = try fixture.decide()
    #expect(decision.outcome == .refused)
    #expect(decision.reasons.first == "cleo said no: I read it")
    #expect(
      decision.rejectedApprovals.map(\.reason)
        == ["cleo is counted once, by their latest word", "cleo said no: I read it"])
    #expect(decision.rejectedApprovals.map(\.approval.index) == [fixture.last - 1, fixture.last])
  }

  @Test("a yes that was signed after a no takes it back")
  func yesAfterNo() throws {
    var fixture = Fixture()
    try fixture.approve("ben", Fixture.official)
    try refused(&fixture, at: "2026-06-01T09:00:00Z")
    try fixture.approve("cleo", Fixture.clinical, at: "2026-06-01T10:00:00Z")
    #expect(try fixture.decide().outcome == .allowed)
  }

  @Test("a yes that was signed before a no and recorded after it does not take it back")
  func heldBack() throws {
    for time in ["2026-06-01T08:00:00Z", "2026-06-01T09:00:00Z"] {
      var fixture = Fixture()
      try fixture.approve("ben", Fixture.official)
      try refused(&fixture, at: "2026-06-01T09:00:00Z")
      try fixture.approve("cleo", Fixture.clinical, at: time)
      let decision = try fixture.decide()
      #expect(decision.outcome == .refused)
      #expect(
        decision.rejectedApprovals.map(\.reason)
          == ["cleo said no: I read it", "cleo said no after signing it"])
    }
  }

  @Test("a yes that is recorded again after a no does not take it back")
  func replayed() throws {
    for wrapping in ["", "another key id"] {
      var fixture = try Fixture.approved()
      var yes = fixture.pieces[fixture.pieces.count - 1]
      try refused(&fixture, at: "2026-06-01T10:00:00Z")
      yes.wrapping = wrapping
      fixture.pieces.append(yes)
      let decision = try fixture.decide()
      #expect(decision.outcome == .refused)
      #expect(
        decision.rejectedApprovals.last?.reason
          == "it repeats entry \(fixture.last - 2), and counts as that one")
    }
  }

  @Test("an approval that is recorded twice counts once, and is listed")
  func duplicated() throws {
    var fixture = Fixture()
    try fixture.approve("ben", Fixture.official)
    fixture.pieces.append(fixture.pieces[fixture.pieces.count - 1])
    var decision = try fixture.decide()
    #expect(decision.outcome == .waiting)
    #expect(decision.approvals.map(\.counted.count) == [1, 0])
    try fixture.approve("cleo", Fixture.clinical)
    decision = try fixture.decide()
    #expect(decision.outcome == .allowed)
    #expect(decision.rejectedApprovals.map(\.approval.index) == [fixture.last - 1])
  }

  @Test("one no is enough, whatever the others say")
  func oneNo() throws {
    var fixture = try Fixture.approved()
    fixture.people.append(.init(id: "dora", roles: [Fixture.clinical]))
    fixture.pieces = Fixture.goodPieces
    try fixture.approve("ben", Fixture.official)
    try fixture.approve("cleo", Fixture.clinical)
    try fixture.approve("dora", Fixture.clinical) { $0.verdict = .rejected }
    let decision = try fixture.decide()
    #expect(decision.outcome == .refused)
    #expect(decision.reasons == ["dora said no: I read it"])
    #expect(decision.approvals.map(\.isMet) == [true, true])
  }

  @Test("a no to something else is no no to this")
  func unboundNo() throws {
    var fixture = try Fixture.approved()
    try fixture.approve("cleo", Fixture.clinical, at: "2026-06-01T10:00:00Z") {
      $0.verdict = .rejected
      $0.environment = "staging"
    }
    #expect(try fixture.decide().outcome == .allowed)
  }

  @Test("a no of the future still counts")
  func futureNo() throws {
    var fixture = try Fixture.approved()
    try refused(&fixture, at: "2026-06-02T10:00:00Z")
    #expect(try fixture.decide().outcome == .refused)
  }

  @Test("no approvals yet: the gate waits, and says for whom")
  func waiting() throws {
    let decision = try Fixture().decide()
    #expect(decision.outcome == .waiting)
    #expect(decision.approvals.map(\.isMet) == [false, false])
    #expect(
      decision.reasons == [
        "1 approval(s) of role \"security-official\" are needed, 0 count",
        "1 approval(s) of role \"clinical-lead\" are needed, 0 count",
      ])
  }

  @Test("an environment that asks no approval does not wait for any")
  func lab() throws {
    var fixture = Fixture()
    fixture.environment = "lab"
    #expect(try fixture.decide().outcome == .allowed)
  }
}
