import Compliance
import Model
import Testing

@Suite("Authors do not approve their own work")
struct AuthorTests {
  @Test("whoever wrote the commit does not count")
  func author() throws {
    var fixture = Fixture()
    fixture.people[2] = .init(id: "cleo", roles: [Fixture.clinical])
    fixture.people.append(.init(id: "dora", roles: [Fixture.clinical]))
    fixture.replace(.source(author: "cleo", signer: "ada"))
    try fixture.approve("ben", Fixture.official)
    try fixture.approve("cleo", Fixture.clinical)
    try fixture.expectVoid("cleo wrote or signed the commit, and may not approve it")
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
    try fixture.expectVoid("cleo wrote or signed the commit")
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

  private static let before = Fixture.digest(.gitCommit, String(repeating: "b", count: 40))
  private static let live = LiveRelease(version: "0.9.0", commit: before)

  private func fixture(_ changes: [Changes], live: LiveRelease? = Self.live) throws -> Fixture {
    var fixture = Fixture()
    fixture.live = live
    fixture.people.append(.init(id: "dora", roles: [Fixture.clinical]))
    fixture.replace(.source(changes: changes))
    try fixture.approve("ben", Fixture.official)
    return fixture
  }

  @Test("whoever wrote or signed any commit since the release that serves does not count")
  func anyCommit() throws {
    var fixture = try fixture([Fixture.Piece.changes(["ada", "cleo"], since: Self.before)])
    try fixture.approve("cleo", Fixture.clinical)
    try fixture.expectVoid(
      "cleo wrote, committed or signed one of the 3 commits since bbbbbbbbbbbb, and may not approve"
        + " it")
    try fixture.approve("dora", Fixture.clinical)
    let decision = try fixture.decide()
    #expect(decision.outcome == .allowed)
    #expect(decision.barred.map(\.person) == ["ada", "cleo"])
    #expect(decision.barred.first?.reason == "wrote or signed the commit")
    #expect(decision.changes?.since == Self.before)
  }

  @Test("before the first release into an environment, all reachable commits count")
  func firstRelease() throws {
    var fixture = try fixture(
      [Fixture.Piece.changes(["cleo"], unknown: 7, isComplete: false)], live: nil)
    try fixture.approve("cleo", Fixture.clinical)
    try fixture.expectVoid(
      "cleo wrote, committed or signed one of the 3 commits behind the release")
    try fixture.approve("dora", Fixture.clinical)
    // Of an old history not all authors need be known.
    #expect(try fixture.decide().outcome == .allowed)
    #expect(try fixture.decide().changes?.unknownAuthors == 7)
  }

  @Test(
    "what does not say who made all changes since then keeps the gate shut",
    arguments: [
      ([], "no check of the commit says who wrote the commits that it brings"),
      (
        [Fixture.Piece.changes(since: Self.before, environment: "lab")],
        "no check of the commit says who wrote the commits that it brings into \"production\","
          + " where 0.9.0 serves — begin a new run"
      ),
      (
        [
          Fixture.Piece.changes(
            since: Fixture.digest(.gitCommit, String(repeating: "a", count: 40)))
        ],
        "no check of the commit says"
      ),
      ([Fixture.Piece.changes(isComplete: false)], "no check of the commit says"),
      (
        [Fixture.Piece.changes(since: Self.before, isComplete: false)],
        "only the latest 3 of the commits since 0.9.0 were looked at"
      ),
      (
        [Fixture.Piece.changes(since: Self.before, unknown: 2)],
        "2 of the 3 commits since 0.9.0 have an author who is in no registry"
      ),
    ])
  func gaps(changes: [Changes], words: String) throws {
    var fixture = try fixture(changes)
    try fixture.approve("dora", Fixture.clinical)
    let decision = try fixture.decide()
    #expect(decision.outcome == .refused)
    #expect(decision.reasons.contains { $0.contains(words) }, "\(decision.reasons)")
  }

  @Test("all reachable commits hold those since any release; the fitting check is found")
  func fitting() throws {
    var all = try fixture([Fixture.Piece.changes(["ada"])])
    try all.approve("dora", Fixture.clinical)
    #expect(try all.decide().outcome == .allowed)
    // An earlier check, made while this release served, fits; a later one does not.
    var earlier = try fixture([Fixture.Piece.changes(["cleo"], since: Self.before)])
    earlier.pieces.append(.source(run: "run-2", changes: []))
    try earlier.approve("dora", Fixture.clinical)
    #expect(try earlier.decide().barred.map(\.person) == ["ada", "cleo"])
  }
}
