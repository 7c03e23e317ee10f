import Compliance
import Model
import Reading
import TestKit
import Testing

/// Standing statements that cannot be read: they give nothing, take back what they may have taken
/// back, are shown first, and stop nothing that does not hang on them.
@Suite("Standing statements that cannot be read")
struct UnreadStatementTests {
  private static let catalog = """
      - id: analysed
        citation: F 20
        title: a risk analysis
        scope: organisation
        automation: person
        producer: people
        text-checked: true
        checks:
          - {id: a, kind: person-statement, about: 'evidence.topic == "risk-analysis"', fix: state it}

    """

  /// A release that also needs a person's statement.
  private static func fixture(shown: Bool = false) throws -> Fixture {
    var fixture = try Fixture.lacking { _ in }
    fixture.catalog += catalog
    fixture.policy = fixture.policy.replacing(
      shown ? "shown: [there" : "required: [signed, built",
      with: shown ? "shown: [analysed, there" : "required: [analysed, signed, built")
    fixture.remove(.approval)
    try fixture.state()
    try fixture.approve("ben", Fixture.official)
    try fixture.approve("cleo", Fixture.clinical)
    return fixture
  }

  @Test("it fails what may hang on it, is shown first, and is cured by a word that comes after it")
  func cured() throws {
    var fixture = try Self.fixture()
    #expect(try fixture.decide().outcome == .allowed)
    try fixture.state { $0["expires"] = .string("soon") }
    let shut = try fixture.decide()
    #expect(shut.outcome == .refused)
    let first = try #require(shut.reasons.first)
    for words in ["entry \(fixture.last) of kind", "cannot be read", "\"expires\"", "said again"] {
      #expect(first.contains(words), "\(words): \(first)")
    }
    #expect(shut.refused.map(\.index) == [fixture.last] && shut.refused[0].isBlocking)
    let control = try #require(try fixture.result("analysed"))
    #expect(control.state == .notMet && control.checks[0].reason.contains("may say otherwise"))
    #expect(control.checks[0].fix == "state it")
    // Nothing else is touched, and nothing is an error.
    #expect(
      shut.controls.filter { $0.isRequired && $0.control != "analysed" }
        .allSatisfy { $0.state == .met })
    let unread = fixture.last
    try fixture.state { $0["text"] = .string("done again") }
    let cured = try fixture.decide()
    #expect(try fixture.result("analysed")?.state == .met)
    #expect(cured.outcome == .waiting)
    #expect(cured.refused.map(\.isBlocking) == [false])
    #expect(cured.refused.map(\.supersededBy) == [fixture.last])
    #expect(
      try fixture.check("analysed")?.earlierFailures.map(\.index) == [unread])
    // Recorded again, it still stands where it first stood.
    var again = fixture.pieces[Int(unread) - 1]
    again.wrapping = "again"
    fixture.pieces.append(again)
    #expect(try fixture.result("analysed")?.state == .met)
  }

  @Test("where its topic can be read, and is another, it touches no control; where not, it does")
  func topics() throws {
    for (topic, state) in [
      (JSONValue.string("fire-drill"), ControlState.met), (.integer(7), .notMet),
      (.string("risk-analysis"), .notMet),
    ] {
      var fixture = try Self.fixture()
      try fixture.state {
        $0["topic"] = topic
        $0["expires"] = .string("soon")
      }
      #expect(try fixture.result("analysed")?.state == state, "\(topic)")
      #expect(try fixture.decide().refused.map(\.isBlocking) == [state != .met], "\(topic)")
    }
  }

  @Test("a failing statement is not hidden by one that cannot be read, before or after it")
  func hides() throws {
    var fixture = try Self.fixture()
    try fixture.state { $0["role"] = .string("on-call") }
    let failing = fixture.last
    try fixture.state { $0["expires"] = .string("soon") }
    let check = try #require(try fixture.check("analysed"))
    #expect(check.state == .notMet && check.reason.contains("did not hold the role"))
    #expect(check.evidence.map(\.index) == [failing, fixture.last])
    try fixture.state { $0["text"] = .string("done again") }
    let mended = try #require(try fixture.check("analysed"))
    #expect(mended.state == .met)
    #expect(mended.earlierFailures.map(\.index) == [failing, failing + 1])
  }

  @Test("what is only shown keeps nothing shut")
  func shown() throws {
    var fixture = try Self.fixture(shown: true)
    try fixture.state { $0["expires"] = .string("soon") }
    #expect(try fixture.decide().outcome == .allowed)
    #expect(try fixture.result("analysed")?.state == .notMet)
    #expect(try fixture.decide().refused.map(\.isBlocking) == [false])
  }

  @Test("of no kind does one stop every decision, nor a break-glass")
  func kinds() throws {
    for kind in EvidenceKind.standing.subtracting([.trustRoot]).sorted() {
      for predicate in [JSONValue.object([:]), .null, .object(["topic": .string("x")])] {
        var fixture = try Fixture.lacking { _ in }
        fixture.pieces.append(
          Fixture.Piece(
            kind: kind, subjects: [.application("patient-portal")], predicate: predicate,
            signer: "ben"))
        let decision = try fixture.decide()
        #expect(decision.outcome == .allowed, "\(kind): \(decision.reasons)")
        #expect(decision.refused.map(\.kind) == [kind])
        fixture.remove(.testResult)
        #expect(try fixture.decide().outcome == .refused)
        try fixture.say(.breakGlass, GlassDraft().value, by: "otto")
        #expect(try fixture.decide().outcome == .allowed)
      }
    }
  }

  @Test("one that may withdraw a waiver ends it, by its name; granted again it counts")
  func waivers() throws {
    var fixture = try Fixture.lacking()
    try fixture.say(.waiver, WaiverDraft().value, by: "ben")
    #expect(try fixture.result("tested")?.state == .excepted)
    // Another name, or words that can only grant, take nothing back; nor do they give anything.
    try fixture.spoil(.waiver, WaiverDraft().value, "time") { $0["waiver"] = .string("w-2") }
    try fixture.spoil(.waiver, WaiverDraft().value, "time")
    try fixture.spoil(.waiver, WaiverDraft(control: "scanned").value, "expires")
    #expect(try fixture.result("tested")?.state == .excepted)
    try fixture.spoil(.waiver, WaiverDraft().value, "time") { $0["action"] = .string("withdrawn") }
    #expect(try fixture.result("tested")?.state == .missing)
    #expect(try fixture.decide().reasons.contains { $0.contains("may have withdrawn it") })
    try fixture.say(.waiver, WaiverDraft(reason: "still burnt").value, by: "ben")
    #expect(try fixture.result("tested")?.state == .excepted)
    // For another environment it is not.
    try fixture.spoil(.waiver, WaiverDraft(environment: "lab").value, "time") { $0["action"] = nil }
    #expect(try fixture.result("tested")?.state == .excepted)
    try fixture.spoil(.waiver, WaiverDraft().value, "waiver") { $0["action"] = nil }
    #expect(try fixture.result("tested")?.state == .missing)
  }

  @Test("one that may say that a control applies after all says it")
  func scope() throws {
    let statement = ScopeStatement(
      verdict: .outOfScope, controls: ["tested"], application: "patient-portal", reason: "no tests",
      expires: Fixture.instant("2026-09-01T00:00:00Z"), person: "ben", role: Fixture.official,
      time: Fixture.instant("2026-06-01T09:00:00Z"))
    var fixture = try Fixture.lacking()
    try fixture.say(.scopeStatement, statement, by: "ben")
    #expect(try fixture.result("tested")?.state == .outOfScope)
    try fixture.spoil(.scopeStatement, statement, "verdict") {
      $0["controls"] = .array([.string("scanned")])
    }
    #expect(try fixture.result("tested")?.state == .outOfScope)
    try fixture.spoil(.scopeStatement, statement, "verdict")
    #expect(try fixture.result("tested")?.state == .missing)
  }

  @Test("one that may end an observation ends it")
  func observation() throws {
    let observation = Observation(
      action: .begun, application: "patient-portal", environment: "production",
      until: Fixture.instant("2026-07-01T00:00:00Z"), baseline: [], reason: "we begin",
      person: "ben", role: Fixture.official, time: Fixture.instant("2026-06-01T09:00:00Z"))
    var fixture = try Fixture.lacking()
    try fixture.say(.observation, observation, by: "ben")
    #expect(try fixture.decide().outcome == .allowed)
    try fixture.spoil(.observation, observation, "action")
    let decision = try fixture.decide()
    #expect(decision.outcome == .refused)
    #expect(decision.reasons.contains { $0.contains("may have ended it") })
  }

  @Test(
    "one that may review an emergency ends what it opened, settles nothing, and can be outlived")
  func review() throws {
    var fixture = try Fixture.lacking()
    try fixture.say(.breakGlass, GlassDraft().value, by: "otto")
    #expect(try fixture.decide().outcome == .allowed)
    let review = ReviewDraft(acts: [try fixture.envelope(fixture.last)]).value
    try fixture.spoil(.breakGlassReview, review, "time") { $0["incident"] = .string("other-1") }
    #expect(try fixture.decide().outcome == .allowed)
    try fixture.spoil(.breakGlassReview, review, "time")
    let shut = try fixture.decide()
    #expect(shut.outcome == .refused)
    #expect(shut.reasons.contains { $0.contains("break the glass again") })
    var later = fixture
    later.time = Fixture.instant("2026-06-05T12:00:00Z")
    #expect(try later.decide().reasons.contains { $0.contains("is overdue") })
    try fixture.say(.breakGlass, GlassDraft(reason: "still wrong").value, by: "otto")
    #expect(try fixture.decide().outcome == .allowed)
  }

  @Test("nothing is better for one that cannot be read", arguments: 1...20)
  func worse(_ seed: UInt64) throws {
    var random = Seeded(seed: seed)
    var fixture = try Self.fixture()
    if seed % 2 == 0 { fixture.remove(.testResult) }
    if seed % 3 == 0 { try fixture.say(.waiver, WaiverDraft().value, by: "ben") }
    if seed % 5 == 0 { fixture.remove(.personStatement) }
    let before = try fixture.decide()
    let fields = ["topic", "expires", "person", "role", "time", "action", "waiver", "control"]
    let kinds = EvidenceKind.standing.subtracting([.trustRoot]).sorted()
    for _ in 0..<3 {
      let kind = kinds.randomElement(using: &random) ?? .waiver
      try fixture.spoil(
        kind, WaiverDraft().value, fields.randomElement(using: &random) ?? "time",
        of: Bool.random(using: &random)
          ? .application("patient-portal") : .organisation("example-hospital"))
    }
    let after = try fixture.decide()
    for (old, new) in zip(before.controls, after.controls) {
      #expect(old.state.isSatisfying || !new.state.isSatisfying, "\(new.control)")
    }
    #expect(before.outcome == .allowed || after.outcome != .allowed)
    #expect(after.outcome != .error)
  }
}

extension Fixture {
  /// Records that a risk analysis was made, or something like it.
  fileprivate mutating func state(_ change: (inout JSONObject) -> Void = { _ in }) throws {
    let statement = PersonStatement(
      topic: "risk-analysis", text: "done", application: nil, documents: [], facts: [:],
      person: "ben", role: Self.official, time: Self.instant("2026-05-01T00:00:00Z"),
      expires: Self.instant("2027-01-01T00:00:00Z"))
    guard case .object(var object) = try JSONValue(encoding: statement) else { return }
    change(&object)
    pieces.append(
      Piece(
        kind: .personStatement, subjects: [.organisation("example-hospital")],
        predicate: .object(object), signer: "ben", time: Self.instant("2026-05-01T00:00:00Z")))
  }

  /// Records a statement of which one field cannot be read, and others are changed.
  fileprivate mutating func spoil(
    _ kind: EvidenceKind, _ predicate: some Encodable, _ field: String,
    of subject: Subject = .application("patient-portal"),
    _ change: (inout JSONObject) -> Void = { _ in }
  ) throws {
    guard case .object(var object) = try JSONValue(encoding: predicate) else { return }
    object[field] = .integer(7)
    change(&object)
    pieces.append(
      Piece(
        kind: kind, subjects: [subject], predicate: .object(object), signer: "ben",
        wrapping: "\(pieces.count)"))
  }
}
