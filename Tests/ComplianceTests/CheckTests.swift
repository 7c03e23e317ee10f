import Compliance
import Model
import Reading
import Testing

@Suite("What a check says")
struct CheckTests {
  /// The fixture with one more control, which the laboratory asks.
  private static func fixture(
    _ check: String, automation: String = "evidence", shown: Bool = false
  ) -> Fixture {
    var fixture = Fixture()
    fixture.environment = "lab"
    fixture.policy = Fixture.policyText.replacing(
      "required: [signed]\n",
      with: shown ? "required: [signed]\n    shown: [own]\n" : "required: [own]\n")
    fixture.catalog += """
        - id: own
          citation: c
          title: t
          scope: release
          automation: \(automation)
          producer: p
          owner: developer
          text-checked: true
          checks:

      """
    for line in check.split(separator: "\n", omittingEmptySubsequences: false) {
      fixture.catalog += "      \(line)\n"
    }
    return fixture
  }

  private static let statement = """
    - id: a
      kind: person-statement
      about: evidence.topic == "risk-analysis"
      fix: state it
    """

  private static func said(
    _ person: String = "ben", role: Role = Fixture.official, signer: String? = nil,
    subject: Subject = .organisation("example-hospital"), topic: String = "risk-analysis",
    expires: String = "2027-01-01T00:00:00Z", application: String? = nil
  ) throws -> Fixture.Piece {
    let time = Fixture.instant("2026-05-01T00:00:00Z")
    let statement = PersonStatement(
      topic: topic, text: "done", application: application, documents: [], facts: [:],
      person: person, role: role, time: time, expires: Fixture.instant(expires))
    return Fixture.Piece(
      kind: .personStatement, subjects: [subject],
      predicate: try JSONValue(encoding: statement), signer: signer ?? person, time: time)
  }

  @Test("what was false is told with the values that it looked at")
  func trace() throws {
    var fixture = Fixture()
    fixture.replace(.tests(failed: ["suite.x"]))
    let check = try #require(try fixture.check("tested"))
    #expect(
      check.because == ["evidence.result == \"PASSED\" is false: evidence.result is 'FAILED'"])
    fixture.replace(.tests(passed: ["suite.test_no_token"]))
    #expect(
      try fixture.check("tested")?.because.first
        == "sum(pieces.map(p, p.totals.passed)) >= policy.parameters.minimum is false:"
        + " sum(pieces.map(p, p.totals.passed)) is 1, policy.parameters.minimum is 2")
    // What is met needs no reason, and an earlier failure costs none.
    fixture.pieces.append(.tests())
    #expect(try fixture.check("tested")?.because == [])
  }

  @Test("without a message the false part itself is told, innermost and with its values")
  func noMessage() throws {
    let fixture = Self.fixture(
      """
      - id: a
        kind: inventory
        each: evidence.count >= 1 && (evidence.count > 5 || evidence.withoutVersion > 0)
        fix: f
      """)
    let check = try #require(try fixture.check("own"))
    #expect(check.state == .notMet)
    #expect(check.reason == "evidence.count > 5 is false: evidence.count is 2")
    #expect(
      check.because == [
        "evidence.count > 5 is false: evidence.count is 2",
        "evidence.withoutVersion > 0 is false: evidence.withoutVersion is 0",
      ])
    #expect(try fixture.result("own")?.owner?.rawValue == "developer")
  }

  @Test("a message that cannot be filled in decides nothing")
  func absent() throws {
    let fixture = Self.fixture(
      """
      - id: a
        kind: source-check
        each: evidence.signer == "eve"
        unmet: 'key {evidence.key} of {evidence.signer}, {[1, 2, 3, 4, 5, 6, 7]}, {{"a": 1}}'
        fix: f
      """)
    let check = try #require(try fixture.check("own"))
    #expect(check.reason == "key (not stated) of ada, 1, 2, 3, 4, 5 and 2 more, a: 1")
  }

  @Test(
    "an expression that has no value is a decision of outcome error, for whatever part it is",
    arguments: [
      "each: 'timestamp(evidence.source.tool) < time'", "about: 'evidence.componentsScanned > 0'",
      "series: '\"a\".substring(9)'", "silent: 'int(evidence.source.tool) == 1'",
      "together: 'pieces[1].count > 0'",
    ])
  func undefined(part: String) throws {
    let kind = part.contains("componentsScanned") ? "static-analysis" : "inventory"
    let fixture = Self.fixture("- {id: a, kind: \(kind), \(part), fix: f}")
    var twice = fixture
    // Silence is asked only where a series has another.
    if part.hasPrefix("silent") { twice.pieces.append(.inventory(versions: ["3"])) }
    let decision = try twice.decide()
    #expect(decision.outcome == .error)
    #expect(decision.reasons.first?.contains("of the check \"a\" has no value") == true)
    #expect(decision.controls.isEmpty)
  }

  @Test("a check on two kinds takes both, each by its own fields")
  func kinds() throws {
    var fixture = Self.fixture(
      """
      - id: a
        kinds: [vulnerability-scan, static-analysis]
        subject: release
        series: '[entry.kind, evidence.scope]'
        each: findings(evidence, "low") == 0
        fix: f
      """)
    #expect(
      try fixture.check("own")?.evidence.map(\.kind) == [.vulnerabilityScan, .staticAnalysis])
    fixture.replace(.secrets([RuleTests.high]))
    #expect(try fixture.check("own")?.state == .notMet)
  }

  @Test(
    "a person's statement counts while it lasts, signed by that person in a role that they hold")
  func statements() throws {
    let base = Self.fixture(Self.statement, automation: "person")
    func state(_ piece: Fixture.Piece) throws -> (ControlState?, String) {
      var fixture = base
      fixture.pieces.append(piece)
      let check = try fixture.check("own")
      return (check?.state, check?.reason ?? "")
    }
    #expect(try base.result("own")?.state == .missing)
    #expect(try state(Self.said()).0 == .met)
    #expect(try state(Self.said(topic: "training")).0 == .missing)
    #expect(try state(Self.said(expires: "2026-06-01T12:00:00Z")).0 == .stale)
    #expect(try state(Self.said(expires: "2026-06-01T12:00:00.001Z")).0 == .met)
    #expect(try state(Self.said(signer: "eve")).1 == "it names ben, but eve signed it")
    #expect(try state(Self.said("pipeline-1")).1.contains("was no person of the trust root"))
    #expect(
      try state(Self.said(role: Fixture.clinical)).1.contains("did not hold the role") == true)
    // Of another application or organisation it says nothing of this one.
    #expect(
      try state(
        Self.said(subject: .application("patient-portal"), application: "patient-portal")
      ).0 == .met)
    #expect(
      try state(Self.said(subject: .application("laboratory"), application: "laboratory")).0
        == .missing)
    #expect(try state(Self.said(subject: .organisation("example-clinic"))).0 == .missing)
  }

  @Test("evidence and a person: without that person's statement it needs one, never more")
  func evidenceAndPerson() throws {
    let checks = Self.statement + "\n- {id: b, kind: inventory, each: evidence.count > 1, fix: f}"
    var fixture = Self.fixture(checks, automation: "evidence-and-person")
    #expect(try fixture.result("own")?.state == .needsPerson)
    #expect(try fixture.decide().outcome == .refused)
    fixture.pieces.append(try Self.said())
    #expect(try fixture.result("own")?.state == .met)
    #expect(try fixture.decide().outcome == .allowed)
    fixture.replace(.inventory(versions: ["1"]))
    #expect(try fixture.result("own")?.state == .notMet)
    fixture.pieces.removeLast()
    #expect(try fixture.result("own")?.state == .notMet)
    fixture.remove(.inventory)
    #expect(try fixture.result("own")?.state == .missing)
  }
}

@Suite("What a policy tunes and selects")
struct SelectionTests {
  private func expectRefused(
    _ words: String, _ fixture: Fixture, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let problem = #expect(throws: Problem.self, sourceLocation: sourceLocation) {
      try fixture.bundle()
    }
    let text = problem?.description ?? ""
    #expect(text.contains(words), "\(text)", sourceLocation: sourceLocation)
  }

  private func fixture(parameters: String) -> Fixture {
    var fixture = Fixture()
    fixture.policy = Fixture.policyText.replacing(
      "environments:", with: "parameters: \(parameters)\nenvironments:")
    return fixture
  }

  @Test("a parameter that the policy sets takes the catalog's place, and changes the digest")
  func parameters() throws {
    let fixture = fixture(parameters: "{minimum: 3}")
    #expect(
      try fixture.check("listed")?.reason == "it names 2 components, 3 are asked for")
    #expect(try fixture.bundle().reference().digest != Fixture().bundle().reference().digest)
    #expect(
      try self.fixture(parameters: "{named: []}").check("tested")?.state == .met)
    expectRefused(
      "sets the parameter \"minimun\", which no catalog has\n  Did you mean \"minimum\"?",
      self.fixture(parameters: "{minimun: 3}"))
    expectRefused(
      "to a value of type string, and the catalog asks for int",
      self.fixture(parameters: "{minimum: many}"))
  }

  @Test("two catalogs with one parameter: the policy must say which value counts")
  func twoValues() throws {
    let other = Fixture.catalogText.replacing("minimum: 2", with: "minimum: 4")
      .replacing("- id: ", with: "- id: other.").replacing("- {id: ", with: "- {id: other.")
      .replacing("- id: other.a\n", with: "- id: a\n").replacing(
        "- id: other.b\n", with: "- id: b\n")
    for (text, isFitting) in [
      (Fixture.policyText, false), (fixture(parameters: "{minimum: 3}").policy, true),
    ] {
      let policy = try Policy.read(Array(text.utf8), file: "p").0
      let catalogs = try [Fixture.catalogText, other].map {
        try Catalog.read(Array($0.utf8), file: "c")
      }
      if isFitting {
        #expect(try PolicyBundle(policy: policy, catalogs: catalogs).parameters.count == 2)
      } else {
        #expect(throws: Problem(.badInput, "")) {
          try PolicyBundle(policy: policy, catalogs: catalogs)
        }
      }
    }
  }

  @Test("patterns select controls; one that selects nothing is refused")
  func patterns() throws {
    var fixture = Fixture()
    fixture.environment = "lab"
    fixture.catalog = Fixture.catalogText.replacing("- id: signed", with: "- id: f.signed")
      .replacing("- id: built", with: "- id: f.built")
    func policy(_ required: String, _ shown: String = "[]") -> String {
      Fixture.policyText.replacing("signed, built, tested", with: "f.signed, tested")
        .replacing("required: [signed]", with: "required: \(required)\n    shown: \(shown)")
    }
    fixture.policy = policy("[f.*]")
    #expect(try fixture.decide().controls.map(\.control) == ["f.signed", "f.built"])
    fixture.policy = policy("[f.signed]", "all")
    let controls = try fixture.decide().controls
    #expect(controls.count == 15)
    #expect(controls.filter(\.isRequired).map(\.control) == ["f.signed"])
    fixture.policy = policy("[g.*]")
    expectRefused("names the control \"g.*\", which no catalog has", fixture)
    fixture.policy = policy("all")
    expectRefused("which no check can decide", fixture)
    fixture.policy = policy("[f.signed]", "[f.signed]")
    expectRefused("names a control twice", fixture)
  }
}
