import Compliance
import Model
import Testing

@Suite("Catalogs")
struct CatalogTests {
  private static func text(
    id: String = "a", citation: String = "c", scope: String = "release",
    automation: String = "evidence",
    checks: String = "[{id: x, kind: inventory, rule: inventory-complete, fix: f}]"
  ) -> String {
    """
    catalog: c
    version: "1"
    framework: f
    controls:
      - id: \(id)
        citation: \(citation)
        title: t
        scope: \(scope)
        automation: \(automation)
        producer: p
        checks: \(checks)
    """
  }

  private func read(_ text: String) throws -> Catalog {
    try Catalog.read(Array(text.utf8), file: "c.yaml")
  }

  private func expectRefused(
    _ text: String, _ words: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let problem = #expect(throws: Problem.self, sourceLocation: sourceLocation) { try read(text) }
    #expect(problem?.code == .badInput, sourceLocation: sourceLocation)
    let description = problem?.description ?? ""
    #expect(description.contains(words), "\(description)", sourceLocation: sourceLocation)
  }

  @Test("a mistake in a catalog is told with file, line, column and the nearest word")
  func mistake() {
    expectRefused(
      Self.text(checks: "\n      - {id: x, kind: inventory, rule: inventry-complete, fix: f}"),
      "c.yaml:12:40: \"inventry-complete\" is not a value of \"rule\"; did you mean"
        + " \"inventory-complete\"?")
    expectRefused(Self.text(scope: "releases"), "c.yaml:8:12: \"releases\" is not a value of")
    expectRefused(Self.text(automation: "full"), "c.yaml:9:17: \"full\" is not a value of")
    expectRefused(
      Self.text().replacing("producer", with: "produced"),
      "c.yaml:10:5: \"produced\" is not a key of a control; did you mean \"producer\"?")
    expectRefused(
      Self.text().replacing("    citation: c\n", with: ""), "a control needs \"citation\"")
    expectRefused(
      Self.text().replacing("    scope: release\n", with: ""), "needs \"scope\" and \"automation\"")
    expectRefused(
      Self.text(checks: "[{id: x, kind: inventory, fix: f}]"), "a check needs \"rule\"")
  }

  @Test("a catalog without a control is refused")
  func empty() {
    expectRefused(
      "catalog: c\nversion: \"1\"\nframework: f\ncontrols: []\n", "at least one control")
    expectRefused("catalog: c\nversion: \"1\"\nframework: f\n", "at least one control")
  }

  @Test("an id that stands twice is refused with the place of the second")
  func repeated() {
    let second = Self.text().split(separator: "\n").dropFirst(4).joined(separator: "\n")
    expectRefused("\(Self.text())\n\(second)", "c.yaml:12:5: the control \"a\" stands twice")
    expectRefused(
      Self.text(
        checks: "[{id: x, kind: inventory, rule: present, fix: f},"
          + " {id: x, kind: step, rule: present, fix: f}]"),
      "c.yaml:11:63: the check \"x\" stands twice")
  }

  @Test("an id of another form is refused", arguments: ["A", "a b", "é", "-a", "a/b"])
  func identifiers(id: String) {
    expectRefused(Self.text(id: "\"\(id)\""), "c.yaml:5:9: \"\(id)\" is no identifier")
    expectRefused(
      Self.text(checks: "[{id: \"\(id)\", kind: inventory, rule: present, fix: f}]"),
      "is no identifier")
  }

  @Test("a rule that does not judge a kind is refused")
  func kinds() {
    expectRefused(
      Self.text(checks: "[{id: x, kind: inventory, rule: tests-passed, with: {suite: s}, fix: f}]"),
      "the rule \"tests-passed\" does not judge evidence of kind \"inventory\"; it judges test-result"
    )
    expectRefused(
      Self.text(checks: "[{id: x, kind: approval, rule: present, fix: f}]"),
      "does not judge evidence of kind \"approval\"")
  }

  @Test("a subject that a kind does not speak of is refused")
  func subjects() throws {
    expectRefused(
      Self.text(checks: "[{id: x, kind: inventory, subject: organisation, rule: present, fix: f}]"),
      "evidence of kind \"inventory\" does not speak of \"organisation\"")
    expectRefused(
      Self.text(checks: "[{id: x, kind: trust-root, subject: image, rule: present, fix: f}]"),
      "evidence of kind \"trust-root\" does not speak of \"image\"")
    expectRefused(
      Self.text(checks: "[{id: x, kind: inventory, subject: imag, rule: present, fix: f}]"),
      "did you mean \"image\"?")
    for (kind, subject) in [
      ("trust-root", Catalog.SubjectKind.organisation), ("source-check", .commit),
      ("vulnerability-scan", .image), ("inventory", .image), ("provenance", .image),
      ("test-result", .release), ("static-analysis", .release), ("step", .release),
    ] {
      let catalog = try read(Self.text(checks: "[{id: x, kind: \(kind), rule: present, fix: f}]"))
      #expect(catalog.controls.first?.checks.first?.subject == subject)
    }
  }

  @Test(
    "a rule's parameters are checked",
    arguments: [
      ("present", "inventory", "{a: 1}", "\"a\" is not a key of the rule \"present\""),
      ("commit-signed", "source-check", "{a: 1}", "is not a key of"),
      ("built-from-commit", "provenance", "{a: 1}", "is not a key of"),
      ("steps-passed", "step", "{a: 1}", "is not a key of"),
      ("policy-pinned", "trust-root", "{a: 1}", "is not a key of"),
      ("tests-passed", "test-result", "{}", "needs \"suite\""),
      ("tests-passed", "test-result", "{suite: s, minimum: 0}", "from 1 to 1000000"),
      ("tests-passed", "test-result", "{suite: s, named: [\"\"]}", "a test needs a name"),
      ("findings-at-most", "vulnerability-scan", "{scope: s}", "\"severity\" must be low"),
      (
        "findings-at-most", "vulnerability-scan", "{scope: s, severity: none}",
        "\"severity\" must be"
      ),
      ("findings-at-most", "vulnerability-scan", "{scope: s, severity: unknown}", "must be low"),
      ("findings-at-most", "vulnerability-scan", "{severity: low}", "needs \"scope\""),
      ("findings-at-most", "static-analysis", "{scope: s, severity: low, maximum: -1}", "from 0"),
      (
        "findings-at-most", "static-analysis",
        "{scope: s, severity: low, feed-maximum-age-days: 0}",
        "from 1 to 3650"
      ),
      ("inventory-complete", "inventory", "{minimum: 0}", "from 1 to"),
      ("role-held", "trust-root", "{}", "needs \"role\""),
      ("role-held", "trust-root", "{role: r, count: 0}", "from 1 to 1000"),
      ("rolled-out", "rollout", "{}", "needs \"environment\""),
    ])
  func parameters(rule: String, kind: String, with: String, words: String) {
    expectRefused(
      Self.text(checks: "[{id: x, kind: \(kind), rule: \(rule), with: \(with), fix: f}]"), words)
  }

  @Test("a check without a rule, a fix, or with an age out of bounds is refused")
  func checks() {
    expectRefused(Self.text(checks: "[{id: x, kind: step, rule: present}]"), "needs \"fix\"")
    for age in ["0", "36501", "1.5", "soon"] {
      expectRefused(
        Self.text(
          checks: "[{id: x, kind: step, maximum-age-days: \(age), rule: present, fix: f}]"),
        "an integer from 1 to 36500")
    }
  }

  @Test("what is left out of a rule has one meaning")
  func defaults() throws {
    func rule(_ text: String) throws -> Rule? {
      try read(Self.text(checks: "[{id: x, \(text), fix: f}]")).controls.first?.checks.first?.rule
    }
    #expect(
      try rule("kind: test-result, rule: tests-passed, with: {suite: s}")
        == .testsPassed(suite: "s", minimum: 1, named: []))
    #expect(
      try rule("kind: static-analysis, rule: findings-at-most, with: {scope: s, severity: low}")
        == .findingsAtMost(scope: "s", severity: .low, maximum: 0, feedMaximumAgeDays: nil))
    #expect(try rule("kind: inventory, rule: inventory-complete") == .inventoryComplete(minimum: 1))
    #expect(
      try rule("kind: trust-root, rule: role-held, with: {role: r}")
        == .roleHeld(role: Role(rawValue: "r"), count: 1))
    #expect(try read(Self.text()).controls.first?.isTextChecked == false)
  }
}
