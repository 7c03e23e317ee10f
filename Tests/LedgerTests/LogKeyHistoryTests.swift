import Attestation
import Ledger
import Model
import Testing

/// A ledger in memory: leaves that say nothing, a trust root with recovery keys, and log keys.
struct LogKeyFixture {
  static let origin = "test.ledger"
  let founding = PrivateKey.generate()
  let machine = PrivateKey.generate()
  let recovery = (0..<3).map { _ in PrivateKey.generate() }
  let time = Instant(milliseconds: 1_000)
  var trust = TrustHistory()
  var history: LogKeyHistory

  init(hasRecovery: Bool = true) throws {
    history = LogKeyHistory(founding: try Self.note(founding))
    let root = TrustRoot(
      organisation: "hospital", version: 1, people: [.init(id: "ana", roles: [.deliverer])],
      machines: [.init(id: "runner", onBehalfOf: "ana", roles: [.pipeline])],
      keys: [.init(machine.publicKey, holder: "runner", kinds: [.trustRoot], validFrom: time)],
      changeApproval: [.init(role: .deliverer, count: 1)], policies: [],
      recovery: hasRecovery
        ? .init(
          threshold: 2, keys: recovery.map { Base64.encode($0.publicKey.subjectPublicKeyInfo) })
        : nil)
    try trust.add(root, at: 0)
  }

  static func note(_ key: PrivateKey) throws -> NoteKey {
    try NoteKey(name: origin, publicKey: key.publicKey)
  }

  /// The root of the ledger's first so many entries.
  func root(_ size: Int64) -> TreeHash {
    var range = CompactRange()
    for index in 0..<size { range.append(.leaf(Array("\(index)".utf8))) { _, _ in } }
    return range.root
  }

  func position(_ size: Int64) throws -> LedgerPosition {
    LedgerPosition(origin: Self.origin, size: size, root: try #require(root(size).digest))
  }

  func change(
    _ old: PrivateKey, _ new: PrivateKey, at index: Int64, _ reason: LogKeyChange.Reason,
    trusted: Int64? = nil
  ) throws -> LogKeyChange {
    LogKeyChange(
      oldKey: try Self.note(old).description, newKey: try Self.note(new).description,
      reason: reason, explanation: "why", after: try position(index),
      trusted: try trusted.map(position), time: time)
  }

  func envelope(_ change: LogKeyChange, by keys: [PrivateKey]) throws -> Envelope {
    let evidence = Evidence(
      kind: .logKey, subjects: [Subject(name: "key", digest: .sha256([]))], predicate: change)
    return try Envelope(signing: Statement(evidence).json(), by: keys.map(\.signer))
  }

  mutating func admit(
    _ change: LogKeyChange, by keys: [PrivateKey], at index: Int64? = nil
  ) throws {
    let sizes = [change.after.size, change.trusted?.size].compactMap { $0 }
    try history.admit(
      envelope(change, by: keys), change: change, at: index ?? change.after.size, trust: trust,
      roots: Dictionary(sizes.map { ($0, root($0)) }) { first, _ in first })
  }

  func checkpoint(_ size: Int64, by keys: [PrivateKey], root: TreeHash? = nil) throws -> String {
    let checkpoint = Checkpoint(origin: Self.origin, size: size, root: root ?? self.root(size))
    var note = try checkpoint.sign(by: keys[0].signer)
    for key in keys.dropFirst() { note = try note.merging(checkpoint.sign(by: key.signer)) }
    return note.description
  }
}

@Suite("Log keys")
struct LogKeyHistoryTests {
  private let refused = Problem(.notTrusted, "")
  private let new = PrivateKey.generate()

  @Test("after a rotation each size has its key; where the keys meet, both sign")
  func rotation() throws {
    var log = try LogKeyFixture()
    try log.admit(log.change(log.founding, new, at: 5, .rotation), by: [log.founding, new])
    for size: Int64 in [1, 5] {
      _ = try log.history.checkpoint(log.checkpoint(size, by: [log.founding]))
      #expect(throws: refused) { try log.history.checkpoint(log.checkpoint(size, by: [new])) }
    }
    for keys in [[log.founding], [new]] {
      #expect(throws: refused) { try log.history.checkpoint(log.checkpoint(6, by: keys)) }
    }
    _ = try log.history.checkpoint(log.checkpoint(6, by: [log.founding, new]))
    for keys in [[log.founding], [log.founding, new]] {
      #expect(throws: refused) { try log.history.checkpoint(log.checkpoint(7, by: keys)) }
    }
    _ = try log.history.checkpoint(log.checkpoint(7, by: [new]))
    // A receipt under a key that was rotated, not stolen, holds.
    _ = try log.history.receiptCheckpoint(log.checkpoint(5, by: [log.founding]))
    #expect(log.history.distrusted.isEmpty)
    let third = PrivateKey.generate()
    try log.admit(log.change(new, third, at: 6, .rotation), by: [new, third])
    _ = try log.history.checkpoint(log.checkpoint(7, by: [new, third]))
  }

  @Test("a rotation needs old and new key, its own place, its own ledger, and a fresh key")
  func badRotations() throws {
    let fixture = try LogKeyFixture()
    let good = try fixture.change(fixture.founding, new, at: 5, .rotation)
    func refuses(
      _ change: LogKeyChange, by keys: [PrivateKey], at index: Int64? = nil,
      location: SourceLocation = #_sourceLocation
    ) {
      #expect(throws: refused, sourceLocation: location) {
        var log = fixture
        try log.admit(change, by: keys, at: index)
      }
    }
    let stranger = PrivateKey.generate()
    refuses(good, by: [fixture.founding])
    refuses(good, by: [new])
    refuses(good, by: [stranger, new])
    refuses(good, by: [fixture.machine, new] + fixture.recovery)
    refuses(good, by: [fixture.founding, new], at: 6)
    // By a key that is not the log key.
    refuses(try fixture.change(stranger, new, at: 5, .rotation), by: [stranger, new])
    refuses(
      try fixture.change(fixture.founding, fixture.founding, at: 5, .rotation),
      by: [fixture.founding])
    refuses(
      try fixture.change(fixture.founding, fixture.recovery[0], at: 5, .rotation),
      by: [fixture.founding, fixture.recovery[0]])
    refuses(
      try fixture.change(fixture.founding, new, at: 5, .rotation, trusted: 3),
      by: [fixture.founding, new])
    let elsewhere = LogKeyChange(
      oldKey: good.oldKey, newKey: good.newKey, reason: .rotation, explanation: "why",
      after: LedgerPosition(origin: LogKeyFixture.origin, size: 5, root: .sha256([])),
      trusted: nil, time: fixture.time)
    refuses(elsewhere, by: [fixture.founding, new])
    // A key that signed before never comes back.
    var log = fixture
    try log.admit(good, by: [fixture.founding, new])
    #expect(throws: refused) {
      try log.admit(log.change(new, log.founding, at: 9, .rotation), by: [new, log.founding])
    }
    #expect(throws: refused) { try log.admit(good, by: [fixture.founding, new]) }
  }

  @Test("a lost key is replaced by two of three recovery keys, and by nothing less")
  func lost() throws {
    let fixture = try LogKeyFixture()
    let change = try fixture.change(fixture.founding, new, at: 5, .lost)
    let keys = fixture.recovery
    for signers in [
      [new], [new, keys[0]], [new, keys[0], keys[0]], [keys[0], keys[1]],
      [new, keys[0], fixture.machine], [new, fixture.founding],
    ] {
      var log = fixture
      #expect(throws: refused) { try log.admit(change, by: signers) }
    }
    var log = fixture
    try log.admit(change, by: [new, keys[0], keys[2]])
    _ = try log.history.checkpoint(log.checkpoint(6, by: [new]))
    #expect(throws: refused) {
      try log.history.checkpoint(log.checkpoint(6, by: [log.founding, new]))
    }
    // The same statement once more, at its place or later.
    for index: Int64 in [5, 6, 9] {
      #expect(throws: refused) { try log.admit(change, by: [new, keys[0], keys[2]], at: index) }
    }
    var none = try LogKeyFixture(hasRecovery: false)
    let unasked = try none.change(none.founding, new, at: 5, .lost)
    #expect(throws: refused) { try none.admit(unasked, by: [new] + keys) }
  }

  @Test("after a theft, entries after the stated position and the old key's receipts count no more")
  func stolen() throws {
    var log = try LogKeyFixture()
    let keys = [new, log.recovery[1], log.recovery[2]]
    for trusted: Int64? in [nil, 0, 6] {
      var attempt = log
      let change = try log.change(log.founding, new, at: 5, .stolen, trusted: trusted)
      #expect(throws: refused) { try attempt.admit(change, by: keys) }
    }
    try log.admit(log.change(log.founding, new, at: 5, .stolen, trusted: 3), by: keys)
    #expect(log.history.distrusted == [3..<5])
    #expect([2, 3, 4, 5].map(log.history.isDistrusted) == [false, true, true, false])
    // A fork by the thief: longer than the ledger was, or an old size with other entries.
    let forged = TreeHash.leaf([1])
    #expect(throws: refused) {
      try log.history.checkpoint(log.checkpoint(8, by: [log.founding], root: forged))
    }
    for size: Int64 in [2, 4] {
      let old = try log.checkpoint(size, by: [log.founding], root: forged)
      // With the ledger at hand the roots are compared; without it the note shows nothing.
      #expect(try log.history.checkpoint(old).root != log.root(size))
      #expect(throws: refused) { try log.history.receiptCheckpoint(old) }
    }
    _ = try log.history.receiptCheckpoint(log.checkpoint(9, by: [new]))
    let third = PrivateKey.generate()
    // What was said of the time before a change is not said anew by the next one.
    let again = try log.change(new, third, at: 9, .stolen, trusted: 4)
    #expect(throws: refused) {
      try log.admit(again, by: [third, log.recovery[0], log.recovery[1]])
    }
  }

  @Test("a recovery takes back no change of the trust root")
  func trustStays() throws {
    var log = try LogKeyFixture()
    let current = try #require(log.trust.current?.root)
    try log.trust.add(
      TrustRoot(
        organisation: current.organisation, version: 2, people: current.people,
        machines: current.machines, keys: current.keys, changeApproval: current.changeApproval,
        policies: [], recovery: current.recovery), at: 3)
    let keys = [new, log.recovery[0], log.recovery[1]]
    #expect(throws: refused) {
      try log.admit(log.change(log.founding, new, at: 5, .stolen, trusted: 3), by: keys)
    }
    try log.admit(log.change(log.founding, new, at: 5, .stolen, trusted: 4), by: keys)
  }
}

@Suite("Who signs an append")
struct LogSignerTests {
  private let old = PrivateKey.generate()
  private let new = PrivateKey.generate()

  @Test("only the key of the last checkpoint appends, and a change is appended alone")
  func check() throws {
    let founding = try LogKeyFixture.note(old)
    let refused = Problem(.notTrusted, "")
    let checkpoint = Checkpoint(origin: LogKeyFixture.origin, size: 1, root: .leaf([1]))
    let before = try LogSigner(old.signer).sign(checkpoint).description
    let rotation = LogSigner.rotating(from: old.signer, to: new.signer)
    let after = try rotation.sign(checkpoint).description
    try LogSigner(old.signer).check(kinds: [.step], after: nil, founding: founding)
    try LogSigner(old.signer).check(kinds: [.step, .run], after: before, founding: founding)
    try rotation.check(kinds: [.logKey], after: before, founding: founding)
    try LogSigner(new.signer).check(kinds: [.step], after: after, founding: founding)
    try LogSigner.replacing(old.publicKey, by: new.signer)
      .check(kinds: [.logKey], after: before, founding: founding)
    for (signer, kinds, note) in [
      (LogSigner(new.signer), [.step], nil), (LogSigner(new.signer), [.step], before),
      (LogSigner(old.signer), [.step], after), (LogSigner(old.signer), [.logKey], before),
      (rotation, [.logKey], after), (rotation, [.step], before),
      (rotation, [.logKey, .step], before),
      (LogSigner.replacing(old.publicKey, by: new.signer), [.logKey], after),
    ] as [(LogSigner, [EvidenceKind], String?)] {
      #expect(throws: refused) { try signer.check(kinds: kinds, after: note, founding: founding) }
    }
  }
}
