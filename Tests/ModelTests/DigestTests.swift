import Model
import Testing

@Suite("Digest and Subject")
struct DigestTests {
  @Test("hashes as FIPS 180-4 says")
  func hashes() {
    #expect(
      Digest.sha256("abc".utf8).hex
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    var stream = Digest.Stream()
    for part in ["a", "b", "c"] {
      Array(part.utf8).withUnsafeBytes { stream.update($0) }
    }
    #expect(stream.byteCount == 3)
    #expect(stream.finalize() == Digest.sha256("abc".utf8))
  }

  @Test("refuses other lengths, upper case and other algorithms")
  func refuses() {
    let hex = Digest.sha256([]).hex
    #expect(Digest("sha256:\(hex)") == Digest.sha256([]))
    #expect(Digest("sha256:\(hex.uppercased())") == nil)
    #expect(Digest("sha256:\(hex.dropLast())") == nil)
    #expect(Digest("md5:\(hex)") == nil)
    #expect(Digest(hex) == nil)
  }

  @Test("subjects are the same by digest, never by name")
  func sameness() throws {
    let one = Digest.sha256([1])
    let commit = try #require(Digest(.gitCommit, hex: String(repeating: "a", count: 40)))
    let both = try #require(Subject(name: "a", digests: [one, commit]))
    #expect(both.isSame(as: Subject(name: "b", digest: one)))
    #expect(!both.isSame(as: Subject(name: "a", digest: Digest.sha256([2]))))
    let contradicting = try #require(Subject(name: "a", digests: [Digest.sha256([2]), commit]))
    #expect(!both.isSame(as: contradicting))
    #expect(Subject(name: "none", digests: []) == nil)
  }

  @Test(
    "pseudonyms have one form",
    arguments: [("dev-1", true), ("", false), ("Ana", false), ("a@b", false), ("-a", false)])
  func identifiers(text: String, valid: Bool) { #expect(Actor.isIdentifier(text) == valid) }
}
