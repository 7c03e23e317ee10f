import Compliance
import Model
import Reading
import Testing

@Suite("Decisions")
struct DecisionTests {
  /// A fixture with failures, repeats, rejected approvals and refused evidence.
  private static func rich() throws -> Fixture {
    var fixture = try Fixture.approved()
    fixture.pieces += [
      .tests(failed: ["suite.x"]), .scan(tool: "grype"), .step("image", "scan", .failed),
      .step("image", "scan"),
    ]
    fixture.pieces.append(Fixture.goodPieces[2])
    try fixture.approve("ben", Fixture.official, at: "2026-06-01T10:00:00Z")
    try fixture.approve("cleo", Fixture.clinical, at: "2026-06-01T10:00:00Z") {
      $0.verdict = .rejected
    }
    fixture.pieces.append(fixture.pieces[fixture.pieces.count - 2])
    fixture.refused = (0..<5).map { .init(index: 30 + $0, kind: .step, reason: "r\($0)") }
    return fixture
  }

  @Test("shuffled evidence gives the same decision, byte by byte")
  func deterministic() throws {
    let input = try Self.rich().input()
    let expected = try CanonicalJSON.write(Gate.decide(input))
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<50 {
      let shuffled = Gate.Input(
        release: input.release, environment: input.environment, bundle: input.bundle,
        evidence: input.evidence.shuffled(using: &generator),
        refused: input.refused.shuffled(using: &generator), trust: input.trust, live: nil,
        position: input.position, time: input.time, timeSource: input.timeSource)
      #expect(try CanonicalJSON.write(Gate.decide(shuffled)) == expected)
    }
  }

  @Test("a decision names what it was asked, and reads back as it was written")
  func complete() throws {
    let fixture = try Self.rich()
    let decision = try fixture.decide()
    let input = try fixture.input()
    #expect(decision.ledger == input.position)
    #expect(decision.time == input.time && decision.timeSource == "given time")
    #expect(decision.release == input.release && decision.environment == "production")
    #expect(try decision.policy == input.bundle.reference())
    let read: Decision = try JSONReader.read(CanonicalJSON.write(decision)).decode()
    #expect(read == decision)
    #expect(decision.evidenceSet == decision.evidenceSet.sorted())
    #expect(Set(decision.evidenceSet).count == decision.evidenceSet.count)
  }

  @Test("what approvals bind is all evidence that the gate asks for, and no approval")
  func evidenceSet() throws {
    let fixture = try Fixture.approved()
    let decision = try fixture.decide()
    let asked = try fixture.evidence().filter { $0.kind != .approval }.map(\.envelope)
    #expect(Set(decision.evidenceSet) == Set(asked))
  }

  @Test("a verification summary passes only what is allowed, and names all that was taken")
  func summary() throws {
    let allowed = try Fixture.approved().decide()
    let summary = VerificationSummary(allowed, verifier: "urn:pratique:gate")
    #expect(summary.verificationResult == "PASSED" && summary.verifiedLevels.isEmpty)
    #expect(summary.timeVerified == allowed.time)
    #expect(summary.resourceUri == "urn:pratique:patient-portal:production")
    #expect(summary.policy.digest == ["sha256": allowed.policy.digest.hex])
    let approvals = allowed.approvals.flatMap(\.counted).map(\.envelope)
    let named = Set(summary.inputAttestations.compactMap { $0.digest["sha256"] })
    #expect(named.isSuperset(of: (allowed.evidenceSet + approvals).map(\.hex)))
    #expect(summary.decision == allowed)

    let waiting = VerificationSummary(try Fixture().decide(), verifier: "v")
    #expect(waiting.verificationResult == "FAILED" && waiting.verifiedLevels == ["FAILED"])
    let rejected = try Self.rich().decide()
    let refused = VerificationSummary(rejected, verifier: "v")
    #expect(refused.verificationResult == "FAILED")
    for approval in rejected.rejectedApprovals {
      #expect(
        refused.inputAttestations.contains { $0.digest["sha256"] == approval.approval.envelope.hex }
      )
    }
  }

  @Test("controls stand in the order of the catalog, and only those that the policy names")
  func order() throws {
    let decision = try Fixture().decide()
    #expect(
      decision.controls.map(\.control) == [
        "signed", "built", "tested", "scanned", "secrets", "listed", "official", "pinned", "steps",
        "staged", "there", "judged", "person", "nothing", "provider",
      ])
    #expect(decision.controls.map(\.isRequired) == (0..<15).map { $0 < 10 })
    var lab = Fixture()
    lab.environment = "lab"
    #expect(try lab.decide().controls.map(\.control) == ["signed"])
  }

  @Test("a control is as good as the worst of its checks")
  func worstCheck() throws {
    var fixture = Fixture()
    #expect(try fixture.result("there")?.state == .met)
    fixture.remove(.provenance)
    #expect(try fixture.result("there")?.state == .missing)
    #expect(try fixture.result("there")?.checks.map(\.state) == [.met, .missing])
    // A control that a person must judge is not met by evidence, but can fail by it.
    #expect(try fixture.result("judged")?.state == .needsPerson)
    fixture.remove(.inventory)
    #expect(try fixture.result("judged")?.state == .missing)
    // Shown, not required: it stands in nobody's way.
    #expect(try fixture.result("judged")?.isRequired == false)
    #expect(try !fixture.decide().reasons.contains { $0.contains("F 12") })
  }

  @Test("stale, missing and failed checks of one control: the worst of them stands")
  func ranks() throws {
    var fixture = Fixture()
    func check(_ id: String, _ suite: String) -> String {
      """
            - id: \(id)
              kind: test-result
              maximum-age-days: 30
              about: evidence.suite == "\(suite)"
              each: evidence.failedTests == []
              fix: f

      """
    }
    fixture.catalog = Fixture.catalogText.replacing(
      """
            - id: a
              kind: inventory
              fix: make it
            - id: b
              kind: provenance
              fix: make it

      """, with: check("a", "old") + check("b", "gone") + check("c", "bad"))
    fixture.pieces.append(Fixture.Piece.tests(suite: "old").at("2026-01-01T00:00:00Z"))
    fixture.pieces.append(.tests(suite: "gone"))
    fixture.pieces.append(.tests(suite: "bad"))
    #expect(try fixture.result("there")?.state == .stale)
    fixture.pieces.remove(at: fixture.pieces.count - 2)
    #expect(try fixture.result("there")?.state == .missing)
    fixture.pieces.append(.tests(suite: "bad", failed: ["x"]))
    #expect(try fixture.result("there")?.state == .notMet)
  }
}
