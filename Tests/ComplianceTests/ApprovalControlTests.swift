import Compliance
import Model
import Testing

/// Controls that ask about approvals, which are bound to the evidence that was shown.
@Suite("Controls about approvals")
struct ApprovalControlTests {
  private func fixture() -> Fixture {
    var fixture = Fixture()
    fixture.catalog = Fixture.catalogText.replacing(
      "  - {id: person,",
      with: """
          - id: said-yes
            citation: F 16
            title: somebody said yes
            scope: release
            automation: evidence
            producer: p
            checks:
              - id: a
                kind: approval
                series: evidence.person
                each: evidence.verdict == "approved"
                fix: approve it
          - {id: person,
        """)
    fixture.policy = Fixture.policyText.replacing("shown: [", with: "shown: [said-yes, ")
    return fixture
  }

  @Test("one approval does not void another, though a control looks at both")
  func bothCount() throws {
    var fixture = fixture()
    #expect(try fixture.result("said-yes")?.state == .missing)
    try fixture.approve("ben", Fixture.official)
    try fixture.approve("cleo", Fixture.clinical)
    let decision = try fixture.decide()
    #expect(decision.outcome == .allowed)
    #expect(decision.rejectedApprovals.isEmpty)
    let result = try #require(decision.controls.first { $0.control == "said-yes" })
    #expect(result.state == .met && result.checks.first?.evidence.count == 2)
    // Whoever approves is not bound to what others said.
    let approvals = Set(result.checks.flatMap(\.evidence).map(\.envelope))
    #expect(approvals.isDisjoint(with: decision.evidenceSet))
  }
}
