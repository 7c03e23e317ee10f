import Attestation
import Ledger
import Model
import Testing

/// A witness's states in memory, compared and kept in one step.
private actor MemoryWitnessStore: WitnessStore {
  private var states: [String: WitnessState] = [:]
  private(set) var isBroken = false

  func breakDown() { isBroken = true }

  func state(origin: String) throws -> WitnessState? { states[origin] }

  func replace(_ expected: WitnessState?, with new: WitnessState) throws -> Bool {
    if isBroken { throw Problem(.inputOutput, "disk full") }
    let held = states[new.checkpoint.origin]
    guard held.map({ old in expected.map(old.isSameTree) ?? false }) ?? (expected == nil) else {
      return false
    }
    states[new.checkpoint.origin] = new
    return true
  }
}

@Suite("Witness rules")
struct WitnessTests {
  let log = PrivateKey.generate()
  let cosigner: Cosigner
  let logKey: NoteKey
  let tree: MemoryTree
  let roots: [TreeHash]
  private let store = MemoryWitnessStore()

  init() throws {
    cosigner = try Cosigner(name: "w", signer: PrivateKey.generate().signer)
    logKey = try NoteKey(name: "log", publicKey: log.publicKey)
    var tree = MemoryTree()
    var roots = [TreeHash.empty]
    for number in 0..<40 {
      tree.append([UInt8(number)])
      roots.append(tree.range.root)
    }
    self.tree = tree
    self.roots = roots
  }

  private var witness: Witness {
    Witness(cosigner: cosigner, logs: [WitnessedLog(key: logKey)], store: store)
  }

  private func body(
    old: Int64, to size: Int64, proof: [TreeHash]? = nil, root: TreeHash? = nil,
    origin: String = "log", by key: PrivateKey? = nil
  ) throws -> String {
    let note = try Checkpoint(origin: origin, size: size, root: root ?? roots[Int(size)])
      .sign(by: (key ?? log).signer)
    let proof = try proof ?? (old <= size ? tree.proofs.consistency(from: old, to: size) : [])
    return try WitnessRequest(oldSize: old, proof: proof, note: note).description
  }

  private func answer(_ body: String) async throws -> WitnessResponse {
    try await witness.answer(Array(body.utf8), at: Instant(milliseconds: 5000))
  }

  @Test("each refusal of the specification, and the state that stays as it is")
  func refusals() async throws {
    #expect(try await answer(body(old: 0, to: 0, root: .leaf([1]))).status == 422)
    #expect(try await answer(body(old: 0, to: 7, proof: [roots[1]])).status == 422)
    let first = try await answer(body(old: 0, to: 7))
    #expect(first.status == 200)
    let note = try SignedNote(
      signing: Checkpoint(origin: "log", size: 7, root: roots[7]).body, name: "log", by: log.signer)
    #expect(
      try note.adding(signatureLines: first.body, of: [cosigner.key]).verify(with: [cosigner.key])
        == [cosigner.key])

    #expect(try await answer(body(old: 7, to: 9, origin: "unknown")).status == 404)
    #expect(try await answer(body(old: 7, to: 9, by: .generate())).status == 403)
    #expect(try await answer(body(old: 9, to: 8)).status == 400)
    #expect(try await answer("").status == 400)
    for malformed in ["old 7", "old 07\n\n", "old +7\n", "new 7\n\n", "old 7\nAAAA\n\n"] {
      #expect(try await answer(malformed + body(old: 7, to: 9)).status == 400)
    }
    let stale = try await answer(body(old: 3, to: 9))
    #expect(stale.status == 409 && stale.body == "7\n")
    #expect(stale.contentType == "text/x.tlog.size" && stale.heldSize == 7)
    #expect(try await answer(body(old: 0, to: 9)).heldSize == 7)
    #expect(try await answer(body(old: 7, to: 9, proof: [])).status == 422)
    #expect(try await answer(body(old: 7, to: 9, root: .leaf([9]))).status == 422)
    #expect(try await answer(body(old: 7, to: 7, root: .leaf([9]))).status == 422)
    #expect(try await answer(body(old: 7, to: 7, proof: [roots[1]])).status == 422)
    #expect(try await store.state(origin: "log")?.checkpoint.size == 7)
    #expect(try await answer(body(old: 7, to: 7)).status == 200)
    #expect(try await answer(body(old: 7, to: 40)).status == 200)
    #expect(try await store.state(origin: "log")?.checkpoint.size == 40)
  }

  @Test("what is kept holds the trusted signatures alone, and verifies")
  func kept() async throws {
    let stranger = try NoteKey(name: "stranger", publicKey: PrivateKey.generate().publicKey)
    let line = "— stranger \(Base64.encode(stranger.id + [1, 2, 3]))\n"
    #expect(try await answer(body(old: 0, to: 5) + line).status == 200)
    let state = try #require(try await store.state(origin: "log"))
    #expect(try state.note.verify(with: [logKey, cosigner.key]) == [logKey, cosigner.key])
    #expect(state.note.signatures.count == 2)
    #expect(WitnessState.identifier(origin: "log") == Digest.sha256("log".utf8).hex)
  }

  @Test("without a durable state there is no cosignature")
  func broken() async throws {
    await store.breakDown()
    await #expect(throws: Problem(.inputOutput, "")) { try await answer(body(old: 0, to: 5)) }
  }

  @Test("of many first requests at once one is cosigned, and the others hear its size")
  func race() async throws {
    let bodies = try (1...40).map { try body(old: 0, to: $0) }
    let answers = try await withThrowingTaskGroup(of: WitnessResponse.self) { group in
      for body in bodies { group.addTask { try await answer(body) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(answers.count { $0.status == 200 } == 1)
    let held = try #require(try await store.state(origin: "log")).checkpoint.size
    #expect(answers.filter { $0.status != 200 }.allSatisfy { $0.heldSize == held })
  }
}
