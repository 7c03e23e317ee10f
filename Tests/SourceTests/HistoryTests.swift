import Attestation
import Model
import TestKit
import Testing

@testable import Source

@Suite("Who made the commits behind a release")
struct HistoryTests {
  private let workshop: Workshop
  init() throws { workshop = try Workshop() }

  private func contributors(_ holders: [PublicKeyHolder] = []) -> Contributors {
    let people = ["ada@hospital.example": "ada", "ben@hospital.example": "ben"]
    let root = TrustRoot(
      organisation: "o", version: 1, people: [], machines: [],
      keys: holders.map {
        .init(
          id: $0.id, algorithm: "ed25519", publicKey: "", holder: $0.holder, kinds: [],
          applications: nil, environments: nil, validFrom: Instant(milliseconds: 0), validTo: nil)
      },
      changeApproval: [], policies: [], recovery: nil)
    return Contributors(
      repository: workshop.repository, trustRoot: root, person: { people[$0] })
  }

  private struct PublicKeyHolder {
    let id: Digest
    let holder: String
  }

  private func by(_ email: String, _ message: String) throws -> Digest {
    try workshop.git([
      "commit", "--quiet", "--allow-empty", "--no-gpg-sign", "--author", "X <\(email)>", "-m",
      message,
    ])
    return try #require(Digest(.gitCommit, hex: try workshop.git(["rev-parse", "HEAD"])))
  }

  @Test("authors and signers of all commits since another, merged ones too")
  func since() async throws {
    let key = try workshop.key("cleo")
    let base = try by("old@hospital.example", "before")
    _ = try by("ben@hospital.example", "one")
    try workshop.git(["checkout", "--quiet", "-b", "side", base.hex])
    _ = try by("stranger@elsewhere.example", "aside")
    try workshop.git(["checkout", "--quiet", "main"])
    try workshop.git(["merge", "--quiet", "--no-ff", "--no-gpg-sign", "-m", "merge", "side"])
    let head = try workshop.commit("signed", key: key.file)
    let contributors = contributors([.init(id: key.key.id, holder: "cleo")])
    let changes = try await contributors.changes(of: head, into: "production", since: base)
    #expect(
      changes
        == Changes(
          environment: "production", since: base, commits: 4, people: ["ada", "ben", "cleo"],
          unknownAuthors: 1, isComplete: true))
    let all = try await contributors.changes(of: head, into: "production", since: nil)
    #expect(all.commits == 5 && all.since == nil && all.unknownAuthors == 2 && all.isComplete)
    // What serves already brings nothing.
    let none = try await contributors.changes(of: base, into: "production", since: head)
    #expect(none.commits == 0 && none.people == [] && none.since == head)
  }

  @Test("a commit that the repository does not have: all that is reachable counts")
  func unknownBase() async throws {
    // Ada committed what ben wrote: neither may approve it.
    let head = try by("ben@hospital.example", "one")
    let gone = try #require(Digest(.gitCommit, hex: String(repeating: "d", count: 40)))
    let changes = try await contributors().changes(of: head, into: "e", since: gone)
    #expect(changes.since == nil && changes.people == ["ada", "ben"] && changes.isComplete)
  }

  @Test("a limit and a shallow clone are told, and grafts hide nothing")
  func incomplete() async throws {
    let first = try by("ben@hospital.example", "one")
    let second = try by("ada@hospital.example", "two")
    let head = try by("ada@hospital.example", "three")
    let cut = try #require(try await workshop.repository.history(of: head, since: nil, limit: 2))
    #expect(cut.commits == [head, second] && !cut.isComplete)
    let exact = try #require(try await workshop.repository.history(of: head, since: nil, limit: 3))
    #expect(exact.commits == [head, second, first] && exact.isComplete)
    try workshop.write(".git/info/grafts", "\(head.hex)\n")
    #expect(
      try await workshop.repository.history(of: head, since: nil, limit: 9)?.commits.count == 3)
    try workshop.git(["clone", "--quiet", "--depth", "1", "file://\(workshop.path)", "shallow"])
    let shallow = GitRepository(directory: "\(workshop.path)/shallow", runner: Workshop.runner)
    #expect(try await shallow.history(of: head, since: nil, limit: 9)?.isComplete == false)
  }
}
