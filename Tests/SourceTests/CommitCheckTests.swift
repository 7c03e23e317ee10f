import Attestation
import Foundation
import Model
import TestKit
import Testing

@testable import Source

@Suite("Whether a commit's signature counts")
struct CommitCheckTests {
  private static let now = Instant(milliseconds: 1_795_500_000_000)
  private let export = Digest.sha256([])

  private func entry(
    _ key: PublicKey, holder: String = "ada", kinds: [String] = ["commit"],
    applications: [String]? = nil, from: Int64 = -1000, to: Int64? = nil
  ) -> TrustRoot.Key {
    TrustRoot.Key(
      id: key.id, algorithm: key.algorithm,
      publicKey: Base64.encode(key.subjectPublicKeyInfo), holder: holder,
      kinds: kinds.map(EvidenceKind.init(rawValue:)), applications: applications,
      environments: nil, validFrom: Self.now.advanced(byMilliseconds: from),
      validTo: to.map(Self.now.advanced(byMilliseconds:)))
  }

  private func check(_ commit: GitCommit, _ keys: [TrustRoot.Key]) -> SourceCheck {
    let root = TrustRoot(
      organisation: "hospital", version: 1, people: [], machines: [], keys: keys,
      changeApproval: [], policies: [], recovery: nil)
    let people = [
      "ada@hospital.example": "ada", "test@example.org": "ada", "bob@hospital.example": "bob",
    ]
    let check = CommitCheck(
      trustRoot: root, application: "portal", run: "run-1", time: Self.now, person: { people[$0] })
    return check.check(commit, export: export)
  }

  private func vector(_ name: String = "ssh/commit.raw") throws -> GitCommit {
    let content = try Vectors.bytes("git/\(name)")
    return try GitCommit(
      id: try #require(GitObject.id(kind: "commit", content)), content: content)
  }

  private func vectorKey(_ name: String) throws -> PublicKey {
    try PublicKey(text: String(decoding: try Vectors.bytes("git/ssh/\(name)"), as: UTF8.self))
  }

  @Test("A commit signed elsewhere: id, payload, key", .enabled(if: Vectors.isWanted))
  func readsVector() throws {
    let commit = try vector()
    let id = String(decoding: try Vectors.bytes("git/ssh/commit.id"), as: UTF8.self)
    #expect(commit.id.hex == id.trimmingCharacters(in: .whitespacesAndNewlines))
    #expect(commit.signedPayload == (try Vectors.bytes("git/ssh/payload")))
    #expect(commit.committer.time.milliseconds == 1_795_408_531_000)
    let result = check(commit, [entry(try vectorKey("id.pub"))])
    #expect(result.isSigned)
    #expect(result.isCommitterMatched)
    #expect(result.signer == "ada")
    #expect(result.author == "ada")
    #expect(result.key == (try vectorKey("id.pub")).id.description)
    #expect(result.commit == commit.id.hex)
  }

  @Test("Each reason for which a signature does not count", .enabled(if: Vectors.isWanted))
  func reasons() throws {
    let commit = try vector()
    let key = try vectorKey("id.pub")
    let cases: [([TrustRoot.Key], String)] = [
      ([], "which is not trusted"),
      ([entry(try vectorKey("id2.pub"))], "which is not trusted"),
      ([entry(key, kinds: ["approval"])], "which may not sign commits"),
      ([entry(key, applications: ["other"])], "which may not sign for portal"),
      ([entry(key, from: 1)], "which is valid only from"),
      ([entry(key, to: 0)], "which expired at"),
    ]
    for (keys, reason) in cases {
      let result = check(commit, keys)
      #expect(!result.isSigned)
      #expect(!result.isCommitterMatched)
      #expect(result.reason.contains(reason), "\(result.reason)")
    }
    #expect(check(commit, [entry(key, to: 0), entry(key)]).isSigned)
    #expect(check(commit, [entry(key, to: 1)]).isSigned)
    let other = check(commit, [entry(key, holder: "bob")])
    #expect(other.isSigned)
    #expect(!other.isCommitterMatched)
    #expect(other.reason.contains("the committer's address belongs to ada"))
    #expect(!other.reason.contains("@"), "no address may reach the ledger")
    let pretty = check(try vector("gpg/commit.raw"), [entry(key)])
    #expect(pretty.reason.contains("OpenPGP"))
    #expect(!pretty.isSigned)
  }

  @Test("Any change of a signed commit breaks its signature", .enabled(if: Vectors.isWanted))
  func changes() throws {
    let content = try Vectors.bytes("git/ssh/commit.raw")
    let keys = [entry(try vectorKey("id.pub"))]
    let original = try vector()
    var generator = Seeded(seed: 7)
    var read = 0
    for _ in 0..<4000 {
      let bytes = generator.mutated(content)
      guard let id = GitObject.id(kind: "commit", bytes),
        let commit = try? GitCommit(id: id, content: bytes)
      else { continue }
      read += 1
      // The frame's last line end is the one byte that may come and go.
      if check(commit, keys).isSigned {
        #expect(commit.signedPayload == original.signedPayload)
      }
    }
    #expect(read > 300)
  }

  @Test("Real git and ssh-keygen, both kinds of key", arguments: ["ed25519", "ecdsa"])
  func realSignatures(type: String) async throws {
    let workshop = try Workshop()
    let (file, key) = try workshop.key("key", type: type)
    let (_, other) = try workshop.key("other", type: type)
    try workshop.write("a", "a")
    let id = try workshop.commit("signed\n\nwith a body", key: file)
    let commit = try await workshop.repository.commit(id)
    #expect(check(commit, [entry(key)]).isSigned)
    #expect(!check(commit, [entry(other)]).isSigned)
    let unsigned = try await workshop.repository.commit(try workshop.commit("not signed"))
    #expect(check(unsigned, [entry(key)]).reason == "The commit is not signed.")
    // The same signature on another commit.
    let moved = try workshop.git(
      ["hash-object", "-t", "commit", "-w", "--stdin"],
      input: try workshop.git(["cat-file", "commit", id.hex])
        .replacing("with a body", with: "with another") + "\n")
    let forged = try await workshop.repository.commit(
      try #require(Digest(.gitCommit, hex: moved)))
    #expect(check(forged, [entry(key)]).reason.contains("not valid for its content"))
    #expect(check(forged, [entry(key)]).key == nil)
  }

  @Test("A signature for another purpose does not count")
  func otherNamespace() async throws {
    let workshop = try Workshop()
    let (file, key) = try workshop.key("key")
    let unsigned = try await workshop.repository.commit(try workshop.commit())
    let payload = workshop.folder.file("payload")
    try Data(unsigned.signedPayload).write(to: URL(fileURLWithPath: payload))
    try workshop.run("ssh-keygen", ["-q", "-Y", "sign", "-n", "file", "-f", file, payload])
    let armored = try String(contentsOfFile: payload + ".sig", encoding: .utf8)
      .trimmingCharacters(in: .newlines)
    let header = "gpgsig " + armored.replacing("\n", with: "\n ")
    let text = String(decoding: unsigned.signedPayload, as: UTF8.self)
      .replacing("\n\n", with: "\n\(header)\n\n", maxReplacements: 1)
    let content = Array(text.utf8)
    let commit = try GitCommit(
      id: try #require(GitObject.id(kind: "commit", content)), content: content)
    #expect(commit.signedPayload == unsigned.signedPayload)
    let result = check(commit, [entry(key)])
    #expect(!result.isSigned)
    #expect(result.reason.contains("not for git"))
  }

  @Test("People whom the registry does not know")
  func strangers() async throws {
    let workshop = try Workshop()
    let (file, key) = try workshop.key("key")
    try workshop.git([
      "-c", "user.signingkey=\(file)", "-c", "user.email=eve@elsewhere.example", "commit",
      "--quiet", "--allow-empty", "-S", "-m", "x", "--author", "Bob <bob@hospital.example>",
    ])
    let commit = try await workshop.repository.commit(try await workshop.repository.resolve("HEAD"))
    let result = check(commit, [entry(key)])
    #expect(result.isSigned)
    #expect(!result.isCommitterMatched)
    #expect(result.author == "bob")
    #expect(result.reason.contains("nobody in the registry"))
  }
}
