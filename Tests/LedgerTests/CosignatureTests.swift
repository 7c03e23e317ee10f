import Attestation
import Ledger
import Model
import Reading
import TestKit
import Testing

@Suite("Cosignatures")
struct CosignatureTests {
  @Test(
    "cosignature/v1 byte for byte", .enabled(if: Vectors.isWanted, "vectors/tlog-text is not there")
  )
  func vectors() throws {
    let vectors = try JSONReader.read(Vectors.bytes("tlog-text/cosignature.json"))
    func text(_ name: String) throws -> String { try #require(vectors[name]?.string) }
    func signer(_ name: String) throws -> Signer {
      try PrivateKey(seed: try #require(Hexadecimal.decode(text(name)))).signer
    }
    let logKey = try NoteKey(try text("logVkey"))
    let witnessKey = try NoteKey(try text("witnessVkey"))
    let cosigner = try Cosigner(name: witnessKey.name, signer: signer("witnessSeed"))
    #expect(cosigner.key == witnessKey)
    #expect(witnessKey.algorithm == .ed25519Cosignature)
    let time = Instant(milliseconds: try #require(vectors["timestamp"]?.integer) * 1000 + 999)

    var tree = MemoryTree()
    for entry in try #require(vectors["entries"]?.array) {
      tree.append(Array(try #require(entry.string).utf8))
    }
    let checkpoint = Checkpoint(
      origin: logKey.name, size: tree.range.size, root: tree.range.root)
    #expect(checkpoint.body == (try text("checkpointBody")))
    let note = try checkpoint.sign(by: signer("logSeed"))
    let cosignature = try cosigner.cosign(note, at: time)
    let cosigned = try note.adding([cosignature])
    #expect(cosigned.description == (try text("cosignedCheckpoint")))
    #expect("\(cosignature)\n" == (try text("addCheckpointResponse")))
    let found = try cosigned.examine(with: [logKey, witnessKey])
    #expect(found.signed.map(\.key) == [logKey, witnessKey])
    #expect(found.signed.map(\.timestamp) == [nil, vectors["timestamp"]?.integer])

    let request = try WitnessRequest(
      oldSize: 2, proof: tree.proofs.consistency(from: 2, to: 3), note: note)
    #expect(request.description == (try text("addCheckpointRequest")))
    #expect(try WitnessRequest(bytes: Array(request.description.utf8)) == request)
    let receipt = Receipt(
      index: 2, proof: try tree.proofs.inclusion(of: 2, in: 3), checkpoint: cosigned.description)
    #expect(receipt.description == (try text("tlogProofIndex2")))
    #expect(
      try note.adding(signatureLines: text("addCheckpointResponse"), of: [witnessKey]) == cosigned)
  }

  @Test("a cosignature is bound to its time, its text and its key")
  func bound() throws {
    let log = PrivateKey.generate()
    let cosigner = try Cosigner(name: "w", signer: PrivateKey.generate().signer)
    let note = try Checkpoint(origin: "log", size: 1, root: .leaf([1])).sign(by: log.signer)
    let cosigned = try note.adding([cosigner.cosign(note, at: Instant(milliseconds: 1_700_000))])
    #expect(try cosigned.verify(with: [cosigner.key]) == [cosigner.key])
    let line = cosigned.signatures[1]
    let bytes = try #require(Base64.decode(String(line.description.split(separator: " ")[2])))
    for place in 4..<bytes.count {
      var changed = bytes
      changed[place] ^= 1
      let text = cosigned.description.replacing(
        Base64.encode(bytes), with: Base64.encode(changed))
      #expect(throws: Problem(.notTrusted, "")) {
        try SignedNote(text).verify(with: [cosigner.key])
      }
    }
    // The log's own signature does not pass for a cosignature, nor the other way round.
    let asLog = try NoteKey(name: "w", publicKey: PublicKey.ed25519(cosigner.key.publicKey))
    #expect(throws: Problem(.notTrusted, "")) { try cosigned.verify(with: [asLog]) }
    #expect(throws: Problem(.badInput, "")) {
      try cosigner.cosign(
        SignedNote(signing: "no checkpoint\n", name: "log", by: log.signer),
        at: Instant(milliseconds: 0))
    }
  }

  @Test("ML-DSA-44 is recognised, kept and not counted; other types are refused as keys")
  func algorithms() throws {
    let log = PrivateKey.generate()
    let logKey = try NoteKey(name: "log", publicKey: log.publicKey)
    let raw = [UInt8](repeating: 7, count: 1312)
    let id = Array(Digest.sha256(Array("pq\n".utf8) + [0x06] + raw).bytes.prefix(4))
    let key = try NoteKey("pq+\(Hexadecimal.encode(id))+\(Base64.encode([0x06] + raw))")
    #expect(key.algorithm == .mlDSA44Cosignature && !key.algorithm.isVerifiable)
    let note = try Checkpoint(origin: "log", size: 1, root: .leaf([1])).sign(by: log.signer)
    let line = "— pq \(Base64.encode(id + [UInt8](repeating: 0, count: 2428)))\n"
    let both = try SignedNote(note.description + line)
    #expect(both.description == note.description + line)
    let found = try both.examine(with: [logKey, key])
    #expect(found.signed.map(\.key) == [logKey] && found.notCheckable == [key])
    #expect(throws: Problem(.notTrusted, "")) { try both.verify(with: [key]) }
    #expect(try both.examine(with: [logKey]).unknown.map(\.name) == ["pq"])
    for type in UInt8.min...UInt8.max where NoteAlgorithm(rawValue: type) == nil {
      let id = Digest.sha256(Array("x\n".utf8) + [type] + raw.prefix(32)).bytes.prefix(4)
      let text = "x+\(Hexadecimal.encode(id))+\(Base64.encode([type] + raw.prefix(32)))"
      #expect(throws: Problem(.badInput, "")) { try NoteKey(text) }
    }
  }
}
