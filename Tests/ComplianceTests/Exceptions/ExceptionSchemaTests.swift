import Compliance
import Model
import Reading
import Testing

@Suite("Schemas of exceptions")
struct ExceptionSchemaTests {
  private static let now = Fixture.now

  private func check(_ kind: EvidenceKind, _ value: some Encodable) throws {
    let schema = try SchemaCheck("evidence/\(kind.rawValue)")
    let json = try JSONValue(encoding: value)
    #expect(try schema.faults(json) == [], "\(kind.rawValue)")
    #expect(schema.unnamed(json) == [], "\(kind.rawValue)")
  }

  @Test("what people sign is as its schemas say, with and without what may be left out")
  func written() throws {
    var waiver = WaiverDraft()
    try check(.waiver, waiver.value)
    waiver.release = [.sha256([1])]
    try check(.waiver, waiver.value)
    try check(
      .waiver,
      Waiver(
        withdrawing: waiver.value, reason: "r", person: "ben", role: Fixture.official,
        time: Self.now))
    for application in ["patient-portal", nil] {
      for verdict in [ScopeStatement.Verdict.outOfScope, .inScope] {
        try check(
          .scopeStatement,
          ScopeStatement(
            verdict: verdict, controls: ["tested"], application: application, reason: "r",
            expires: verdict == .outOfScope ? Self.now : nil, person: "ben",
            role: Fixture.official, time: Self.now))
      }
    }
    for emergency in ["patient-safety", nil] {
      try check(.breakGlass, GlassDraft(emergency: emergency).value)
    }
    for verdict in BreakGlassReview.Verdict.allCases {
      try check(.breakGlassReview, ReviewDraft(acts: [.sha256([1])], verdict: verdict).value)
    }
    for action in [Observation.Action.begun, .ended] {
      try check(
        .observation,
        Observation(
          action: action, application: "a", environment: "e",
          until: action == .begun ? Self.now : nil,
          baseline: action == .begun
            ? [.init(control: "tested", state: .stale, findings: ["f"])] : nil,
          reason: "r", person: "ben", role: Fixture.official, time: Self.now))
    }
  }

  @Test("a policy with all of it is as its schema says; what the reader refuses, the schema does")
  func policies() throws {
    let schema = try SchemaCheck("policy")
    func faults(_ rules: String) throws -> [String] {
      let text = Fixture.policyText.replacing("  lab:\n", with: "  lab:\n    \(rules)\n")
      return try schema.faults(YAMLReader.read(Array(text.utf8)).json)
    }
    let whole = """
      waivers: {roles: [a], maximum-days: 30, never: [a.b, "hipaa.*", "*"]}
          out-of-scope: {roles: [a], maximum-days: 30}
          observe-only: {roles: [a], maximum-days: 30}
          break-glass: {roles: [a], hours: 8, review-days: 3, reviewers: [b]}
          emergency: [{class: c, signers: [{role: a, count: 2}], second: [{role: b}], second-within-hours: 2}]
          freezes: [{from: "2026-12-20T18:00", to: "2027-01-04", zone: Europe/Berlin, reason: r}]
          windows: [{days: [monday, friday], from: "09:00", to: "24:00", zone: UTC}]
      """
    #expect(try faults(whole) == [])
    for rules in [
      "waivers: {roles: [a]}", "waivers: {roles: [], maximum-days: 3}",
      "waivers: {roles: [a], maximum-days: 0}",
      "observe-only: {roles: [a], maximum-days: 3, never: []}", "break-glass: {roles: [a]}",
      "break-glass: {roles: [a], reviewers: [b], hours: 200}",
      "emergency: [{class: a, signers: []}]",
      "freezes: [{from: \"20.12.\", to: \"2026-03-01\", zone: UTC, reason: r}]",
      "freezes: [{from: \"2026-03-01\", to: \"2026-03-02\", zone: UTC}]",
      "windows: [{days: [mondey], from: \"09:00\", to: \"10:00\", zone: UTC}]",
      "windows: [{days: [monday], from: \"9:00\", to: \"10:00\", zone: UTC}]",
    ] {
      #expect(try !faults(rules).isEmpty, "\(rules)")
    }
  }
}
