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
}
