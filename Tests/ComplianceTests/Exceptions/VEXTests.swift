import Compliance
import Model
import Testing

@Suite("Words on vulnerabilities")
struct VEXTests {
  private static let rules = """
        vex: {roles: [security-official], maximum-days: 30, never: ["CVE-2099-9*", known-exploited]}
    """
  private static let package = "pkg:pypi/jinja2@3.1.2"

  private static func finding(
    _ rule: String = "CVE-2099-0001", severity: Severity = .critical, package: String = package
  ) -> Finding {
    Finding(
      rule: rule, severity: severity, title: "made up", package: package, aliases: ["GHSA-1"])
  }

  /// A word that can still be changed.
  private struct Draft {
    var word = "v-1"
    var application = "patient-portal"
    var release: [Digest]?
    var vulnerability = "CVE-2099-0001"
    var products = ["pkg:pypi/jinja2"]
    var status = VEXStatement.Status.notAffected
    var reason = "templates are fixed at build time"
    var expires = "2026-06-20T00:00:00Z"
    var person = "ben"
    var role = Fixture.official
    var time = "2026-06-01T10:00:00Z"

    var value: VEXWord {
      VEXWord(
        stating: word, application: application, release: release,
        statement: VEXStatement(
          vulnerability: vulnerability, products: products, status: status,
          justification: "vulnerable_code_not_in_execute_path", author: "the maintainers"),
        document: nil, reason: reason, expires: Fixture.instant(expires), person: person,
        role: role, time: Fixture.instant(time))
    }
  }

  private func fixture(
    _ findings: [Finding] = [finding()], _ change: (inout Draft) -> Void = { _ in },
    rules: String = rules
  ) throws -> Fixture {
    var fixture = try Fixture.lacking(rules: rules) { $0.replace(.scan(findings)) }
    var draft = Draft()
    change(&draft)
    try fixture.say(.vex, draft.value, by: "ben")
    return fixture
  }

  private func scanned(_ fixture: Fixture) throws -> ControlResult {
    try #require(fixture.decide().controls.first { $0.control == "scanned" })
  }

  @Test("a word excuses the finding, stands first, and never makes the control met or hides it")
  func excuses() throws {
    let bare = try Fixture.lacking(rules: Self.rules) { $0.replace(.scan([Self.finding()])) }
    #expect(try bare.decide().outcome == .refused)
    #expect(try scanned(bare).state == .notMet)
    let decision = try fixture().decide()
    #expect(decision.outcome == .allowed && decision.reasons.isEmpty)
    let control = try #require(decision.controls.first { $0.control == "scanned" })
    #expect(control.state == .excepted)
    #expect(control.checks.first?.reason.contains("CVE-2099-0001") == true)
    let bypass = try #require(decision.bypasses.first)
    #expect(bypass.kind == .vex && bypass.control == "scanned")
    #expect(bypass.until == Fixture.instant("2026-06-20T00:00:00Z"))
    for words in [
      "CVE-2099-0001", Self.package, "critical", "not_affected", "vulnerable_code", "maintainers",
      "ben as security-official", "2026-06-20", "fixed at build time",
    ] { #expect(bypass.sentence.contains(words), "\(words)") }
    // It was said after the approvals, and voids none.
    #expect(decision.rejectedApprovals.isEmpty)
  }

  @Test("another finding is still refused, and the one that is excused still shown")
  func rest() throws {
    let decision = try fixture([
      Self.finding(), Self.finding("CVE-2099-0002", package: "pkg:pypi/x@1"),
    ])
    .decide()
    #expect(decision.outcome == .refused)
    let control = try #require(decision.controls.first { $0.control == "scanned" })
    #expect(control.state == .notMet)
    let reason = try #require(control.checks.first?.reason)
    #expect(reason.contains("CVE-2099-0002") && !reason.contains("CVE-2099-0001"))
    #expect(decision.bypasses.contains { $0.kind == .vex && $0.sentence.contains("CVE-2099-0001") })
  }

  @Test(
    "a word that is over, foreign, too long, empty or forbidden counts for nothing, and says why")
  func counts() throws {
    let cases: [(String?, (inout Draft) -> Void)] = [
      ("it ended on", { $0.expires = "2026-06-01T12:00:00Z" }),
      ("longer than the 30 days", { $0.expires = "2026-07-02T10:00:00Z" }),
      ("signed it", { $0.person = "cleo" }), ("did not hold", { $0.role = Fixture.clinical }),
      ("future", { $0.time = "2026-06-01T12:00:00.001Z" }),
      ("another release", { $0.release = [.sha256([9])] }), ("no reason", { $0.reason = " " }),
      ("no identifier", { $0.word = "V 1" }), (nil, { $0.application = "other-portal" }),
      (nil, { $0.vulnerability = "CVE-2099-0009" }), (nil, { $0.products = ["pkg:pypi/jinja"] }),
      (nil, { $0.products = ["pkg:pypi/jinja2@3.1.3"] }), (nil, { $0.products = [] }),
      (nil, { $0.status = .affected }), (nil, { $0.status = .underInvestigation }),
    ]
    for (reason, change) in cases {
      let decision = try fixture([Self.finding()], change).decide()
      #expect(decision.outcome == .refused, "\(reason ?? "nil")")
      #expect(!decision.bypasses.contains { $0.kind == .vex }, "\(reason ?? "nil")")
      let said = decision.reasons.joined(separator: "\n")
      if let reason {
        #expect(said.contains(reason), "\(reason): \(said)")
      } else {
        #expect(!said.contains("does not count"))
      }
    }
    // By another id, and by the version alone.
    #expect(
      try scanned(fixture([Self.finding()], { $0.vulnerability = "GHSA-1" })).state == .excepted)
    #expect(
      try scanned(fixture([Self.finding()], { $0.products = [Self.package] })).state == .excepted)
    #expect(try scanned(fixture([Self.finding()], { $0.status = .fixed })).state == .excepted)
    // What is known to be exploited, and what the policy names, nobody excuses.
    var exploited = Self.finding()
    exploited.knownExploited = Fixture.instant("2026-05-01T00:00:00Z")
    #expect(try fixture([exploited]).decide().reasons.joined().contains("known to be exploited"))
    let never = try fixture([Self.finding("CVE-2099-9001")], { $0.vulnerability = "CVE-2099-9001" })
    #expect(try never.decide().reasons.joined().contains("the policy lets nobody excuse it"))
    // A policy that says nothing of it lets nobody.
    let silent = try fixture(rules: "    waivers: {roles: [security-official], maximum-days: 30}")
    #expect(try silent.decide().reasons.joined().contains("the policy lets nobody"))
  }

  @Test("a word that was withdrawn counts no more, and a new one after that does")
  func withdrawn() throws {
    var fixture = try fixture()
    let back = VEXWord(
      withdrawing: Draft().value, reason: "it is reachable", person: "cleo", role: Fixture.clinical,
      time: Fixture.instant("2026-06-01T10:30:00Z"))
    try fixture.say(.vex, back, by: "cleo", at: "2026-06-01T10:30:00Z")
    #expect(try fixture.decide().reasons.joined().contains("withdrew it"))
    var again = Draft()
    again.word = "v-2"
    try fixture.say(.vex, again.value, by: "ben", at: "2026-06-01T11:00:00Z")
    #expect(try scanned(fixture).state == .excepted)
  }

  @Test("a word excuses no stale scan and no missing one")
  func staleAndMissing() throws {
    var old = try Fixture.lacking(rules: Self.rules) { fixture in
      fixture.replace(
        .scan(
          [],
          feed: ReportSource.Feed(
            name: "db", digest: .sha256([1]), updatedAt: Fixture.instant("2020-01-01T00:00:00Z"),
            isExample: false)))
    }
    try old.say(.vex, Draft().value, by: "ben")
    #expect(try scanned(old).state == .stale)
    var missing = try Fixture.lacking(rules: Self.rules) { $0.remove(.vulnerabilityScan) }
    try missing.say(.vex, Draft().value, by: "ben")
    #expect(try scanned(missing).state == .missing)
  }

  @Test("of a scan that counts more than it lists, only what is listed is excused")
  func unlisted() throws {
    let findings = (0..<250).map { _ in Self.finding() }
    #expect(try scanned(fixture(findings)).state == .notMet)
  }
}
