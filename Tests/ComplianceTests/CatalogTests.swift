import Compliance
import Model
import Testing

@Suite("Catalogs")
struct CatalogTests {
  private static func text(
    id: String = "a", citation: String = "c", scope: String = "release",
    automation: String = "evidence", top: String = "",
    checks: String = "[{id: x, kind: inventory, each: evidence.count > 0, fix: f}]"
  ) -> String {
    """
    catalog: c
    version: "1"
    framework: f
    \(top)controls:
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
    expectRefused(Self.text(scope: "releases"), "c.yaml:8:12: \"releases\" is not a value of")
    expectRefused(Self.text(automation: "full"), "c.yaml:9:17: \"full\" is not a value of")
    expectRefused(
      Self.text().replacing("producer", with: "produced"),
      "c.yaml:10:5: \"produced\" is not a key of a control; did you mean \"producer\"?")
    expectRefused(
      Self.text().replacing("    citation: c\n", with: ""), "a control needs \"citation\"")
    expectRefused(
      Self.text().replacing("    scope: release\n", with: ""), "needs \"scope\" and \"automation\"")
    expectRefused(Self.text(checks: "[{id: x, fix: f}]"), "a check needs \"kind\"")
    expectRefused(
      Self.text(checks: "[{id: x, kind: inventory, owner: The Boss, fix: f}]"), "is no role")
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
      Self.text(checks: "[{id: x, kind: inventory, fix: f}, {id: x, kind: step, fix: f}]"),
      "c.yaml:11:48: the check \"x\" stands twice")
  }

  @Test("an id of another form is refused", arguments: ["A", "a b", "é", "-a", "a/b"])
  func identifiers(id: String) {
    expectRefused(Self.text(id: "\"\(id)\""), "c.yaml:5:9: \"\(id)\" is no identifier")
    expectRefused(
      Self.text(checks: "[{id: \"\(id)\", kind: inventory, fix: f}]"), "is no identifier")
  }

  @Test("a kind that no schema describes is refused")
  func kinds() throws {
    expectRefused(
      Self.text(checks: "[{id: x, kind: inventry, fix: f}]"),
      "c.yaml:11:28: \"inventry\" is no kind of evidence; did you mean \"inventory\"?")
    expectRefused(Self.text(checks: "[{id: x, kinds: [], fix: f}]"), "a check needs \"kind\"")
    expectRefused(
      Self.text(checks: "[{id: x, kind: step, kinds: [step], fix: f}]"), "not both")
    let both = "[{id: x, kinds: [static-analysis, vulnerability-scan], subject: image, fix: f}]"
    #expect(
      try read(Self.text(checks: both)).controls.first?.checks.first?.kinds
        == [.staticAnalysis, .vulnerabilityScan])
  }

  @Test("a subject that a kind does not speak of is refused")
  func subjects() throws {
    expectRefused(
      Self.text(checks: "[{id: x, kind: inventory, subject: organisation, fix: f}]"),
      "evidence of kind \"inventory\" does not speak of \"organisation\"")
    expectRefused(
      Self.text(checks: "[{id: x, kind: trust-root, subject: image, fix: f}]"),
      "evidence of kind \"trust-root\" does not speak of \"image\"")
    expectRefused(
      Self.text(checks: "[{id: x, kind: inventory, subject: imag, fix: f}]"),
      "did you mean \"image\"?")
    for (kind, subject) in [
      ("trust-root", Catalog.SubjectKind.organisation), ("source-check", .commit),
      ("vulnerability-scan", .image), ("inventory", .image), ("provenance", .image),
      ("test-result", .release), ("static-analysis", .release), ("step", .release),
    ] {
      let catalog = try read(Self.text(checks: "[{id: x, kind: \(kind), fix: f}]"))
      #expect(catalog.controls.first?.checks.first?.subject == subject)
    }
  }

  @Test(
    "an expression that cannot be compiled is told at its place, with a caret",
    arguments: [
      // A field that the kind has not, at its column in the file.
      ("each: evidence.cuont > 0", "c.yaml:11:54: \"each\" cannot be compiled: 1:10: "),
      ("each: evidence.cuont > 0", "did you mean 'count'?"),
      ("each: evidence.cuont > 0", " | evidence.cuont > 0\n |          ^"),
      ("each: 'evidence.cuont > 0'", "c.yaml:11:55: "),
      ("each: evidence.count", "expected \"each\" as bool, found int"),
      ("each: evidence.count >", "\"each\" cannot be compiled: "),
      ("each: pieces.size() > 0", "'pieces'"), ("about: nothing", "'nothing'"),
      ("silent: evidence.count", "expected \"silent\" as bool"),
      ("series: evidence.count", "expected \"series\" as string, found int"),
      ("together: evidence.count > 0", "'evidence'"),
      ("together: 'pieces.all(p, p.cuont > 0)'", "'count'"),
      ("each: [{that: evidence.count > 0}, {that: evidence.cuont > 0}]", "c.yaml:11:90: "),
      ("each: [{that: evidence.count > 0, unmet: 'a {evidence.cuont}'}]", "the message cannot be"),
      ("each: evidence.count > 0, unmet: 'a {evidence.cuont}'", "c.yaml:11:85: "),
      ("met: 'a { b'", "a brace stands alone"), ("met: 'a } b'", "a brace stands alone"),
      ("each: policy.parameters.leat > 0", "'leat'"), ("each: []", "\"each\" is empty"),
      ("unmet: a", "\"unmet\" is said only where \"each\" is"),
      ("each: [{that: 'true'}], unmet: a", "each condition has an \"unmet\" of its own"),
      ("each: [{that: 'true', otherwise: met}]", "\"met\" is not a value of \"otherwise\""),
      ("each: 'true', with: {a: 1}", "\"with\" is not a key of a check"),
    ])
  func expressions(what: String, words: String) {
    expectRefused(Self.text(checks: "[{id: x, kind: inventory, \(what), fix: f}]"), words)
  }

  @Test("a check without a fix, or with an age out of bounds is refused")
  func checks() throws {
    expectRefused(Self.text(checks: "[{id: x, kind: step}]"), "needs \"fix\"")
    for age in ["0", "36501", "1.5", "soon"] {
      expectRefused(
        Self.text(checks: "[{id: x, kind: step, maximum-age-days: \(age), fix: f}]"),
        "an integer from 1 to 36500")
    }
    let aged = "[{id: x, kind: step, maximum-age-days: age, fix: f}]"
    expectRefused(Self.text(checks: aged), "as the name of a parameter")
    expectRefused(Self.text(top: "parameters: {age: 0}\n", checks: aged), "the name of a parameter")
    let catalog = try read(Self.text(top: "parameters: {age: 30}\n", checks: aged))
    #expect(catalog.controls.first?.checks.first?.maximumAge == .parameter("age"))
  }

  @Test("a parameter's name and value are of the forms that expressions know")
  func parameters() {
    expectRefused(Self.text(top: "parameters: {scan-age: 1}\n"), "is no name of a parameter")
    expectRefused(Self.text(top: "parameters: {Age: 1}\n"), "is no name of a parameter")
    expectRefused(Self.text(top: "parameters: {age: 1.5}\n"), "c.yaml:4:19: expected the parameter")
    expectRefused(Self.text(top: "parameters: {age: {a: 1}}\n"), "expected the parameter")
  }

  @Test("what is left out has one meaning")
  func defaults() throws {
    let catalog = try read(Self.text())
    #expect(catalog.controls.first?.isTextChecked == false)
    #expect(!catalog.isProposed && catalog.about == nil && catalog.parameters.isEmpty)
    let control = try #require(catalog.controls.first)
    #expect(control.level == nil && control.owner == nil && control.crossReferences.isEmpty)
    let check = try #require(control.checks.first)
    #expect(check.maximumAge == nil && check.series == nil && check.together.isEmpty)
  }
}
