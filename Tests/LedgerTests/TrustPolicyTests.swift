import Attestation
import Ledger
import Model
import Testing

@Suite("Trust policy")
struct TrustPolicyTests {
  let log = PrivateKey.generate()
  let cosigners: [Cosigner]
  let note: SignedNote

  init() throws {
    cosigners = try (1...5).map {
      try Cosigner(name: "w\($0)", signer: PrivateKey.generate().signer)
    }
    note = try Checkpoint(origin: "log", size: 1, root: .leaf([1])).sign(by: log.signer)
  }

  private func logLine() throws -> String {
    "log \(try NoteKey(name: "log", publicKey: log.publicKey)) https://log.example\n"
  }

  private func witnessLines() -> String {
    cosigners.map { "\twitness  \($0.key.name) \($0.key)\n" }.joined()
  }

  private func cosigned(by places: Int...) throws -> SignedNote {
    try note.adding(places.map { try cosigners[$0 - 1].cosign(note, at: Instant(milliseconds: 0)) })
  }

  @Test("two of three and any of two, as in the standard's example")
  func nested() throws {
    let policy = try TrustPolicy(
      """
      # comment

      \(logLine())\(witnessLines())
      group X 2 w1 w2 w3
        group Y any w4 w5
      group both all X Y
      quorum both

      """)
    #expect(policy.logs.first?.url == "https://log.example")
    #expect(policy.witnesses.count == 5 && policy.groups.map(\.threshold) == [2, 1, 2])
    for (places, isMet) in [
      ([1, 2, 4], true), ([1, 3, 5], true), ([1, 2, 3, 4, 5], true), ([1, 2, 3], false),
      ([1, 4, 5], false), ([4], false), ([], false),
    ] {
      let cosignatures = try places.map {
        try cosigners[$0 - 1].cosign(note, at: Instant(milliseconds: 9000))
      }
      let verdict = try policy.judge(note.adding(cosignatures))
      #expect(verdict.isMet == isMet, "\(places)")
      #expect(verdict.cosigned.map(\.witness.description) == places.map { "w\($0)" })
      #expect(verdict.cosigned.allSatisfy { $0.timestamp == 9 })
    }
    let verdict = try policy.judge(cosigned(by: 1, 4, 5))
    #expect(
      verdict.explanation == [
        "group both needs 2 of 2, has 1 (Y); not there: X",
        "group X needs 2 of 3, has 1 (w1); not there: w2, w3",
        "group Y needs 1 of 2, has 2 (w4, w5)",
      ])
    #expect(throws: Problem(.notTrusted, "")) { try policy.verify(cosigned(by: 1)) }
  }

  @Test("one witness, and none")
  func simple() throws {
    let one = try TrustPolicy(logLine() + witnessLines() + "quorum w2\n")
    #expect(try one.judge(cosigned(by: 2)).isMet)
    #expect(try one.judge(cosigned(by: 1)).explanation == ["witness w2 is missing"])
    let none = try TrustPolicy(logLine() + "quorum none\n")
    #expect(try none.verify(note).log.name == "log")
    let logless = try TrustPolicy("quorum none\n")
    #expect(throws: Problem(.notTrusted, "")) { try logless.judge(note) }
    #expect(
      try logless.judge(note, logs: [NoteKey(name: "log", publicKey: log.publicKey)]).isMet)
  }

  @Test("a trusted log may not speak for another, and a wrong cosignature spoils the note")
  func foreign() throws {
    let policy = try TrustPolicy(
      "log \(NoteKey(name: "other", publicKey: log.publicKey))\n" + witnessLines() + "quorum w1\n")
    let renamed = try SignedNote(signing: note.text, name: "other", by: log.signer)
    let cosignature = try cosigners[0].cosign(renamed, at: Instant(milliseconds: 0))
    #expect(throws: Problem(.notTrusted, "")) { try policy.judge(renamed.adding([cosignature])) }

    let larger = try Checkpoint(origin: "log", size: 2, root: .leaf([1])).sign(by: log.signer)
    let trusting = try TrustPolicy(logLine() + witnessLines() + "quorum w1\n")
    #expect(throws: Problem(.notTrusted, "")) {
      try trusting.judge(
        larger.adding([cosigners[0].cosign(note, at: Instant(milliseconds: 0))]))
    }
  }

  @Test("names are octets: what only looks the same is another name")
  func octets() throws {
    let bytes =
      Array("witness K \(cosigners[0].key)\nwitness \u{212a} \(cosigners[1].key)\n".utf8)
      + Array("witness ".utf8) + [0xff] + Array(" \(cosigners[2].key)\nquorum ".utf8)
    #expect(try TrustPolicy(bytes: bytes + [0xff, 0x0a]).witnesses.count == 3)
    #expect(throws: Problem.self) { try TrustPolicy(bytes: bytes + [0xfe, 0x0a]) }
  }

  @Test("what is not understood is an error at its line and column")
  func refusals() throws {
    let start = try logLine() + witnessLines()
    let key = cosigners[0].key
    let other = try NoteKey(cosigner: "w9", publicKey: PrivateKey.generate().publicKey)
    let sameKey = try NoteKey(cosigner: "w9", publicKey: .ed25519(key.publicKey))
    for (text, place) in [
      (start, nil), ("", nil), (start + "quorum w1", "line 7:10"),
      (start + "quorum w6\n", "line 7:8"), (start + "quorum\n", "line 7:1"),
      (start + "quorum w1 w2\n", "line 7:11"), (start + "quorum w1\nquorum w1\n", "line 8:1"),
      (start + "qourum w1\n", "line 7:1"), (start + "quorum\u{b}w1\n", "line 7:7"),
      (start + "quorum w1\r\n", "line 7:10"), (start + "Quorum w1\n", "line 7:1"),
      (start + "group g 0 w1\n", "line 7:9"), (start + "group g 3 w1 w2\n", "line 7:9"),
      (start + "group g 01 w1\n", "line 7:9"), (start + "group g most w1\n", "line 7:9"),
      (start + "group g any\n", "line 7:1"), (start + "group g any w1 w1\n", "line 7:16"),
      (start + "group g any w1 none\n", "line 7:16"), (start + "group g any g\n", "line 7:13"),
      (start + "group none any w1\n", "line 7:7"), (start + "group w1 any w2\n", "line 7:7"),
      (start + "group g any w1\ngroup h any w1 w2\n", "line 8:13"),
      (start + "witness w1 \(other)\n", "line 7:9"), (start + "witness x \(key)\n", "line 7:11"),
      (start + "witness x \(sameKey)\n", "line 7:11"), (start + "witness x w9+0+A\n", "line 7:11"),
      (start + "log \(other)\n", "line 7:5"), (start + "log a b c\n", "line 7:9"),
      (try start + "witness x \(NoteKey(name: "l", publicKey: log.publicKey))\n", "line 7:11"),
      (try start + logLine(), "line 7:5"),
    ] {
      do {
        _ = try TrustPolicy(text)
        Issue.record("was taken: \(text)")
      } catch let problem as Problem {
        #expect(problem.code == .badInput)
        #expect(problem.location == place, "\(text) \(problem)")
      }
    }
  }
}
