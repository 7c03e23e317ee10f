import Compliance
import Model
import Reading
import Testing

/// What voids an approval in flight, and what does not.
@Suite("The evidence that approvals are bound to")
struct BoundEvidenceTests {
  /// An approved release in whose environment a risk analysis, and a code analysis, are asked.
  private static func fixture(required: String, shown: String) throws -> Fixture {
    var fixture = Fixture()
    fixture.catalog += """
        - id: analysed
          citation: F 20
          title: a risk analysis
          scope: organisation
          automation: person
          producer: people
          text-checked: true
          checks:
            - {id: a, kind: person-statement, about: 'evidence.topic == "risk-analysis"', fix: state it}
        - id: read
          citation: F 21
          title: code analysis
          scope: release
          automation: evidence
          producer: tools
          text-checked: true
          checks:
            - {id: a, kind: static-analysis, about: 'evidence.scope == "code"', fix: run it}

      """
    fixture.policy = Fixture.policyText
      .replacing("required: [signed, built", with: "required: [signed, built\(required)")
      .replacing("shown: [there", with: "shown: [there\(shown)")
    try fixture.state("first")
    fixture.pieces.append(.secrets(scope: "code"))
    try fixture.approve("ben", Fixture.official)
    try fixture.approve("cleo", Fixture.clinical)
    return fixture
  }

  @Test("a new statement on a topic that is only shown voids nothing, and is shown")
  func shownStatement() throws {
    var fixture = try Self.fixture(required: ", read", shown: ", analysed")
    #expect(try fixture.decide().outcome == .allowed)
    try fixture.state("second")
    let decision = try fixture.decide()
    #expect(decision.outcome == .allowed)
    #expect(
      decision.controls.first { $0.control == "analysed" }?.checks[0].evidence.map(\.index)
        == [fixture.last])
  }

  @Test("a new statement on a topic that is required voids approvals")
  func requiredStatement() throws {
    var fixture = try Self.fixture(required: ", analysed", shown: ", read")
    #expect(try fixture.decide().outcome == .allowed)
    try fixture.state("second")
    let decision = try fixture.decide()
    #expect(decision.outcome == .waiting)
    #expect(decision.rejectedApprovals.first?.reason.contains("evidence has changed") == true)
  }

  @Test("what is new about the release itself voids them, though it is only shown")
  func shownFinding() throws {
    var fixture = try Self.fixture(required: "", shown: ", read, analysed")
    #expect(try fixture.decide().outcome == .allowed)
    fixture.pieces.append(.secrets([RuleTests.high], scope: "code"))
    #expect(try fixture.decide().outcome == .waiting)
  }
}

extension Fixture {
  fileprivate mutating func state(_ text: String) throws {
    let time = Self.instant("2026-05-01T00:00:00Z")
    let statement = PersonStatement(
      topic: "risk-analysis", text: text, application: nil, documents: [], facts: [:],
      person: "ben", role: Self.official, time: time,
      expires: Self.instant("2027-01-01T00:00:00Z"))
    pieces.append(
      Piece(
        kind: .personStatement, subjects: [.organisation("example-hospital")],
        predicate: try JSONValue(encoding: statement), signer: "ben", time: time))
  }
}
