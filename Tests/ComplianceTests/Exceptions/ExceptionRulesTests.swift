import Compliance
import Model
import Testing

@Suite("Rules of exceptions")
struct ExceptionRulesTests {
  private func read(_ rules: String) throws -> ExceptionRules? {
    let text = Fixture.policyText.replacing("  lab:\n", with: "  lab:\n    \(rules)\n")
    return try Policy.read(Array(text.utf8), file: "p").0.environments
      .first { $0.name == "lab" }?.exceptions
  }

  @Test("a policy that says nothing of exceptions has none, and its bytes are as before")
  func nothing() throws {
    #expect(try read("shown: []") == nil)
    let bytes = try Fixture().bundle().bytes()
    #expect(!String(decoding: bytes, as: UTF8.self).contains("exceptions"))
  }

  @Test("what it says is read, and a pinned policy reads it again")
  func read() throws {
    let fixture = try Fixture.lacking { _ in }
    let rules = try #require(try fixture.bundle().exceptions(in: "production"))
    #expect(rules.waivers?.maximumDays == 30 && rules.breakGlass?.reviewers.count == 2)
    #expect(rules.emergencies.map(\.name) == ["patient-safety"])
    let bundle = try fixture.bundle()
    #expect(try PolicyBundle(pinned: bundle.bytes(), as: bundle.reference()) == bundle)
    let window = try read("windows: [{days: [sunday], from: \"22:00\", to: \"04:30\", zone: UTC}]")
    #expect(window?.windows.first?.from == 1_320 && window?.windows.first?.to == 270)
  }

  @Test(
    "a rule that cannot be meant is refused where it stands",
    arguments: [
      ("waivers: {roles: [a]}", "maximum-days"),
      ("waivers: {roles: [], maximum-days: 3}", "roles"),
      ("waivers: {roles: [a, a], maximum-days: 3}", "each once"),
      ("waivers: {roles: [a], maximum-days: 0}", "maximum-days"),
      ("waivers: {roles: [a], maximum-days: 3, never: [\"A*\"]}", "no id of a control"),
      ("waivers: {roles: [a], maximum-days: 3, ever: []}", "did you mean \"never\""),
      ("break-glass: {roles: [a]}", "reviewers"),
      ("break-glass: {reviewers: [a]}", "roles"),
      ("break-glass: {roles: [a], reviewers: [b], hours: 200}", "hours"),
      ("emergency: [{class: a, signers: [{role: b}]}]", "break-glass"),
      (
        "break-glass: {reviewers: [b]}\n    emergency: [{class: a, signers: []}]",
        "needs \"signers\""
      ),
      (
        "break-glass: {reviewers: [b]}\n    emergency: [{class: a, signers: [{role: b}], second: [{role: c}]}]",
        "or neither"
      ),
      (
        "break-glass: {reviewers: [b]}\n    emergency: [{class: a, signers: [{role: b}, {role: b}]}]",
        "twice"
      ),
      (
        "freezes: [{from: \"2026-02-30\", to: \"2026-03-01\", zone: UTC, reason: r}]",
        "no local time"
      ),
      (
        "freezes: [{from: \"2026-03-02\", to: \"2026-03-02\", zone: UTC, reason: r}]", "ends before"
      ),
      ("freezes: [{from: \"2026-03-01\", to: \"2026-03-02\", zone: UTC}]", "reason"),
      ("freezes: [{from: \"2026-03-01\", to: \"2026-03-02\", zone: ../x, reason: r}]", "time zone"),
      ("windows: [{days: [mondey], from: \"09:00\", to: \"10:00\", zone: UTC}]", "\"monday\""),
      ("windows: [{days: [], from: \"09:00\", to: \"10:00\", zone: UTC}]", "days"),
      (
        "windows: [{days: [monday], from: \"09:00\", to: \"09:00\", zone: UTC}]",
        "ends when it begins"
      ),
      ("windows: [{days: [monday], from: \"9:00\", to: \"25:00\", zone: UTC}]", "time of day"),
      ("windows: [{days: [monday], from: \"09:00\", to: \"24:01\", zone: UTC}]", "time of day"),
    ])
  func refused(rules: String, words: String) throws {
    let problem = #expect(throws: Problem.self) { try read(rules) }
    #expect(problem?.code == .badInput && problem?.location?.hasPrefix("p:") == true)
    #expect(problem?.message.contains(words) == true, "\(problem?.message ?? "")")
  }
}
