import Attestation
import Ledger
import Model
import Reading
import TestKit
import Testing

@Suite("Notes, checkpoints, receipts, leaves")
struct NoteTests {
  let key = PrivateKey.generate()

  @Test("a checkpoint signs, reads back, and is refused under another key or name")
  func checkpoint() throws {
    let checkpoint = Checkpoint(origin: "hospital.ledger", size: 3, root: .leaf([1]))
    let note = try checkpoint.sign(by: key.signer).description
    let noteKey = try NoteKey(name: "hospital.ledger", publicKey: key.publicKey)
    #expect(try Checkpoint(note: note, key: noteKey) == checkpoint)
    #expect(try NoteKey(noteKey.description) == noteKey)
    let other = try NoteKey(name: "other.ledger", publicKey: key.publicKey)
    #expect(throws: Problem(.notTrusted, "")) { try Checkpoint(note: note, key: other) }
    #expect(throws: Problem(.notTrusted, "")) {
      try Checkpoint(note: note.replacing("\n3\n", with: "\n4\n"), key: noteKey)
    }
  }

  @Test("a receipt leads from its leaf alone")
  func receipt() throws {
    var tree = MemoryTree()
    for number in 0..<11 { tree.append([UInt8(number)]) }
    let note = try Checkpoint(origin: "log", size: 11, root: tree.range.root).sign(by: key.signer)
    let noteKey = try NoteKey(name: "log", publicKey: key.publicKey)
    let receipt = Receipt(
      index: 6, proof: try tree.proofs.inclusion(of: 6, in: 11), checkpoint: note.description)
    let read = try Receipt(receipt.description)
    #expect(read == receipt)
    #expect(try read.verify(leaf: [6], key: noteKey).size == 11)
    #expect(throws: Problem(.notTrusted, "")) { try read.verify(leaf: [7], key: noteKey) }
  }

  @Test("notes as Go reads them", .enabled(if: Vectors.isWanted, "vectors/tlog-text is not there"))
  func openVectors() throws {
    let vectors = try JSONReader.read(Vectors.bytes("tlog-text/note-checkpoint-proof.json"))
    var checked = 0
    for vector in try #require(vectors["open"]?.array) {
      let expected = try #require(vector["expect"]?.string)
      let bytes = try #require(vector["noteB64"]?.string.flatMap(Base64.decode))
      let keys = try (vector["keys"]?.array ?? []).map { try NoteKey(try #require($0.string)) }
      // This program takes one key a name and id: what Go calls ambiguous cannot be handed to it.
      if expected == "ambiguous-key" { continue }
      var outcome = "ok"
      var verified: [String] = []
      do {
        verified = try SignedNote(bytes: bytes).verify(with: keys).map(\.name)
      } catch let problem as Problem {
        outcome =
          problem.code == .badInput
          ? "malformed"
          : problem.message.contains("wrong") ? "invalid-signature" : "unverified"
      }
      #expect(outcome == expected, "\(vector["name"]?.string ?? "")")
      if expected == "ok" {
        #expect(verified == vector["verified"]?.array?.compactMap(\.string))
      }
      checked += 1
    }
    #expect(checked >= 14)
    for text in try #require(vectors["goodVkeys"]?.array).compactMap(\.string) {
      #expect(try NoteKey(text).description == text)
    }
    for text in try #require(vectors["badVkeys"]?.array).compactMap(\.string) {
      #expect(throws: Problem.self) { try NoteKey(text) }
    }
    for vector in try #require(vectors["tlogProof"]?["bad"]?.array) {
      let text = vector.string ?? vector["text"]?.string ?? ""
      #expect(throws: Problem.self, "\(text)") { try Receipt(text) }
    }
  }

  @Test("a leaf has one form; every other byte string is refused")
  func leaf() throws {
    let leaf = try Leaf(
      entryID: Array(0..<16), kind: .step, envelope: .sha256([1]),
      subjects: [.sha256([3]), .sha256([2]), .sha256([3])], actor: "runner", role: .pipeline,
      time: Instant(milliseconds: 1))
    #expect(leaf.subjects == [Digest.sha256([3]), .sha256([2])].sorted())
    #expect(try Leaf(bytes: leaf.bytes) == leaf)
    for place in leaf.bytes.indices {
      var cut = leaf.bytes
      cut.remove(at: place)
      if let other = try? Leaf(bytes: cut) { #expect(other != leaf && other.bytes == cut) }
      var changed = leaf.bytes
      changed[place] ^= 0x20
      if let other = try? Leaf(bytes: changed) { #expect(other != leaf && other.bytes == changed) }
    }
    #expect(throws: Problem.self) { try Leaf(bytes: leaf.bytes + Array("\n".utf8)) }
    #expect(throws: Problem.self) { try Leaf(bytes: []) }
    #expect(throws: Problem.self) {
      try Leaf(
        entryID: Array(0..<16), kind: .step, envelope: .sha256([1]), subjects: [],
        actor: "Dr. Ana\nrole admin", role: .pipeline, time: Instant(milliseconds: 1))
    }
  }
}
