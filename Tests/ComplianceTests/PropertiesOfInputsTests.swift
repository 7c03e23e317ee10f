import Compliance
import Model
import Reading
import TestKit
import Testing

/// What a decision names as its inputs, and that nothing but they decide it.
@Suite("Inputs of decisions")
struct InputsTests {
  private func refused(_ index: Int64, _ kind: EvidenceKind = .vulnerabilityScan) -> RefusedEvidence
  {
    RefusedEvidence(index: index, kind: kind, reason: "its key is not trusted")
  }

  private func shuffled(_ input: Gate.Input, _ random: inout Seeded) -> Gate.Input {
    Gate.Input(
      release: input.release, environment: input.environment, bundle: input.bundle,
      evidence: input.evidence.shuffled(using: &random),
      refused: input.refused.shuffled(using: &random), trust: input.trust, live: input.live,
      position: input.position, time: input.time, timeSource: input.timeSource)
  }

  @Test("the same inputs give the same bytes, in whatever order they come")
  func order() throws {
    var random = Seeded(seed: 11)
    var fixture = try Fixture.approved()
    for run in 2..<6 {
      fixture.pieces.append(.scan(tool: "tool-\(run % 2)", run: "run-\(run)"))
      fixture.pieces.append(.tests(failed: run == 3 ? ["x"] : [], run: "run-\(run)"))
      fixture.pieces.append(.step("source", "check", run == 4 ? .skipped : .passed, run: "r\(run)"))
    }
    fixture.refused = [refused(900), refused(901, .approval), refused(902, .step)]
    let input = try fixture.input()
    let wanted = try CanonicalJSON.write(VerificationSummary(Gate.decide(input), verifier: "urn:x"))
    for _ in 0..<50 {
      let found = try Gate.decide(shuffled(input, &random))
      #expect(try CanonicalJSON.write(VerificationSummary(found, verifier: "urn:x")) == wanted)
    }
  }

  @Test("a decision of outcome error has the same bytes in whatever order its inputs come, too")
  func orderOfErrors() throws {
    var random = Seeded(seed: 12)
    let fixture = try Fixture.approved()
    let input = try fixture.input()
    let others = try [Fixture.Piece.tests(), .scan(), .step("a", "b")].map {
      try Fixture.admitted($0, index: 3)
    }
    let double = input.adding(others)
    let wanted = try CanonicalJSON.write(Gate.decide(double))
    #expect(try Gate.decide(double).outcome == .error)
    for _ in 0..<20 {
      #expect(try CanonicalJSON.write(Gate.decide(shuffled(double, &random))) == wanted)
    }
  }

  @Test("every envelope is an input, counted or not, admitted or not, and an input of the summary")
  func everyEnvelope() throws {
    var fixture = try Fixture.approved()
    fixture.pieces.append(.rollout(environment: "lab"))
    fixture.refused = [refused(900), refused(901, .approval)]
    let input = try fixture.input()
    let decision = try Gate.decide(input)
    let entries = decision.inputs.filter { $0.entry != nil }
    #expect(entries.map(\.entry) == (input.evidence.map(\.index) + [900, 901]).map { $0 })
    #expect(
      Set(entries.map(\.digest))
        == Set(input.evidence.map(\.envelope) + fixture.refused.map(\.digest)))
    let summary = VerificationSummary(decision, verifier: "urn:x")
    #expect(summary.inputAttestations.map { $0.digest["sha256"] } == entries.map(\.digest.hex))
    #expect(decision.inputs.first { $0.what == .policy }?.digest == decision.policy.digest)
    #expect(decision.inputs.filter { $0.what == .catalog }.count == 1)
  }

  @Test("whatever is changed, the inputs are others")
  func changes() throws {
    let fixture = try Fixture.approved()
    let known = try fixture.decide().inputs
    let changed: [(inout Fixture) -> Void] = [
      { $0.live = LiveRelease(version: "0.9", commit: nil) },
      { $0.people.append(.init(id: "eve", roles: [])) },
      { $0.pieces.append(.tests(run: "run-2")) },
      { $0.refused = [self.refused(900)] },
      { $0.catalog = $0.catalog.replacing("maximum-age-days: 30", with: "maximum-age-days: 31") },
      { $0.policy = $0.policy.replacing("version: \"1\"", with: "version: \"2\"") },
    ]
    for change in changed {
      var other = fixture
      change(&other)
      #expect(try other.decide().inputs != known)
    }
  }

  @Test("what could not be judged is an answer that refuses, with its inputs and a code of its own")
  func error() throws {
    var fixture = try Fixture.approved()
    fixture.pieces.append(Fixture.Piece.scan().with("totals", as: .string("?")))
    let decision = try fixture.decide()
    #expect(decision.outcome == .error)
    #expect(decision.controls.isEmpty && decision.approvals.isEmpty)
    #expect(decision.inputs.count == 3 + fixture.pieces.count + 1)
    let summary = VerificationSummary(decision, verifier: "urn:x")
    #expect(summary.verificationResult == "FAILED")
    let schema = try SchemaCheck("evidence/decision")
    #expect(try schema.faults(JSONValue(encoding: summary)) == [])
  }
}

/// What was left out is shown, whatever the verdict.
@Suite("Skips are shown")
struct SkipTests {
  private func sentences(_ fixture: Fixture) throws -> [String] {
    try fixture.decide().bypasses.map(\.sentence)
  }

  @Test("a skipped step is shown with its reason and its entry, in a pass too")
  func skipped() throws {
    var fixture = Fixture()
    fixture.pieces.append(
      Fixture.Piece.step("scan", "deep", .skipped).with("reason", as: .string("not a main branch")))
    // Its gate asks for the commit's signature and nothing else.
    fixture.environment = "lab"
    let decision = try fixture.decide()
    #expect(decision.outcome == .allowed)
    let skip = try #require(decision.bypasses.first)
    #expect(skip.kind == .skip)
    #expect(skip.sentence == "the step scan/deep was skipped: not a main branch")
    #expect(skip.evidence?.index == 11)
  }

  @Test("a step that was skipped and then ran is no skip any more")
  func ranLater() throws {
    var fixture = Fixture()
    fixture.pieces.append(.step("scan", "deep", .skipped))
    fixture.pieces.append(.step("scan", "deep", run: "run-2"))
    #expect(try !sentences(fixture).contains { $0.contains("skipped") })
  }

  @Test("tests that did not run are counted")
  func tests() throws {
    var fixture = Fixture()
    fixture.replace(.tests(skipped: 3))
    #expect(
      try sentences(fixture).contains("3 tests of the suite \"security\" did not run"))
  }

  @Test("steps that could have read the key are named, those of other releases are not")
  func isolation() throws {
    var fixture = Fixture()
    func open(_ piece: Fixture.Piece) -> Fixture.Piece {
      piece.with("isolation", as: .string("not isolated"))
    }
    var other = open(.step("other", "step"))
    other.subjects = [Fixture.otherImage]
    fixture.pieces += [other, open(.step("source", "check")), open(.step("late", "one"))]
    let words = try sentences(fixture).joined()
    #expect(words.contains("2 steps were not isolated from the signing key"))
    #expect(words.contains("source/check #12, late/one #13"))
    #expect(try sentences(Fixture()).isEmpty)
  }

  @Test("a scan that rests on an example feed is shown as an override")
  func exampleFeed() throws {
    var fixture = Fixture()
    fixture.policy = fixture.policy.replacing(
      "accept-example-feeds: false", with: "accept-example-feeds: true")
    let feed = ReportSource.Feed(
      name: "db", digest: .sha256([]), updatedAt: Fixture.instant("2026-05-20T00:00:00Z"),
      isExample: true)
    fixture.replace(.scan(feed: feed))
    #expect(try fixture.decide().bypasses.contains { $0.kind == .override })
  }
}

extension RefusedEvidence {
  /// An entry that was not admitted, with some envelope.
  init(index: Int64, kind: EvidenceKind, reason: String) {
    self.init(
      index: index, kind: kind, reason: reason, digest: .sha256(Array("refused \(index)".utf8)))
  }
}
