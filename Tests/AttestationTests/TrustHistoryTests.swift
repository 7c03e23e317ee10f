import Attestation
import Model
import Testing

@Suite("Trust history")
struct TrustHistoryTests {
  let founder = PrivateKey.generate()
  let ana = PrivateKey.generate()
  let ben = PrivateKey.generate()
  let start = Instant(milliseconds: 1_000)

  private func root(
    version: Int, kinds: [EvidenceKind] = [.step], applications: [String]? = nil,
    validTo: Instant? = nil, needed: Int = 2
  ) -> TrustRoot {
    let officer = Role(rawValue: "officer")
    return TrustRoot(
      organisation: "hospital", version: version,
      people: [.init(id: "ana", roles: [officer]), .init(id: "ben", roles: [officer])],
      machines: [.init(id: "runner", onBehalfOf: "ana", roles: [.pipeline])],
      keys: [
        .init(
          founder.publicKey, holder: "runner", kinds: kinds + [.trustRoot],
          applications: applications, validFrom: start, validTo: validTo),
        .init(ana.publicKey, holder: "ana", kinds: [.trustRoot], validFrom: start),
        .init(ben.publicKey, holder: "ben", kinds: [.trustRoot], validFrom: start),
      ],
      changeApproval: [.init(role: officer, count: needed)], policies: [], recovery: nil)
  }

  private func envelope(_ root: TrustRoot, by keys: [PrivateKey]) throws -> Envelope {
    let evidence = Evidence(
      kind: .trustRoot, subjects: [Subject(name: "trust", digest: .sha256([]))], predicate: root)
    return try Envelope(signing: Statement(evidence).json(), by: keys.map(\.signer))
  }

  private func signers(
    _ history: TrustHistory, entry: Int64, time: Instant, application: String? = nil
  ) throws -> [TrustRoot.Key] {
    let step = Evidence(
      kind: .step, subjects: [Subject(name: "s", digest: .sha256([]))], predicate: ["a": "b"])
    return try history.signers(
      of: Envelope(signing: Statement(step).json(), by: [founder.signer]), kind: .step,
      application: application, environment: nil, entry: entry, time: time)
  }

  @Test("a change needs two people under the old rules, each counted once")
  func change() throws {
    var history = TrustHistory()
    let first = root(version: 1)
    try history.admit(envelope(first, by: [founder]), root: first, at: 0, time: start)
    let weaker = root(version: 2, needed: 0)
    for signers in [[], [ana], [ana, ana], [founder, ana], [PrivateKey.generate(), ana]] {
      var attempt = history
      let keys = signers.isEmpty ? [PrivateKey.generate()] : signers
      #expect(throws: Problem(.notTrusted, "")) {
        try attempt.admit(envelope(weaker, by: keys), root: weaker, at: 5, time: start)
      }
    }
    try history.admit(envelope(weaker, by: [ana, ben]), root: weaker, at: 5, time: start)
    #expect(history.current?.root.version == 2)
    #expect(history.version(forEntry: 5)?.root.version == 1)
    #expect(history.version(forEntry: 6)?.root.version == 2)
  }

  @Test("the founder must be named, and versions follow each other")
  func founding() throws {
    var history = TrustHistory()
    let first = root(version: 1)
    #expect(throws: Problem(.notTrusted, "")) {
      try history.admit(
        envelope(first, by: [.generate()]), root: first, at: 0, time: start)
    }
    let second = root(version: 2)
    #expect(throws: Problem(.notTrusted, "")) {
      try history.admit(envelope(second, by: [founder]), root: second, at: 0, time: start)
    }
    #expect(history.versions.isEmpty)
  }

  @Test("kind, application, time and position decide whether a key counts")
  func limits() throws {
    var history = TrustHistory()
    try history.add(
      root(version: 1, applications: ["portal"], validTo: Instant(milliseconds: 9_000)), at: 0)
    #expect(try signers(history, entry: 1, time: start, application: "portal").count == 1)
    #expect(throws: Problem(.notTrusted, "")) {
      try signers(history, entry: 1, time: start, application: "other")
    }
    for time in [999, 9_000] {
      #expect(throws: Problem(.notTrusted, "")) {
        try signers(history, entry: 1, time: Instant(milliseconds: Int64(time)))
      }
    }
    try history.add(root(version: 2, kinds: []), at: 7)
    #expect(try signers(history, entry: 7, time: start).count == 1)
    #expect(throws: Problem(.notTrusted, "")) { try signers(history, entry: 8, time: start) }
  }
}

@Suite("Recovery keys")
struct RecoveryKeyTests {
  let machine = PrivateKey.generate()
  let ana = PrivateKey.generate()
  let keys = (0..<3).map { _ in PrivateKey.generate() }
  let start = Instant(milliseconds: 1_000)

  private func root(
    version: Int, recovery: TrustRoot.Recovery?, person: PrivateKey? = nil
  ) -> TrustRoot {
    let officer = Role(rawValue: "officer")
    return TrustRoot(
      organisation: "hospital", version: version, people: [.init(id: "ana", roles: [officer])],
      machines: [.init(id: "runner", onBehalfOf: "ana", roles: [.pipeline])],
      keys: [
        .init(machine.publicKey, holder: "runner", kinds: [.trustRoot], validFrom: start),
        .init(
          (person ?? ana).publicKey, holder: "ana", kinds: [.trustRoot, .approval],
          validFrom: start),
      ], changeApproval: [.init(role: officer, count: 1)], policies: [], recovery: recovery)
  }

  private func recovery(_ threshold: Int, _ keys: [PrivateKey]) -> TrustRoot.Recovery {
    .init(
      threshold: threshold, keys: keys.map { Base64.encode($0.publicKey.subjectPublicKeyInfo) })
  }

  private func envelope(_ root: TrustRoot, by keys: [PrivateKey]) throws -> Envelope {
    let evidence = Evidence(
      kind: .trustRoot, subjects: [Subject(name: "trust", digest: .sha256([]))], predicate: root)
    return try Envelope(signing: Statement(evidence).json(), by: keys.map(\.signer))
  }

  @Test("when the people are gone, so many recovery keys change the trust root, and it is said")
  func trustChange() throws {
    var history = TrustHistory()
    let first = root(version: 1, recovery: recovery(2, keys))
    try history.admit(envelope(first, by: [machine]), root: first, at: 0, time: start)
    let second = root(version: 2, recovery: recovery(2, keys), person: .generate())
    for signers in [[keys[0]], [keys[0], keys[0]], [keys[0], machine], [keys[0], .generate()]] {
      #expect(throws: Problem(.notTrusted, "")) {
        try history.admit(envelope(second, by: signers), root: second, at: 5, time: start)
      }
    }
    try history.admit(
      envelope(second, by: [keys[0], keys[2]]), root: second, at: 5, time: start)
    #expect(history.versions.map(\.isRecovery) == [false, true])
  }

  @Test("a recovery key that is another key too, stands twice, or cannot suffice is refused")
  func forms() throws {
    for bad in [
      recovery(1, [ana]), recovery(1, [machine, keys[0]]), recovery(1, [keys[0], keys[0]]),
      recovery(4, keys), recovery(0, keys), recovery(1, []),
      TrustRoot.Recovery(threshold: 1, keys: ["AAAA"]),
      TrustRoot.Recovery(threshold: 1, keys: ["?"]),
    ] {
      var history = TrustHistory()
      #expect(throws: Problem.self) { try history.add(root(version: 1, recovery: bad), at: 0) }
    }
    var history = TrustHistory()
    try history.add(root(version: 1, recovery: recovery(3, keys)), at: 0)
  }

  @Test("a recovery key signs nothing else")
  func nothingElse() throws {
    var history = TrustHistory()
    try history.add(root(version: 1, recovery: recovery(1, keys)), at: 0)
    let approval = Evidence(
      kind: .approval, subjects: [Subject(name: "s", digest: .sha256([]))], predicate: ["a": "b"])
    let envelope = try Envelope(
      signing: Statement(approval).json(), by: keys.map(\.signer))
    #expect(throws: Problem(.notTrusted, "")) {
      try history.signers(
        of: envelope, kind: .approval, application: nil, environment: nil, entry: 1, time: start)
    }
  }

  @Test("a key that a change takes out ends at its place in the ledger, whatever time it claims")
  func revocationByPosition() throws {
    var history = TrustHistory()
    try history.add(root(version: 1, recovery: nil), at: 0)
    let approval = Evidence(
      kind: .approval, subjects: [Subject(name: "s", digest: .sha256([]))], predicate: ["a": "b"])
    let envelope = try Envelope(signing: Statement(approval).json(), by: [ana.signer])
    func signers(_ entry: Int64, _ time: Int64) throws -> Int {
      try history.signers(
        of: envelope, kind: .approval, application: nil, environment: nil, entry: entry,
        time: Instant(milliseconds: time)
      ).count
    }
    try history.add(root(version: 2, recovery: nil, person: .generate()), at: 7)
    #expect(try signers(7, 1_000) == 1)
    // Recorded before the change, it counts; after it, not, though it says an earlier time.
    #expect(throws: Problem(.notTrusted, "")) { try signers(8, 1_000) }
    #expect(throws: Problem(.notTrusted, "")) { try signers(8, 1_000_000) }
  }
}
