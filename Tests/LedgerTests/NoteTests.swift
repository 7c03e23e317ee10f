import Attestation
import Crypto
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

  @Test("notes as Go reads them", .enabled(if: Vectors.isWanted, "vectors/tlog-text is not there"))
  func openVectors() throws {
    let vectors = try JSONReader.read(Vectors.bytes("tlog-text/note-checkpoint-proof.json"))
    let cases = try #require(vectors["open"]?.array)
    #expect(!cases.isEmpty)
    for vector in cases {
      let expected = try #require(vector["expect"]?.string)
      let bytes = try #require(vector["noteB64"]?.string.flatMap(Base64.decode))
      let keys = try (vector["keys"]?.array ?? []).map { try NoteKey(try #require($0.string)) }
      var outcome = "ok"
      var verified: [String] = []
      do {
        let note = try SignedNote(bytes: bytes)
        #expect(Array(note.description.utf8) == bytes)
        verified = try note.verify(with: keys).map(\.name)
      } catch let problem as Problem {
        outcome =
          problem.code == .badInput
          ? "malformed"
          : problem.message.contains("wrong")
            ? "invalid-signature"
            : problem.message.contains("ambiguous") ? "ambiguous-key" : "unverified"
      }
      #expect(outcome == expected, "\(vector["name"]?.string ?? "")")
      if expected == "ok" {
        #expect(verified == vector["verified"]?.array?.compactMap(\.string))
      }
    }
    for vector in try #require(vectors["sign"]?.array) {
      let parts = try #require(vector["skey"]?.string).split(separator: "+", maxSplits: 4)
      let secret = try #require(Base64.decode(String(parts[4])))
      let signer = try PrivateKey(seed: Array(secret.dropFirst())).signer
      let text = try #require(vector["text"]?.string)
      let note = try SignedNote(signing: text, name: String(parts[2]), by: signer)
      #expect(note.description == vector["signed"]?.string)
    }
  }

  @Test(
    "verifier keys: each good one reads back, and no part and no neighbour of it is one",
    .enabled(if: Vectors.isWanted, "vectors/tlog-text is not there"))
  func keys() throws {
    let vectors = try JSONReader.read(Vectors.bytes("tlog-text/note-checkpoint-proof.json"))
    let good = try #require(vectors["goodVkeys"]?.array).compactMap(\.string)
    #expect(!good.isEmpty)
    for text in good {
      #expect(try NoteKey(text).description == text)
      let bytes = Array(text.utf8)
      for start in bytes.indices {
        for end in start...bytes.count where end - start < bytes.count {
          let part = String(decoding: bytes[start..<end], as: UTF8.self)
          #expect((try? NoteKey(part)) == nil, "\(part)")
        }
        var neighbour = bytes
        neighbour[start] += 1
        let other = String(decoding: neighbour, as: UTF8.self)
        #expect((try? NoteKey(other)) == nil, "\(other)")
      }
    }
    let bad = try #require(vectors["badVkeys"]?.array).compactMap(\.string)
    #expect(!bad.isEmpty)
    for text in bad { #expect(throws: Problem(.badInput, "")) { try NoteKey(text) } }
  }

  @Test("checkpoints", .enabled(if: Vectors.isWanted, "vectors/tlog-text is not there"))
  func checkpointVectors() throws {
    let vectors = try JSONReader.read(Vectors.bytes("tlog-text/note-checkpoint-proof.json"))
    let good = try #require(vectors["checkpoint"]?["ok"]?.array).compactMap(\.string)
    let bad = try #require(vectors["checkpoint"]?["bad"]?.array).compactMap(\.string)
    #expect(!good.isEmpty && !bad.isEmpty)
    for body in good { #expect(try Checkpoint(body: body).body == body) }
    for body in bad {
      #expect(throws: Problem(.badInput, ""), "\(body)") { try Checkpoint(body: body) }
    }
    let extended = "log\n0\n\(Base64.encode(TreeHash.empty.bytes))\nan extension\n"
    #expect(try Checkpoint(body: extended).extensions == ["an extension"])
    #expect(try Checkpoint(body: extended).body == extended)
  }

  @Test("signatures are added and merged without touching the text, up to a hundred")
  func merging() throws {
    let names = (0..<101).map { "log\($0)" }
    let text = "text\n\n— with a dash\n\nand lines\n"
    let notes = try names.map { try SignedNote(signing: text, name: $0, by: key.signer) }
    let all = try notes.dropFirst().dropLast().reduce(notes[0]) { try $0.merging($1) }
    #expect(all.signatures.count == 100 && all.text == text)
    #expect(try SignedNote(all.description) == all)
    #expect(try all.merging(notes[50]) == all)
    #expect(throws: Problem(.badInput, "")) { try all.merging(notes[100]) }
    #expect(
      try all.verify(with: names.map { try NoteKey(name: $0, publicKey: key.publicKey) }).count
        == 100)
    let other = try SignedNote(signing: "other\n", name: "log", by: key.signer)
    #expect(throws: Problem(.badInput, "")) { try notes[0].merging(other) }
    for text in ["", "no line feed", "a tab\t\n", "a return\r\n"] {
      #expect(throws: Problem(.badInput, "")) {
        try SignedNote(signing: text, name: "log", by: key.signer)
      }
    }
    // One spelling of a signature: neither without padding, nor URL-safe, nor with bits left over.
    let line = notes[0].signatures[0].description
    #expect(line.hasSuffix("="))
    for other in [String(line.dropLast()), line + "=", line.replacing("/", with: "_") + " "] {
      #expect(throws: Problem(.badInput, "")) { try SignedNote("text\n\n\(other)\n") }
    }
  }

  @Test("a log may sign with P-256, and nobody with a key of low order")
  func otherKeys() throws {
    let p256 = try P256Key()
    let note = try SignedNote(signing: "text\n", name: "log", by: p256.signer)
    let key = try NoteKey(name: "log", publicKey: p256.signer.publicKey)
    #expect(key.algorithm == .ecdsaP256)
    #expect(try NoteKey(key.description) == key)
    #expect(try note.verify(with: [key]) == [key])
    #expect(key.id == Array(Digest.sha256(key.publicKey).bytes.prefix(4)))
    #expect(throws: Problem(.badInput, "")) {
      try NoteKey(name: "log", publicKey: .ed25519([UInt8](repeating: 0, count: 32)))
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

/// A P-256 key, which nothing in the library makes itself.
private struct P256Key {
  let signer: Signer

  init() throws {
    signer = try PrivateKey(text: P256.Signing.PrivateKey().pemRepresentation).signer
  }
}
