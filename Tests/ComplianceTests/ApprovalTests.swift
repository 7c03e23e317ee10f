import Compliance
import Model
import Reading
import Testing

@Suite("Approvals")
struct ApprovalTests {
  /// A fixture that ben approved, and cleo with a change.
  private func fixture(
    _ change: (inout ApprovalDraft) -> Void
  ) throws -> Fixture {
    var fixture = Fixture()
    try fixture.approve("ben", Fixture.official)
    try fixture.approve("cleo", Fixture.clinical, change: change)
    return fixture
  }

  @Test("it is bound to the release")
  func release() throws {
    try fixture { $0.release[0] = .sha256(Array("another".utf8)) }.expectVoid(
      "it is for another release")
    try fixture { $0.release.removeLast() }.expectVoid("it is for another release")
    try fixture { $0.release = [] }.expectVoid("it is for another release")
  }

  @Test("a release that changes after it voids it")
  func releaseChanges() throws {
    var fixture = try Fixture.approved()
    let old = fixture.release
    fixture.release = Release(
      application: old.application, version: old.version, origin: old.origin, commit: old.commit,
      image: old.image, imageConfig: .sha256([7]))
    let decision = try fixture.decide()
    #expect(decision.outcome == .waiting)
    #expect(decision.rejectedApprovals.allSatisfy { $0.reason == "it is for another release" })
  }

  @Test("its statement must speak of the release's image")
  func subjects() throws {
    try fixture { $0.subjects = [Fixture.otherImage] }.expectVoid("it is for another release")
    try fixture { $0.subjects = [Fixture.commit] }.expectVoid("it is for another release")
  }

  @Test("it is bound to the evidence: one more piece, or one less, voids it")
  func evidence() throws {
    var more = try Fixture.approved()
    more.pieces.append(.step("late", "step"))
    let decision = try more.decide()
    #expect(decision.outcome == .waiting)
    #expect(
      decision.rejectedApprovals.map(\.reason)
        == Array(
          repeating: "the evidence has changed since: 1 pieces are new, 0 are gone", count: 2))
    var other = try Fixture.approved()
    other.replace(.inventory(versions: ["1", "2", "3"]))
    #expect(
      try other.decide().rejectedApprovals.first?.reason
        == "the evidence has changed since: 1 pieces are new, 1 are gone")
  }

  @Test("evidence that only a shown control asks is bound as well")
  func shownEvidence() throws {
    var fixture = Fixture()
    fixture.catalog = Fixture.catalogText.replacing(
      "kind: inventory\n        fix: judge it",
      with: "kind: static-analysis\n        about: evidence.scope == 'code'\n        fix: judge it")
    try fixture.approve("ben", Fixture.official)
    try fixture.approve("cleo", Fixture.clinical)
    #expect(try fixture.decide().outcome == .allowed)
    fixture.pieces.append(.secrets(scope: "code"))
    #expect(try fixture.decide().outcome == .waiting)
  }

  @Test("evidence that no control asks does not void it, nor do the gate's own steps")
  func unaskedEvidence() throws {
    var fixture = try Fixture.approved()
    fixture.pieces.append(.secrets(scope: "licence"))
    fixture.pieces.append(.rollout(environment: "production"))
    fixture.pieces.append(.step("gate", "production", action: "gate"))
    #expect(try fixture.decide().outcome == .allowed)
  }

  @Test("it is bound to the policy")
  func policy() throws {
    var fixture = try Fixture.approved()
    fixture.policy = Fixture.policyText.replacing("version: \"1\"", with: "version: \"2\"")
    // The trust root pins the new policy; the evidence that holds it has changed with it.
    #expect(
      try fixture.decide().rejectedApprovals.allSatisfy {
        $0.reason == "the policy has changed since, and the evidence has changed since:"
          + " 1 pieces are new, 1 are gone"
      })
    #expect(try fixture.decide().outcome == .waiting)
    try self.fixture { $0.policy = .sha256([1]) }.expectVoid("the policy has changed since")
  }

  @Test("it is bound to the environment")
  func environment() throws {
    try fixture { $0.environment = "staging" }.expectVoid("it is for the environment \"staging\"")
  }

  @Test("one person with two roles counts once")
  func twoRoles() throws {
    var fixture = Fixture()
    fixture.people = [
      Fixture.ada, .init(id: "ben", roles: [Fixture.official, Fixture.clinical]), Fixture.cleo,
    ]
    try fixture.approve("ben", Fixture.official)
    try fixture.approve("ben", Fixture.clinical, at: "2026-06-01T09:30:00Z")
    let decision = try fixture.decide()
    #expect(decision.outcome == .waiting)
    #expect(decision.approvals.map(\.counted.count) == [1, 0])
    #expect(
      decision.rejectedApprovals.map(\.reason)
        == ["ben is counted once, as \"security-official\""])
  }

  @Test("where one person holds all roles, waiting would not help, and the gate says so")
  func onlyOnePerson() throws {
    var fixture = Fixture()
    fixture.people = [
      Fixture.ada, .init(id: "ben", roles: [Fixture.official, Fixture.clinical]),
    ]
    #expect(try fixture.decide().outcome == .refused)
    #expect(
      try fixture.decide().reasons.first
        == "2 people must approve, each counted once, and 1 may approve this release")
    fixture.people = [Fixture.ada, Fixture.ben, .init(id: "cleo", roles: [Fixture.clinical])]
    fixture.replace(.source(author: "cleo"))
    #expect(
      try fixture.decide().reasons.first
        == "1 approval(s) of role \"clinical-lead\" are needed, and 0 who hold it may approve this"
        + " release")
  }

  @Test("a role that is not asked for does not count, and does not take back the one that is")
  func unaskedRole() throws {
    var fixture = Fixture()
    let developer = Role(rawValue: "developer")
    fixture.people[1] = .init(id: "ben", roles: [Fixture.official, developer])
    try fixture.approve("ben", Fixture.official)
    try fixture.approve("cleo", Fixture.clinical)
    try fixture.approve("ben", developer, at: "2026-06-01T10:00:00Z")
    #expect(try fixture.decide().outcome == .allowed)
    #expect(
      try fixture.decide().rejectedApprovals.map(\.reason)
        == ["the role \"developer\" is not asked for in this environment"])
  }

  @Test("a role that the person does not hold does not count")
  func unheldRole() throws {
    var fixture = Fixture()
    try fixture.approve("ben", Fixture.official)
    try fixture.approve("ben", Fixture.clinical)
    try fixture.expectVoid("ben does not hold the role \"clinical-lead\"")
  }

  @Test("an approval signed by somebody else than it names does not count")
  func foreignSigner() throws {
    var fixture = Fixture()
    try fixture.approve("ben", Fixture.official)
    try fixture.approve("cleo", Fixture.clinical, signedBy: "pipeline-1")
    try fixture.expectVoid("it names cleo, but pipeline-1 signed it")
  }

  @Test("a machine, and a stranger, do not count")
  func machine() throws {
    for person in ["pipeline-1", "zoe"] {
      var fixture = Fixture()
      try fixture.approve("ben", Fixture.official)
      try fixture.approve(person, .pipeline)
      try fixture.expectVoid("\(person) is no person of the trust root in force")
    }
  }

  @Test("an approval of the future does not count, by either of its times")
  func future() throws {
    for (signed, recorded, outcome) in [
      ("2026-06-01T12:00:01Z", "2026-06-01T09:00:00Z", Decision.Outcome.waiting),
      ("2026-06-01T09:00:00Z", "2026-06-01T12:00:01Z", .waiting),
      ("2026-06-01T12:00:00Z", "2026-06-01T12:00:00Z", .allowed),
    ] {
      var fixture = try fixture { $0.time = Fixture.instant(signed) }
      fixture.pieces[fixture.pieces.count - 1].time = Fixture.instant(recorded)
      #expect(try fixture.decide().outcome == outcome)
      if outcome == .waiting { try fixture.expectVoid("in the future") }
    }
  }

  @Test("reasons name approvals that do not count in the order of the ledger")
  func order() throws {
    var fixture = Fixture()
    try fixture.approve("cleo", Fixture.clinical)
    try fixture.approve("ben", Fixture.official) { $0.environment = "staging" }
    try fixture.approve("cleo", Fixture.clinical, at: "2026-06-01T09:30:00Z")
    let first = fixture.last - 2
    #expect(
      try fixture.decide().reasons.filter { $0.hasPrefix("the approval") } == [
        "the approval of entry \(first) does not count: cleo is counted once, by their latest word",
        "the approval of entry \(first + 1) does not count: it is for the environment \"staging\"",
      ])
  }
}

extension Fixture {
  /// Expects that the last entry is an approval that does not count, and that the gate says why.
  func expectVoid(_ words: String) throws {
    let decision = try decide()
    #expect(decision.outcome == .waiting)
    let rejected = try #require(decision.rejectedApprovals.last)
    #expect(rejected.reason.contains(words), "\(rejected.reason)")
    #expect(rejected.approval.index == last)
    // Whoever waits reads it among the reasons too.
    #expect(
      decision.reasons.contains(
        "the approval of entry \(last) does not count: \(rejected.reason)"))
  }
}
