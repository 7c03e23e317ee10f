import Compliance
import Model
import Testing

@Suite("Observe-only")
struct ObservationTests {
  private func observation(
    _ action: Observation.Action = .begun, until: String? = "2026-07-01T00:00:00Z",
    baseline: [Observation.Baseline] = [], person: String = "ben", role: Role = Fixture.official,
    environment: String = "production", time: String = "2026-06-01T10:00:00Z"
  ) -> Observation {
    Observation(
      action: action, application: "patient-portal", environment: environment,
      until: until.map(Fixture.instant), baseline: baseline, reason: "we begin", person: person,
      role: role, time: Fixture.instant(time))
  }

  @Test("the gate reports and does not refuse until the date, which it shows first")
  func reports() throws {
    var fixture = try Fixture.lacking()
    try fixture.say(.observation, observation(), by: "ben")
    let decision = try fixture.decide()
    #expect(decision.outcome == .allowed)
    #expect(decision.exceptions.map(\.kind) == [.observation])
    #expect(decision.bypasses.first?.sentence.contains("until 2026-07-01") == true)
    #expect(decision.reasons.contains { $0.contains("F 3 tests: missing") })
    let summary = VerificationSummary(decision, verifier: "urn:pratique:gate")
    #expect(summary.verificationResult == "FAILED")
    fixture.time = Fixture.instant("2026-07-01T00:00:00Z")
    #expect(try fixture.told().contains("it ended at"))
  }

  @Test("whoever may not, nobody, too long, elsewhere or ended: the gate refuses as ever")
  func rejected() throws {
    for (words, one, signer) in [
      ("does not let the role", observation(person: "cleo", role: Fixture.clinical), "cleo"),
      ("signed it", observation(), "ada"),
      ("longer than the 60 days", observation(until: "2026-07-31T10:00:00.001Z"), "ben"),
      ("it has no end", observation(until: nil), "ben"),
      ("tests: missing", observation(environment: "lab"), "ben"),
    ] {
      var fixture = try Fixture.lacking()
      try fixture.say(.observation, one, by: signer)
      #expect(try fixture.told().contains(words), "\(words)")
    }
    var ended = try Fixture.lacking()
    try ended.say(.observation, observation(), by: "ben")
    try ended.say(
      .observation, observation(.ended, until: nil, person: "otto", role: Fixture.onCall),
      by: "otto")
    #expect(try ended.decide().outcome == .refused)
  }

  @Test("begun anew it lasts no longer than from the first time on")
  func renewed() throws {
    var fixture = try Fixture.lacking()
    try fixture.say(
      .observation, observation(until: "2026-04-20T00:00:00Z", time: "2026-04-10T00:00:00Z"),
      by: "ben", at: "2026-04-10T00:00:00Z")
    try fixture.say(.observation, observation(until: "2026-06-08T00:00:00Z"), by: "ben")
    #expect(try fixture.decide().outcome == .allowed)
    try fixture.say(.observation, observation(until: "2026-06-09T00:00:00.001Z"), by: "ben")
    #expect(try fixture.told().contains("longer than the 60 days from the first observation"))
  }

  @Test("what was there before is told apart from what is new, also after a new beginning")
  func baseline() throws {
    var before = try Fixture.lacking { $0.replace(.scan([RuleTests.high])) }
    before.remove(.inventory)
    let baseline = try Gate.baseline(before.input())
    #expect(baseline.map(\.control) == ["scanned", "listed"])
    #expect(baseline.first?.findings.count == 1)
    #expect(baseline.first?.findings.first?.contains("CVE-1") == true)
    try before.say(.observation, observation(baseline: baseline), by: "ben")
    #expect(try before.decide().reasons.filter { $0.hasPrefix("new") }.isEmpty)
    #expect(try before.decide().reasons.count { $0.hasPrefix("there before") } == 2)

    var after = before
    let other = Finding(rule: "CVE-2", severity: .critical, title: "t", package: "p@1")
    after.replace(.scan([RuleTests.high, other]))
    after.remove(.testResult)
    // A second beginning takes the new into its own baseline: that of the first counts.
    try after.say(
      .observation,
      observation(until: "2026-06-30T00:00:00Z", baseline: Gate.baseline(after.input())),
      by: "ben")
    let reasons = try after.decide().reasons
    #expect(try after.decide().outcome == .allowed)
    #expect(reasons.first?.hasPrefix("new since the observation began") == true)
    #expect(
      reasons.contains {
        $0.hasPrefix("new") && $0.contains("1 finding(s) are new") && $0.contains("CVE-2")
      })
    #expect(reasons.contains { $0.hasPrefix("new") && $0.contains("F 3 tests: missing") })
    #expect(reasons.last?.hasPrefix("there before") == true)
  }

  @Test("an overdue review refuses while the gate observes, too")
  func overdue() throws {
    var fixture = try Fixture.lacking()
    try fixture.say(.observation, observation(), by: "ben")
    try fixture.say(
      .breakGlass,
      GlassDraft(until: "2026-05-20T16:00:00Z", time: "2026-05-20T10:00:00Z").value, by: "otto",
      at: "2026-05-20T10:00:00Z")
    #expect(try fixture.told().contains("is overdue since"))
  }
}
