import Compliance
import Model
import Testing

@Suite("Controls that do not apply")
struct ScopeTests {
  private func statement(
    _ verdict: ScopeStatement.Verdict = .outOfScope, controls: [String] = ["tested"],
    application: String? = "patient-portal", expires: String? = "2026-12-01T00:00:00Z",
    reason: String = "it has nothing of the sort", person: String = "ben",
    role: Role = Fixture.official
  ) -> ScopeStatement {
    ScopeStatement(
      verdict: verdict, controls: controls, application: application, reason: reason,
      expires: expires.map(Fixture.instant), person: person, role: role,
      time: Fixture.instant("2026-06-01T10:00:00Z"))
  }

  @Test("somebody who may says that a control does not apply: it is shown, by whom and why")
  func outOfScope() throws {
    var fixture = try Fixture.lacking()
    try fixture.say(.scopeStatement, statement(), by: "ben")
    let decision = try fixture.decide()
    #expect(decision.outcome == .allowed)
    #expect(try fixture.result("tested")?.state == .outOfScope)
    let bypass = try #require(decision.bypasses.first)
    #expect(bypass.kind == .outOfScope && bypass.control == "tested")
    #expect(bypass.sentence.contains("ben as security-official"))
    #expect(bypass.sentence.contains("nothing of the sort"))
  }

  @Test("of the organisation, by its own name and no other")
  func organisation() throws {
    var fixture = try Fixture.lacking()
    try fixture.say(
      .scopeStatement, statement(application: nil), by: "ben",
      of: [.organisation("example-hospital")])
    #expect(try fixture.result("tested")?.state == .outOfScope)
    for subject in [Subject.organisation("other-hospital"), .application("patient-portal")] {
      var other = try Fixture.lacking()
      try other.say(.scopeStatement, statement(application: nil), by: "ben", of: [subject])
      #expect(try other.result("tested")?.state == .missing)
    }
  }

  @Test("the latest word decides, and that it applies anybody may say")
  func latest() throws {
    var fixture = try Fixture.lacking()
    try fixture.say(.scopeStatement, statement(), by: "ben")
    try fixture.say(
      .scopeStatement,
      statement(.inScope, expires: nil, person: "otto", role: Fixture.onCall), by: "otto")
    #expect(try fixture.result("tested")?.state == .missing)
    try fixture.say(.scopeStatement, statement(reason: "again nothing"), by: "ben")
    #expect(try fixture.result("tested")?.state == .outOfScope)
  }

  @Test("without a role, an end or a reason, over or by the author, it counts for nothing")
  func rejected() throws {
    for (words, one, signer) in [
      ("does not let the role", statement(person: "cleo", role: Fixture.clinical), "cleo"),
      ("it has no end", statement(expires: nil), "ben"),
      ("it ended on", statement(expires: "2026-06-01T11:00:00Z"), "ben"),
      ("longer than the 365 days", statement(expires: "2027-06-02T10:00:00Z"), "ben"),
      ("no reason", statement(reason: ""), "ben"),
      ("may not except it", statement(person: "ada", role: Fixture.privacy), "ada"),
      ("signed it", statement(person: "ben"), "ada"),
    ] {
      var fixture = try Fixture.lacking()
      try fixture.say(.scopeStatement, one, by: signer)
      #expect(try fixture.told().contains(words), "\(words)")
    }
  }

  @Test("what the evidence shows as met stays met")
  func met() throws {
    var fixture = try Fixture.lacking { _ in }
    try fixture.say(.scopeStatement, statement(), by: "ben")
    #expect(try fixture.result("tested")?.state == .met)
    #expect(try fixture.decide().exceptions.isEmpty)
  }
}
