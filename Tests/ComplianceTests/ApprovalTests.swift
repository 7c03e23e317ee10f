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

  private func expectVoid(_ fixture: Fixture, _ words: String) throws {
    let decision = try fixture.decide()
    #expect(decision.outcome == .waiting)
    let rejected = try #require(decision.rejectedApprovals.last)
    #expect(rejected.reason.contains(words), "\(rejected.reason)")
    #expect(rejected.approval.index == fixture.last)
    // Whoever waits reads it among the reasons too.
    #expect(
      decision.reasons.contains(
        "the approval of entry \(fixture.last) does not count: \(rejected.reason)"))
  }

  @Test("it is bound to the release")
  func release() throws {
    try expectVoid(
      fixture { $0.release[0] = .sha256(Array("another".utf8)) }, "it is for another release")
    try expectVoid(fixture { $0.release.removeLast() }, "it is for another release")
    try expectVoid(fixture { $0.release = [] }, "it is for another release")
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
    try expectVoid(fixture { $0.subjects = [Fixture.otherImage] }, "it is for another release")
    try expectVoid(fixture { $0.subjects = [Fixture.commit] }, "it is for another release")
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
      "kind: inventory, rule: present, fix: judge it",
      with: "kind: static-analysis, rule: findings-at-most,"
        + " with: {scope: code, severity: low}, fix: judge it")
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
        $0.reason == "the policy has changed since"
      })
    #expect(try fixture.decide().outcome == .waiting)
    try expectVoid(self.fixture { $0.policy = .sha256([1]) }, "the policy has changed since")
  }

  @Test("it is bound to the environment")
  func environment() throws {
    try expectVoid(fixture { $0.environment = "staging" }, "it is for the environment \"staging\"")
  }

  @Test("whoever wrote the commit does not count")
  func author() throws {
    var fixture = Fixture()
    fixture.people[2] = .init(id: "cleo", roles: [Fixture.clinical])
    fixture.people.append(.init(id: "dora", roles: [Fixture.clinical]))
    fixture.replace(.source(author: "cleo", signer: "ada"))
    try fixture.approve("ben", Fixture.official)
    try fixture.approve("cleo", Fixture.clinical)
    try expectVoid(fixture, "cleo wrote or signed the commit, and may not approve it")
    try fixture.approve("dora", Fixture.clinical)
    #expect(try fixture.decide().outcome == .allowed)
  }

  @Test("whoever signed the commit does not count, also by an earlier check of it")
  func signer() throws {
    var fixture = Fixture()
    fixture.people.append(.init(id: "dora", roles: [Fixture.clinical]))
    fixture.replace(.source(author: "ada", signer: "cleo"))
    fixture.pieces.append(.source())
    try fixture.approve("ben", Fixture.official)
    try fixture.approve("cleo", Fixture.clinical)
    try expectVoid(fixture, "cleo wrote or signed the commit")
  }

  @Test("the author's no counts")
  func authorsNo() throws {
    var fixture = try Fixture.approved()
    try fixture.approve("ada", Role(rawValue: "developer")) { $0.verdict = .rejected }
    let decision = try fixture.decide()
    #expect(decision.outcome == .refused)
    #expect(decision.reasons == ["ada said no: I read it"])
  }

  @Test("where the author is not known, nobody can be shown to be somebody else")
  func unknownAuthor() throws {
    var fixture = Fixture()
    fixture.replace(.source(author: nil))
    try fixture.approve("ben", Fixture.official)
    try fixture.approve("cleo", Fixture.clinical)
    #expect(try fixture.decide().outcome == .refused)
    #expect(try fixture.decide().reasons.contains { $0.contains("author is in no registry") })
  }

  @Test("the latest check of the commit says whether its author is known")
  func authorKnownLater() throws {
    for (authors, outcome) in [
      ([nil, "ada"], Decision.Outcome.allowed), (["ada", nil], .refused),
    ] {
      var fixture = Fixture()
      fixture.remove(.sourceCheck)
      fixture.pieces += authors.map { .source(author: $0) }
      try fixture.approve("ben", Fixture.official)
      try fixture.approve("cleo", Fixture.clinical)
      #expect(try fixture.decide().outcome == outcome)
    }
  }

  @Test("without any check of the commit, an approval shows nothing")
  func noSourceCheck() throws {
    var fixture = Fixture()
    fixture.policy = Fixture.policyText.replacing(
      "required: [signed, built", with: "required: [built")
    fixture.remove(.sourceCheck)
    try fixture.approve("ben", Fixture.official)
    try fixture.approve("cleo", Fixture.clinical)
    #expect(
      try fixture.decide().reasons
        == ["no check of the commit says who wrote it, so nobody can tell who may approve it"])
    // Where nobody need approve, nobody need be told apart.
    fixture.environment = "lab"
    #expect(try fixture.decide().reasons.allSatisfy { !$0.contains("who wrote it") })
  }

  @Test("a release from a vendor has no author to be told apart")
  func acquired() throws {
    var fixture = Fixture()
    fixture.policy = """
      policy: vendor
      version: "1"
      environments:
        production:
          required: [listed]
          approvals: [{role: security-official}]
      """
    fixture.release = Release(
      application: "patient-portal", version: "1", origin: .acquired, commit: nil,
      image: Fixture.image, imageConfig: .sha256([1]))
    try fixture.approve("ben", Fixture.official)
    #expect(try fixture.decide().outcome == .allowed)
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
    #expect(decision.approvals.map(\.counted.count) == [0, 1])
    #expect(
      decision.rejectedApprovals.map(\.reason) == ["ben is counted once, by their latest word"])
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
    try expectVoid(fixture, "ben does not hold the role \"clinical-lead\"")
  }

  @Test("an approval signed by somebody else than it names does not count")
  func foreignSigner() throws {
    var fixture = Fixture()
    try fixture.approve("ben", Fixture.official)
    try fixture.approve("cleo", Fixture.clinical, signedBy: "pipeline-1")
    try expectVoid(fixture, "it names cleo, but pipeline-1 signed it")
  }

  @Test("a machine, and a stranger, do not count")
  func machine() throws {
    for person in ["pipeline-1", "zoe"] {
      var fixture = Fixture()
      try fixture.approve("ben", Fixture.official)
      try fixture.approve(person, .pipeline)
      try expectVoid(fixture, "\(person) is no person of the trust root in force")
    }
  }

  @Test("an approval of the future does not count")
  func future() throws {
    try expectVoid(fixture { $0.time = Fixture.instant("2026-06-01T12:00:01Z") }, "in the future")
    #expect(
      try fixture { $0.time = Fixture.instant("2026-06-01T12:00:00Z") }.decide().outcome
        == .allowed)
  }
}
