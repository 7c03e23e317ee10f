import Attestation
import Foundation
import Model
import TestKit
import Testing

@testable import Source

@Suite("The form of commits and signatures")
struct CommitFormTests {
  private static let tree = "tree " + String(repeating: "a", count: 40) + "\n"
  private static let author = "author A <a@b> 1 +0000\n"
  private static let committer = "committer A <a@b> 1 +0000\n"
  private static let good = tree + author + committer

  private func read(_ text: String) throws -> GitCommit {
    let content = Array(text.utf8)
    return try GitCommit(
      id: try #require(GitObject.id(kind: "commit", content)), content: content)
  }

  @Test("What git writes is read")
  func reads() throws {
    let commit = try read(
      Self.good + "gpgsig -----BEGIN\n a\n \n b\nencoding UTF-8\nmergetag x\n y\nmergetag z\n\nm\n")
    #expect(commit.armoredSignature == "-----BEGIN\na\n\nb")
    #expect(
      commit.signedPayload
        == Array((Self.good + "encoding UTF-8\nmergetag x\n y\nmergetag z\n\nm\n").utf8))
    #expect(try read(Self.good + "\n").armoredSignature == nil)
  }

  @Test(
    "What git does not write is refused",
    arguments: [
      "", "\n", Self.tree + Self.committer + "\n", Self.author + Self.tree + Self.committer + "\n",
      Self.good, Self.good + "gpgsig a\n", Self.good + "gpgsig a\ngpgsig b\n\nm",
      Self.good + "tree b\n\nm", Self.good + "committer b\n\nm", Self.good + "nospace\n\nm",
      Self.good + " continued\n\nm", Self.good + "gpgsig-sha256 a\n\nm",
      Self.good + "encoding a\nencoding b\n\nm", Self.good + "a \0\n\nm",
      "tree short\n" + Self.author + Self.committer + "\n",
      Self.tree + "author A a@b 1 +0000\n" + Self.committer + "\n",
      Self.tree + "author A <a@b> x +0000\n" + Self.committer + "\n",
      Self.tree + "author A <a@b> +1 +0000\n" + Self.committer + "\n",
      Self.tree + "author A <a@b> 99999999999999 +0000\n" + Self.committer + "\n",
      Self.tree + "author A <a> <c@d> 1 +0000\n" + Self.committer + "\n",
    ])
  func refuses(text: String) {
    #expect(throws: Problem(.badInput, "")) { try read(text) }
  }

  @Test("Other bytes than the id says")
  func wrongID() throws {
    let content = Array((Self.good + "\n").utf8)
    let id = try #require(GitObject.id(kind: "commit", content + [10]))
    #expect(throws: Problem(.notTrusted, "")) { try GitCommit(id: id, content: content) }
  }

  @Test("A blob's id is git's")
  func blobs() {
    #expect(
      GitObject.id(kind: "blob", Array("hello\n".utf8))?.hex
        == "ce013625030ba8dba906f756967f9e9ca394464a")
    #expect(GitTree.id(of: [])?.hex == "4b825dc642cb6eb9a060e54bf8d69288fbee4904")
  }

  @Test("A signature's bytes are read within bounds", .enabled(if: Vectors.isWanted))
  func mutatedSignatures() throws {
    let armored = String(decoding: try Vectors.bytes("git/ssh/sig"), as: UTF8.self)
    let original = try SSHSignature(armored: armored)
    #expect(original.namespace == "git")
    #expect(original.hashAlgorithm == "sha512")
    #expect(original.algorithm == "ed25519")
    let lines = armored.split(separator: "\n")
    let blob = Array(try #require(Data(base64Encoded: lines[1..<lines.count - 1].joined())))
    #expect(try SSHSignature(blob: blob) == original)
    for count in 0..<blob.count {
      #expect(throws: Problem(.notTrusted, "")) {
        try SSHSignature(blob: Array(blob.prefix(count)))
      }
    }
    #expect(throws: Problem(.notTrusted, "")) { try SSHSignature(blob: blob + [0]) }
    var generator = Seeded(seed: 11)
    var refused = 0
    for _ in 0..<20_000 {
      let bytes = generator.mutated(blob)
      guard let signature = try? SSHSignature(blob: bytes) else {
        refused += 1
        continue
      }
      // Two different blobs never mean the same signature.
      #expect((signature == original) == (bytes == blob))
    }
    #expect(refused > 5000)
    for count in stride(from: 0, to: armored.count - 1, by: 3) {
      #expect(throws: Problem(.notTrusted, "")) {
        try SSHSignature(armored: String(armored.prefix(count)))
      }
    }
  }
}
