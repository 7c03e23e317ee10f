import Compliance
import Model
import Testing

@Suite("Freezes and change windows")
struct WindowTests {
  private static let rules = """
        freezes: [{from: "2026-06-01T14:00", to: "2026-06-01T15:00", zone: Europe/Berlin, reason: the audit is in the house}]
        windows: [{days: [monday], from: "09:00", to: "16:00", zone: Europe/Berlin}]
        break-glass: {roles: [on-call], hours: 8, review-days: 3, reviewers: [clinical-lead]}
    """

  private func span(_ from: String, _ to: String) -> GateCalendar.Span {
    .init(from: Fixture.instant("2026-06-01T\(from)Z"), to: Fixture.instant("2026-06-01T\(to)Z"))
  }

  private func calendar(
    covered: GateCalendar.Span? = nil, freezes: [GateCalendar.Span]? = nil,
    windows: [[GateCalendar.Span]]? = nil
  ) -> GateCalendar {
    GateCalendar(
      covered: covered ?? span("00:00:00", "23:00:00"),
      freezes: freezes ?? [span("12:00:00", "13:00:00")],
      windows: windows ?? [[span("07:00:00", "14:00:00"), span("20:00:00", "21:00:00")]])
  }

  private func decide(
    at time: String, _ calendar: GateCalendar?, rules: String = rules,
    _ change: (inout Fixture) throws -> Void = { _ in }
  ) throws -> Decision {
    var fixture = try Fixture.lacking(rules: "") { _ in }
    fixture.policy = Fixture.policyText.replacing(
      "  production:\n", with: "  production:\n\(rules)\n")
    fixture.pieces.removeAll { $0.kind == .approval }
    fixture.calendar = calendar
    fixture.time = Fixture.instant("2026-06-01T11:00:00Z")
    try fixture.approve("ben", Fixture.official)
    try fixture.approve("cleo", Fixture.clinical)
    try change(&fixture)
    fixture.time = Fixture.instant("2026-06-01T\(time)Z")
    return try fixture.decide()
  }

  @Test(
    "a freeze refuses from its first instant to its last, a window opens for its own",
    arguments: [
      ("11:59:59.999", nil), ("12:00:00", "is frozen until 2026-06-01T13:00"),
      ("12:59:59.999", "the audit is in the house"), ("13:00:00", nil), ("13:59:59.999", nil),
      ("14:00:00", "outside of the change windows"),
      ("15:00:00", "the next one opens at 2026-06-01T20:00"),
      ("20:00:00", nil), ("21:00:00", "none opens before 2026-06-01T23:00"),
    ] as [(String, String?)])
  func bounds(time: String, words: String?) throws {
    let decision = try decide(at: time, calendar())
    #expect(decision.outcome == (words == nil ? .allowed : .refused))
    if let words { #expect(decision.reasons.first?.contains(words) == true) }
  }

  @Test("what was not expanded, or not for this time or policy, is an error and never open")
  func notExpanded() throws {
    for wrong in [
      nil, calendar(covered: span("00:00:00", "11:00:00")),
      calendar(covered: span("12:00:00", "13:00:00")), calendar(freezes: []),
      calendar(windows: []), calendar(windows: [[], []]),
    ] {
      let decision = try decide(at: "11:30:00", wrong)
      #expect(decision.outcome == .error)
      #expect(decision.reasons.first?.contains("were not expanded") == true)
    }
    #expect(try decide(at: "11:30:00", calendar(windows: [[]])).outcome == .refused)
    // A policy without either needs no calendar.
    #expect(try decide(at: "11:30:00", nil, rules: "").outcome == .allowed)
  }

  @Test("in an emergency a freeze is passed, loudly")
  func emergency() throws {
    let decision = try decide(at: "12:30:00", calendar()) {
      try $0.say(.breakGlass, GlassDraft().value, by: "otto")
    }
    #expect(decision.outcome == .allowed && decision.bypasses.first?.kind == .breakGlass)
    #expect(decision.reasons.contains { $0.contains("is frozen") })
  }
}
