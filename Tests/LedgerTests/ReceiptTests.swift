import Attestation
import Ledger
import Model
import Reading
import TestKit
import Testing

@Suite("Receipts")
struct ReceiptTests {
  let key = PrivateKey.generate()
  let cosigner: Cosigner
  let noteKey: NoteKey
  let tree: MemoryTree
  let note: SignedNote

  init() throws {
    cosigner = try Cosigner(name: "w", signer: PrivateKey.generate().signer)
    noteKey = try NoteKey(name: "log", publicKey: key.publicKey)
    var tree = MemoryTree()
    for number in 0..<11 { tree.append([UInt8(number)]) }
    self.tree = tree
    note = try Checkpoint(origin: "log", size: 11, root: tree.range.root).sign(by: key.signer)
  }

  private func receipt(_ note: SignedNote? = nil, extra: [UInt8]? = nil) throws -> Receipt {
    Receipt(
      index: 6, proof: try tree.proofs.inclusion(of: 6, in: 11),
      checkpoint: (note ?? self.note).description, unauthenticatedExtra: extra)
  }

  @Test("a receipt leads from its leaf alone")
  func leaf() throws {
    let receipt = try receipt()
    let read = try Receipt(receipt.description)
    #expect(read == receipt)
    #expect(try read.verify(leaf: [6], key: noteKey).size == 11)
    #expect(throws: Problem(.notTrusted, "")) { try read.verify(leaf: [7], key: noteKey) }
    let other = try NoteKey(name: "log", publicKey: PrivateKey.generate().publicKey)
    #expect(throws: Problem(.notTrusted, "")) { try read.verify(leaf: [6], key: other) }
  }

  @Test("a policy asks for witnesses, and says who is missing")
  func policy() throws {
    let policy = try TrustPolicy(
      "log \(noteKey)\nwitness ward \(cosigner.key)\ngroup all-of-them all ward\n"
        + "quorum all-of-them\n")
    do {
      _ = try receipt().verify(leaf: [6], policy: policy)
      Issue.record("was taken without a witness")
    } catch let problem as Problem {
      #expect(problem.code == .notTrusted && problem.message.contains("ward"))
    }
    let cosigned = try note.adding([cosigner.cosign(note, at: Instant(milliseconds: 7000))])
    let verdict = try receipt(cosigned).verify(leaf: [6], policy: policy)
    #expect(verdict.cosigned.map(\.timestamp) == [7] && verdict.checkpoint.size == 11)
    #expect(try receipt(cosigned).verify(leafHash: .leaf([6]), policy: policy).isMet)
    #expect(throws: Problem(.notTrusted, "")) {
      try receipt(cosigned).verify(leaf: [5], policy: policy)
    }
  }

  @Test("extra data goes along, and nothing vouches for it")
  func extra() throws {
    let receipt = try receipt(extra: Array("a file's name".utf8))
    let text = receipt.description
    #expect(try Receipt(text) == receipt)
    let changed = try Receipt(
      text.replacing(Base64.encode(Array("a file's name".utf8)), with: "AAAA"))
    #expect(changed.unauthenticatedExtra == [0, 0, 0])
    #expect(try changed.verify(leaf: [6], key: noteKey).size == 11)
    #expect(throws: Problem(.badInput, "")) {
      try Receipt(text.replacing("\nextra ", with: "\nextra AAAA\nextra "))
    }
  }

  @Test("a proof of 63 hashes is read, one of 64 is not; numbers have one form")
  func limits() throws {
    let hashes = [TreeHash](repeating: .empty, count: 63)
    let long = Receipt(index: .max, proof: hashes, checkpoint: note.description)
    #expect(try Receipt(long.description) == long)
    #expect(throws: Problem(.notTrusted, "")) { try long.verify(leaf: [6], key: noteKey) }
    let longer = Receipt(index: 0, proof: hashes + [.empty], checkpoint: note.description)
    #expect(throws: Problem(.badInput, "")) { try Receipt(longer.description) }
    for index in ["06", "+6", " 6", "6 ", "9223372036854775808", ""] {
      #expect(throws: Problem(.badInput, "")) {
        try Receipt(receipt().description.replacing("index 6\n", with: "index \(index)\n"))
      }
    }
  }

  @Test(
    "C2SP's own proofs", .enabled(if: Vectors.isWanted, "vectors/tlog-text is not there"))
  func vectors() throws {
    let vectors = try JSONReader.read(Vectors.bytes("tlog-text/note-checkpoint-proof.json"))
    let good = try #require(vectors["tlogProof"]?["marshal"]?.array)
    let bad = try #require(vectors["tlogProof"]?["bad"]?.array)
    #expect(!good.isEmpty && !bad.isEmpty)
    for vector in good {
      let receipt = Receipt(
        index: try #require(vector["index"]?.integer),
        proof: try #require(vector["hashes"]?.array).map {
          try #require($0.string.flatMap(Base64.decode).flatMap { TreeHash($0) })
        },
        checkpoint: try #require(vector["checkpoint"]?.string),
        unauthenticatedExtra: vector["extra"]?.string.flatMap(Base64.decode))
      #expect(receipt.description == vector["want"]?.string)
      // Their checkpoints are placeholders, which this reader refuses; with a real one it reads.
      let checkpoint = try #require(vector["checkpoint"]?.string)
      #expect(throws: Problem(.badInput, "")) { try Receipt(receipt.description) }
      let real = receipt.description.dropLast(checkpoint.count) + note.description
      #expect(try Receipt(String(real)).description == real)
    }
    for vector in bad {
      let text = vector.string ?? vector["text"]?.string ?? ""
      let real = text.replacing("\ncheckpoint\n", with: "\n\(note)")
      #expect(throws: Problem(.badInput, ""), "\(text)") { try Receipt(real) }
    }
  }
}
