import Model
import Reading
import TestKit
import Testing

@testable import Compliance

/// A fixture with controls that people's statements answer, and what may be done about what lacks.
struct WayFixture {
  static let statements = """
      - {id: st1, citation: F 21, title: analysed, scope: organisation, automation: person, producer: p, text-checked: true, owner: security-official, checks: [{id: a, kind: person-statement, subject: application, about: 'evidence.topic == "risk-analysis"', each: 'evidence.role == "security-official"', fix: analyse it, examples: {good: [], bad: []}}]}
      - {id: st2, citation: F 22, title: analysed too, scope: organisation, automation: person, producer: p, text-checked: true, checks: [{id: a, kind: person-statement, subject: application, about: 'evidence.topic == "risk-analysis"', each: 'evidence.text != ""', fix: analyse it, examples: {good: [], bad: []}}]}
      - {id: st3, citation: F 23, title: either, scope: organisation, automation: person, producer: p, text-checked: true, checks: [{id: a, kind: person-statement, subject: application, about: 'evidence.topic in ["training", "policy"]', each: 'evidence.text != ""', fix: train them, examples: {good: [], bad: []}}]}
      - {id: st4, citation: F 24, title: policy, scope: organisation, automation: person, producer: p, text-checked: true, checks: [{id: a, kind: person-statement, subject: application, about: 'evidence.topic == "policy"', each: 'evidence.text != ""', fix: write it, examples: {good: [], bad: []}}]}

    """

  /// Something that may be done.
  enum Act: Hashable {
    case mend(String)
    case trust
    case state(String)
    case run
  }

  static let kinds: [EvidenceKind] = [
    .sourceCheck, .testResult, .provenance, .inventory, .vulnerabilityScan, .staticAnalysis,
    .rollout, .release,
  ]
  /// What may be wrong, by the fix that the catalog names.
  static let bad: [(fix: String, piece: Fixture.Piece)] = [
    ("sign it", .source(isSigned: false)), ("test it", .tests(failed: ["suite.test_x"])),
    ("mend it", .scan([Finding(rule: "CVE-1", severity: .critical, title: "t")])),
  ]

  var fixture = Fixture()
  var wrong: Set<String> = []

  /// A release that lacks some of what is asked.
  init(_ random: inout Seeded) {
    fixture.catalog += Self.statements
    fixture.policy = fixture.policy.replacing(
      "required: [signed, built", with: "required: [st1, st2, st3, st4, signed, built")
    for kind in Self.kinds where Int.random(in: 0..<5, using: &random) == 0 {
      fixture.remove(kind)
    }
    for (fix, piece) in Self.bad where Int.random(in: 0..<3, using: &random) == 0 {
      fixture.pieces.append(piece)
      wrong.insert(fix)
    }
    for topic in ["risk-analysis", "training", "policy"]
    where Int.random(in: 0..<3, using: &random) == 0 {
      fixture.pieces.append(Self.statement(topic))
    }
    if Int.random(in: 0..<3, using: &random) == 0 {
      fixture.trustTime = Fixture.instant("2024-01-01T00:00:00Z")
    }
  }

  static func statement(_ topic: String) -> Fixture.Piece {
    let statement = PersonStatement(
      topic: topic, text: "we did", application: "patient-portal", documents: [], facts: [:],
      person: "ben", role: Fixture.official, time: Fixture.instant("2026-05-30T10:00:00Z"),
      expires: Fixture.instant("2027-05-30T10:00:00Z"))
    return Fixture.Piece(
      kind: .personStatement, subjects: [.application("patient-portal")],
      predicate: (try? JSONValue(encoding: statement)) ?? .null, signer: "ben")
  }

  var acts: [Act] {
    Self.bad.map { .mend($0.fix) } + [.trust, .run]
      + ["risk-analysis", "training", "policy"].map { .state($0) }
  }

  /// The release after some acts; a run records what is there by then.
  func after(_ acts: Set<Act>) -> Fixture {
    var fixture = fixture
    if acts.contains(.trust) { fixture.trustTime = Fixture.instant("2026-05-30T00:00:00Z") }
    for case .state(let topic) in acts { fixture.pieces.append(Self.statement(topic)) }
    guard acts.contains(.run) else { return fixture }
    let pieces = Fixture.goodPieces.map { good in
      let bad = Self.bad.first { wrong.contains($0.fix) && $0.piece.kind == good.kind }
      guard let bad, !acts.contains(.mend(bad.fix)) else { return good }
      return bad.piece
    }
    fixture.pieces += pieces.map { piece in
      let name =
        piece.predicate["urn:pratique:run"] == nil ? "run" : "urn:pratique:run"
      var again = piece.with(name, as: .string("run-2"))
      again.wrapping = "again"
      return again
    }
    return fixture
  }
}

@Suite("The shortest way to green")
struct ShortestWayTests {
  private func act(_ step: WayStep) throws -> WayFixture.Act {
    switch step.act {
    case .mend: return .mend(step.sentence)
    case .changeTrust: return .trust
    case .run: return .run
    case .state:
      return .state(String(try #require(step.command?.split(separator: " ").last)))
    case .other, .approve: throw Unplanned(step: step)
    }
  }

  private struct Unplanned: Error { let step: WayStep }

  @Test("it leads to green, and no fewer acts do: every smaller choice was tried", arguments: 1...8)
  func minimal(_ seed: UInt64) throws {
    var random = Seeded(seed: seed)
    let way = WayFixture(&random)
    let decision = try way.fixture.decide()
    let explanation = Explanation(decision, bundle: try way.fixture.bundle())
    #expect(explanation.isShortest)
    let chosen = try explanation.steps.filter { $0.act != .approve }.map(act)
    #expect(Set(chosen).count == chosen.count)
    let reached = try way.after(Set(chosen)).decide()
    #expect(reached.outcome == .waiting, "\(reached.reasons)")
    // By the real gate: no choice with fewer acts is enough.
    let acts = way.acts
    for choice in 0..<(1 << acts.count) where choice.nonzeroBitCount < chosen.count {
      let taken = acts.indices.filter { choice >> $0 & 1 == 1 }.map { acts[$0] }
      #expect(try way.after(Set(taken)).decide().outcome == .refused, "\(taken)")
    }
    // Then each role, once.
    #expect(
      explanation.steps.filter { $0.act == .approve }.map(\.role)
        == [Fixture.official, Fixture.clinical])
  }

  @Test("new evidence voids what was approved before, and the way says so")
  func approvalsAnew() throws {
    var fixture = try Fixture.approved()
    fixture.pieces.append(.tests(failed: ["suite.test_x"]))
    let explanation = Explanation(try fixture.decide(), bundle: try fixture.bundle())
    #expect(explanation.steps.map(\.act) == [.mend, .run, .approve, .approve])
  }

  @Test("where only approvals lack, only those are asked that lack")
  func approvals() throws {
    var fixture = Fixture()
    try fixture.approve("ben", Fixture.official)
    let explanation = Explanation(try fixture.decide(), bundle: try fixture.bundle())
    #expect(explanation.steps.map(\.act) == [.approve])
    #expect(explanation.steps.first?.role == Fixture.clinical)
    #expect(Explanation(try Fixture.approved().decide(), bundle: nil).steps.isEmpty)
  }

  @Test("one run supplies all kinds that lack")
  func oneRun() throws {
    var fixture = Fixture()
    for kind in [EvidenceKind.vulnerabilityScan, .inventory, .provenance, .release] {
      fixture.remove(kind)
    }
    let explanation = Explanation(try fixture.decide(), bundle: try fixture.bundle())
    #expect(explanation.steps.map(\.act) == [.run, .approve, .approve])
    #expect(explanation.steps.first?.supplies == ["built/a", "listed/a", "scanned/a"])
  }

  @Test("a reason that nothing known answers is a step of its own, never passed over")
  func unknown() throws {
    var fixture = Fixture()
    fixture.people.removeAll { $0.id == "cleo" }
    let explanation = Explanation(try fixture.decide(), bundle: try fixture.bundle())
    #expect(
      explanation.steps.contains { $0.act == .other && $0.sentence.contains("clinical-lead") })
  }
}

@Suite("Least covers")
struct MinimalCoverTests {
  @Test("as small as the smallest that trying all finds", arguments: 1...60)
  func minimal(_ seed: UInt64) {
    var random = Seeded(seed: seed)
    let size = Int.random(in: 1...9, using: &random)
    let sets = (0..<Int.random(in: 1...9, using: &random)).map { _ in
      Set((0..<size).filter { _ in Int.random(in: 0..<3, using: &random) == 0 })
    }
    let universe = Set(0..<size)
    let cover = MinimalCover(of: universe, by: sets)
    let reachable = sets.reduce(into: Set<Int>()) { $0.formUnion($1) }
    #expect(cover.uncovered == universe.subtracting(reachable))
    func covers(_ places: [Int]) -> Bool {
      places.reduce(into: Set<Int>()) { $0.formUnion(sets[$1]) } == reachable
    }
    #expect(cover.isExact && covers(cover.chosen))
    let smallest = (0..<(1 << sets.count)).filter { choice in
      covers(sets.indices.filter { choice >> $0 & 1 == 1 })
    }.map(\.nonzeroBitCount).min()
    #expect(cover.chosen.count == smallest)
  }

  @Test("beyond what can be tried it says that it is not exact")
  func large() {
    var random = Seeded(seed: 3)
    let sets = (0..<60).map { _ in Set((0..<6).map { _ in Int.random(in: 0..<40, using: &random) })
    }
    let cover = MinimalCover(of: Set(0..<40), by: sets)
    #expect(!cover.isExact)
    let all = sets.reduce(into: Set<Int>()) { $0.formUnion($1) }
    #expect(cover.chosen.reduce(into: Set<Int>()) { $0.formUnion(sets[$1]) } == all)
  }
}
