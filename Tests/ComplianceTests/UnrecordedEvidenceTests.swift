import Compliance
import Model
import Reading
import Testing

/// Evidence that was signed and could not be recorded: it counts for nothing, and nobody passes by it
/// but in an emergency.
@Suite("Evidence that waits in the spool")
struct UnrecordedEvidenceTests {
  private static let waiting = [
    UnrecordedEvidence(kind: .vulnerabilityScan, digest: .sha256([1])),
    UnrecordedEvidence(kind: .testResult, digest: .sha256([2])),
  ]

  private func decide(
    _ fixture: Fixture, waiting: [UnrecordedEvidence] = Self.waiting
  ) throws -> Decision {
    var input = try fixture.input()
    input.unrecorded = waiting
    return try Gate.decide(input)
  }

  @Test("it keeps a gate shut that would be open, is named by digest, and is an input")
  func shut() throws {
    let fixture = try Fixture.approved()
    #expect(try fixture.decide().outcome == .allowed)
    let decision = try decide(fixture)
    #expect(decision.outcome == .refused)
    let digest = Digest.sha256([2])
    let reason = try #require(decision.reasons.first)
    for words in ["2 pieces", "test-result sha256:\(digest.short)", "pratique ledger spool flush"] {
      #expect(reason.contains(words), "\(words): \(reason)")
    }
    #expect(decision.bypasses.first?.kind == .skip)
    #expect(
      decision.inputs.filter { $0.what == .unrecorded }.map(\.digest) == [digest, .sha256([1])])
    #expect(decision.controls.filter(\.isRequired).allSatisfy { $0.state == .met })
    // Asked again by what the decision says, in whatever order, the bytes are the same.
    let again = UnrecordedEvidence.of(decision)
    for order in [again, again.reversed(), again + again] {
      #expect(
        try CanonicalJSON.write(decide(fixture, waiting: order)) == CanonicalJSON.write(decision))
    }
  }

  @Test("break-glass opens it and says first what waited; an observation does not")
  func opens() throws {
    var fixture = try Fixture.lacking { _ in }
    #expect(try fixture.decide().outcome == .allowed)
    let observation = Observation(
      action: .begun, application: "patient-portal", environment: "production",
      until: Fixture.instant("2026-07-01T00:00:00Z"), baseline: [], reason: "we begin",
      person: "ben", role: Fixture.official, time: Fixture.instant("2026-06-01T09:00:00Z"))
    try fixture.say(.observation, observation, by: "ben")
    #expect(try decide(fixture).outcome == .refused)
    try fixture.say(.breakGlass, GlassDraft().value, by: "otto")
    let decision = try decide(fixture)
    #expect(decision.outcome == .allowed)
    #expect(decision.bypasses.prefix(2).map(\.kind) == [.breakGlass, .skip])
    #expect(decision.bypasses[1].sentence.contains("vulnerability-scan sha256:"))
    #expect(decision.reasons.first?.contains("waits in the spool") == true)
    #expect(VerificationSummary(decision, verifier: "urn:x").verificationResult == "FAILED")
    // And where nothing can be judged.
    fixture.pieces.append(Fixture.Piece.tests().with("urn:pratique:totals", as: .string("?")))
    let unjudged = try decide(fixture)
    #expect(unjudged.outcome == .allowed)
    #expect(unjudged.bypasses.contains { $0.sentence.contains("waits in the spool") })
    fixture.remove(.breakGlass)
    #expect(try decide(fixture).outcome == .error)
  }
}
