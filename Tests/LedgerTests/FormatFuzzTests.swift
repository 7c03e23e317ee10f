import Attestation
import Ledger
import Model
import TestKit
import Testing

/// Every reader of text meets good inputs in which a few bytes were changed. It may take them or
/// refuse them with `badInput`; it never crashes, and what it takes it writes again as it was.
@Suite("Mutated texts")
struct FormatFuzzTests {
  private let log = PrivateKey.generate()
  private let rounds = 2000

  /// The number of mutated inputs that were taken.
  private func fuzz(
    _ seed: UInt64, _ good: [String], _ read: ([UInt8]) throws -> String?
  ) -> Int {
    var random = Seeded(seed: seed)
    var taken = 0
    for round in 0..<rounds {
      let bytes = random.mutated(Array(good[round % good.count].utf8))
      do {
        guard let written = try read(bytes) else { continue }
        taken += 1
        #expect(Array(written.utf8) == bytes, "seed \(seed), round \(round)")
      } catch let problem as Problem {
        #expect(
          problem.code == .badInput && !problem.message.isEmpty, "round \(round): \(problem)")
      } catch {
        Issue.record("seed \(seed), round \(round): \(error)")
      }
    }
    return taken
  }

  private func note(_ size: Int64) throws -> SignedNote {
    let cosigner = try Cosigner(name: "witness.example/w", signer: PrivateKey.generate().signer)
    let note = try Checkpoint(origin: "log.example/a", size: size, root: .leaf([1]))
      .sign(by: log.signer)
    return try note.adding([cosigner.cosign(note, at: Instant(milliseconds: 1_700_000_000_000))])
  }

  @Test("notes and checkpoints")
  func notes() throws {
    let good = try [note(0), note(12), note(.max)].map(\.description)
    #expect(fuzz(1, good) { try SignedNote(bytes: $0).description } > 0)
    let bodies = try [note(0), note(12), note(.max)].map(\.text) + ["a\n1\n"]
    #expect(
      fuzz(2, bodies) { bytes in
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        return try Checkpoint(body: text).body
      } > 0)
  }

  @Test("receipts")
  func receipts() throws {
    let good = try (0..<4).map { place in
      Receipt(
        index: [0, 9, 1_000_000, .max][place],
        proof: Array(repeating: .leaf([7]), count: [0, 1, 20, 63][place]),
        checkpoint: try note(12).description,
        unauthenticatedExtra: place % 2 == 0 ? nil : [1, 2, 3]
      ).description
    }
    #expect(fuzz(3, good) { try Receipt(bytes: $0).description } > 0)
  }

  @Test("witness requests and answers")
  func witnessRequests() throws {
    let good = try [0, 1, 63].map {
      try WitnessRequest(
        oldSize: Int64($0), proof: Array(repeating: .leaf([7]), count: $0), note: note(80)
      ).description
    }
    #expect(fuzz(4, good) { try WitnessRequest(bytes: $0).description } > 0)
    let sizes = ["0\n", "12\n", "9223372036854775807\n"]
    #expect(
      fuzz(5, sizes) { bytes in
        let body = String(decoding: bytes, as: UTF8.self)
        let response = WitnessResponse(
          status: 409, contentType: WitnessResponse.sizeContentType, body: body)
        return response.heldSize.map { "\($0)\n" }
      } > 0)
    let lines = try note(3).signatureLines
    let bare = try SignedNote(signing: "text\n", name: "log", by: log.signer)
    let cosignerKey = try NoteKey(cosigner: "w", publicKey: PrivateKey.generate().publicKey)
    var random = Seeded(seed: 6)
    for _ in 0..<rounds {
      let mutated = String(decoding: random.mutated(Array(lines.utf8)), as: UTF8.self)
      #expect(throws: Problem.self) {
        try bare.adding(signatureLines: mutated, of: [cosignerKey])
      }
    }
  }

  @Test("verifier keys and paths of tiles")
  func keysAndPaths() throws {
    let keys = try [
      NoteKey(name: "log.example/a", publicKey: log.publicKey).description,
      NoteKey(cosigner: "w", publicKey: log.publicKey).description,
    ]
    // A changed key is no key: its hash names name, type and key.
    let unchanged = Set(keys)
    #expect(
      fuzz(7, keys) { bytes in
        guard let text = String(validating: bytes, as: UTF8.self), !unchanged.contains(text) else {
          return nil
        }
        return try NoteKey(text).description
      } == 0)
    let paths = [
      "tile/0/000", "tile/7/x001/x234/067", "tile/63/999.p/255", "tile/entries/x001/000.p/1",
    ]
    #expect(
      fuzz(8, paths) { bytes in
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        return try TilePath(text).description
      } > 0)
  }

  @Test("trust policies: a mutated one is refused at a place, or says something")
  func policies() throws {
    let witnesses = try (0..<4).map { number in
      "witness w\(number) \(try NoteKey(cosigner: "w", publicKey: PrivateKey.generate().publicKey))"
    }
    let policy =
      try "# trust\nlog \(NoteKey(name: "log.example/a", publicKey: log.publicKey))\n"
      + witnesses.joined(separator: "\n")
      + "\ngroup a 2 w0 w1 w2\ngroup b any a w3\nquorum b\n"
    let signed = try note(5)
    var random = Seeded(seed: 9)
    var taken = 0
    for round in 0..<rounds {
      do {
        let mutated = try TrustPolicy(bytes: random.mutated(Array(policy.utf8)), file: "p")
        taken += 1
        if let verdict = try? mutated.judge(signed) {
          #expect(!verdict.isMet || mutated.quorum == .none, "round \(round)")
          #expect(!verdict.explanation.isEmpty)
        }
      } catch let problem as Problem {
        #expect(problem.code == .badInput && problem.location?.hasPrefix("p") == true)
      }
    }
    #expect(taken > 0)
  }

  @Test("tiles and bundles: any bytes are taken whole or refused")
  func tiles() throws {
    var random = Seeded(seed: 10)
    let bundle = try Tile.bytes(ofEntries: [[], [1, 2, 3], [UInt8](repeating: 7, count: 300)])
    for _ in 0..<rounds {
      let bytes = random.mutated(bundle)
      if let entries = try? Tile.entries(in: bytes, width: 3) {
        #expect(try Tile.bytes(ofEntries: entries) == bytes)
      }
      let hashes = Array(bytes.prefix(96))
      if let read = try? Tile.hashes(in: hashes, width: 3) {
        #expect(Tile.bytes(of: read) == hashes)
      }
    }
  }
}
