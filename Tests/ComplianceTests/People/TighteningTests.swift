import Compliance
import Model
import Testing

@Suite("A team's policy may only tighten the organisation's")
struct TighteningTests {
  private static let rules = ExceptionFixtureRules.all

  private func bundle(_ change: (inout Fixture) -> Void = { _ in }) throws -> PolicyBundle {
    var fixture = Fixture()
    fixture.policy = Fixture.policyText.replacing(
      "  production:\n", with: "  production:\n" + Self.rules + "\n"
    ).replacing(
      "{role: clinical-lead, count: 1}",
      with: "{role: clinical-lead, count: 2, meaning: safe, maximum-age-days: 9}")
    change(&fixture)
    return try fixture.bundle()
  }

  private func faults(_ old: String, _ new: String) throws -> [String] {
    let own = try bundle { fixture in
      #expect(fixture.policy.contains(old), "\(old)")
      fixture.policy = fixture.policy.replacing(old, with: new)
    }
    return Tightening(of: try bundle(), by: own).faults
  }

  @Test("the same policy, and one that asks more, loosens nothing")
  func tighter() throws {
    #expect(Tightening(of: try bundle(), by: try bundle()).faults == [])
    for (old, new) in [
      ("version: \"1\"", "version: \"2\""),
      ("role: security-official, count: 1", "role: security-official, count: 2"),
      (
        "count: 2, meaning: safe, maximum-age-days: 9",
        "count: 3, meaning: safe, maximum-age-days: 8"
      ),
      ("maximum-days: 30", "maximum-days: 29"),
      (
        "roles: [security-official, privacy-official], maximum-days: 30",
        "roles: [security-official], maximum-days: 30"
      ),
      ("never: [signed]", "never: [signed, tested]"), ("hours: 8", "hours: 4"),
      ("review-days: 3", "review-days: 1"), ("second-within-hours: 2", "second-within-hours: 1"),
      ("from: 2026-12-20, to: 2027-01-03", "from: 2026-12-19, to: 2027-01-04"),
      (
        "days: [monday, tuesday], from: \"08:00\", to: \"18:00\"",
        "days: [monday], from: \"09:00\", to: \"17:00\""
      ),
    ] {
      #expect(try faults(old, new) == [], "\(new)")
    }
    let without = try bundle { $0.policy = $0.policy.replacing(Self.rules, with: "") }
    // Without waivers and break-glass nobody may do more; without freezes and windows, everybody.
    #expect(Tightening(of: try bundle(), by: without).faults.count == 2)
  }

  @Test(
    "what is looser is refused, and said",
    arguments: [
      ("feeds: false", "feeds: true", "example feed"),
      ("  lab:", "  laboratory:", "defines the environment \"laboratory\""),
      ("  lab:", "  laboratory:", "leaves out the environment \"lab\""),
      ("required: [signed, built,", "required: [signed,", "does not require the control \"built\""),
      ("shown: [there, ", "shown: [", "does not show the control \"there\""),
      (
        "role: security-official, count: 1", "role: privacy-official, count: 1",
        "no approval of role \"security-official\""
      ),
      (
        "count: 2, meaning: safe, maximum-age-days: 9",
        "count: 1, meaning: safe, maximum-age-days: 9", "asks for 1 approval(s)"
      ),
      ("meaning: safe", "meaning: seen", "do not mean \"safe\""),
      ("maximum-age-days: 9", "maximum-age-days: 10", "longer than 9 days"),
      (", maximum-age-days: 9", "", "longer than 9 days"),
      ("maximum-days: 30", "maximum-days: 31", "\"waivers\" lasts 31 days"),
      (
        "roles: [security-official, privacy-official], maximum-days: 30",
        "roles: [developer], maximum-days: 30", "\"waivers\" lets the role \"developer\""
      ),
      ("never: [signed]", "never: []", "does not leave out \"signed\""),
      ("hours: 8", "hours: 9", "lasts 9 hours"),
      ("review-days: 3", "review-days: 4", "reviewed in 4 days"),
      ("reviewers: [security-official]", "reviewers: [developer]", "reviewers"),
      ("class: patient-safety", "class: other", "the emergency \"other\", which"),
      (
        "signers: [{role: on-call, count: 2}]", "signers: [{role: on-call}]",
        "asks for fewer people"
      ),
      ("second-within-hours: 2", "second-within-hours: 3", "longer than 2 hours"),
      ("from: 2026-12-20, to: 2027-01-03", "from: 2026-12-21, to: 2027-01-03", "freeze"),
      ("to: \"18:00\"", "to: \"18:30\"", "outside of the organisation's windows"),
      (
        "holidays, zone: Europe/Vienna", "holidays, zone: Europe/Berlin",
        "freeze"
      ),
      ("policy: fixture", "retention: {years: 7}\npolicy: fixture", "how long payloads"),
    ])
  func looser(old: String, new: String, words: String) throws {
    let faults = try faults(old, new)
    #expect(faults.contains { $0.contains(words) }, "\(faults)")
    let problem = Tightening(
      of: try bundle(), by: try bundle { $0.policy = $0.policy.replacing(old, with: new) }
    ).problem(.badInput)
    #expect(problem?.message.contains(words) == true)
  }

  @Test("a control of the same name that asks something else is another one")
  func sameName() throws {
    let own = try bundle {
      $0.catalog = $0.catalog.replacing("fix: sign it", with: "fix: sign it soon")
    }
    #expect(
      Tightening(of: try bundle(), by: own).faults.contains {
        $0.contains("the control \"signed\" is another one")
      })
  }
}

/// Everything that an environment can say beside its controls.
enum ExceptionFixtureRules {
  static let all = """
        waivers: {roles: [security-official, privacy-official], maximum-days: 30, never: [signed]}
        break-glass: {roles: [on-call], hours: 8, review-days: 3, reviewers: [security-official]}
        emergency:
          - {class: patient-safety, signers: [{role: on-call, count: 2}], second: [{role: clinical-lead}], second-within-hours: 2}
        freezes:
          - {from: 2026-12-20, to: 2027-01-03, reason: holidays, zone: Europe/Vienna}
        windows:
          - {days: [monday, tuesday], from: "08:00", to: "18:00", zone: Europe/Vienna}
    """
}
