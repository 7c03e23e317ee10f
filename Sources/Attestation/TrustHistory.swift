public import Model

/// Every version of the trust root with the place from which it is in force.
///
/// An entry is judged by the version that stood before it: revocation goes by position in the
/// ledger, not by a time that a signer claims. The first entry is judged by itself.
public struct TrustHistory: Sendable {
  /// A trust root and the index of the entry that brought it.
  public struct Version: Sendable {
    /// Index of the entry.
    public let index: Int64
    /// What it says.
    public let root: TrustRoot
    /// Whether it came into force by the recovery keys, and not by the people whom the version
    /// before asks for.
    public let isRecovery: Bool
    /// Its keys, parsed once.
    let keys: [(key: TrustRoot.Key, publicKey: PublicKey)]
  }

  /// The versions by ascending index.
  public private(set) var versions: [Version] = []

  /// No version yet.
  public init() {}

  /// Takes the next version.
  ///
  /// - Throws: `Problem` with `notTrusted` when a key cannot be read, its id is not its digest, its
  ///   holder is not named, a recovery key is also something else, or the version does not follow
  ///   the last one.
  public mutating func add(
    _ root: TrustRoot, at index: Int64, isRecovery: Bool = false
  ) throws {
    guard root.version == versions.count + 1, index > versions.last?.index ?? -1 else {
      throw Problem(
        .notTrusted, "trust root version \(root.version) does not follow \(versions.count)")
    }
    let keys = try root.keys.map { key in
      guard let der = Base64.decode(key.publicKey) else {
        throw Problem(.notTrusted, "the public key \(key.id.short) is not base64")
      }
      let publicKey = try PublicKey(encoded: der)
      guard publicKey.id == key.id else {
        throw Problem(.notTrusted, "the key id \(key.id) is not the digest of its public key")
      }
      guard !root.roles(of: key.holder).isEmpty else {
        throw Problem(
          .notTrusted, "the key \(key.id.short) belongs to \"\(key.holder)\", who is not named")
      }
      return (key, publicKey)
    }
    let recoveryKeys = try root.recovery?.publicKeys() ?? []
    if let both = keys.first(where: { recoveryKeys.contains($0.1) }) {
      throw Problem(
        .notTrusted,
        "a recovery key may only sign recoveries; one is also a key of"
          + " \"\(both.0.holder)\"")
    }
    versions.append(Version(index: index, root: root, isRecovery: isRecovery, keys: keys))
  }

  /// Takes a trust root as its entry brings it, after checking who signed it.
  ///
  /// The first must be signed by a key that it names. Each later one carries the signatures of the
  /// people whom the version before asks for: so many of each role, each person counted once, with
  /// keys that may sign trust roots; or of so many recovery keys as that version asks for.
  ///
  /// - Throws: `Problem` with `notTrusted`.
  public mutating func admit(
    _ envelope: Envelope, root: TrustRoot, at index: Int64, time: Instant
  ) throws {
    guard let current else {
      var founding = TrustHistory()
      try founding.add(root, at: index)
      _ = try founding.signers(
        of: envelope, kind: .trustRoot, application: nil, environment: nil, entry: index,
        time: time)
      self = founding
      return
    }
    do {
      try Self.checkApproval(of: envelope, by: current, time: time)
      try add(root, at: index)
    } catch let problem as Problem {
      // The people who could approve it may be gone; then the recovery keys stand in for them.
      guard let recovery = current.root.recovery, (try? recovery.check(envelope)) != nil else {
        throw problem
      }
      try add(root, at: index, isRecovery: true)
    }
  }

  /// Checks that the people signed whom a version asks for.
  private static func checkApproval(
    of envelope: Envelope, by current: Version, time: Instant
  ) throws {
    let verifying = envelope.verifyingKeys(among: current.keys.map(\.publicKey))
    let holders = Set(
      current.keys.filter {
        verifying.contains($0.publicKey)
          && $0.key.maySign(.trustRoot, application: nil, environment: nil, at: time)
          && current.root.isPresent($0.key.holder, at: time)
      }.map(\.key.holder))
    guard !current.root.changeApproval.isEmpty else {
      throw Problem(.notTrusted, "the trust root in force lets nobody change it")
    }
    for requirement in current.root.changeApproval {
      let signed = holders.count { holder in
        current.root.people.contains { $0.id == holder && $0.roles.contains(requirement.role) }
      }
      guard signed >= requirement.count else {
        throw Problem(
          .notTrusted,
          "a change of the trust root needs \(requirement.count) of role"
            + " \"\(requirement.role.rawValue)\", \(signed) signed",
          advice: "Let them sign with: pratique trust sign CHANGE --key FILE")
      }
    }
  }

  /// The version by which the entry at `index` is judged.
  public func version(forEntry index: Int64) -> Version? {
    index == 0 ? versions.first : versions.last { $0.index < index }
  }

  /// The version in force now.
  public var current: Version? { versions.last }

  /// Everyone whose key made a valid signature on an envelope and counted at that time, whatever
  /// kinds of evidence it may sign: for what a person signs beside a machine.
  public func signatories(
    of envelope: Envelope, entry index: Int64, time: Instant
  ) -> Set<String> {
    guard let version = version(forEntry: index) else { return [] }
    let verifying = envelope.verifyingKeys(among: version.keys.map(\.publicKey))
    let keys = version.keys.filter { verifying.contains($0.publicKey) }.map(\.key)
    return Set(
      keys.filter { $0.counts(at: time) && version.root.isPresent($0.holder, at: time) }
        .map(\.holder))
  }

  /// Who signed an envelope, as the trust root in force for the entry at `index` has it.
  ///
  /// - Returns: the trusted keys that signed and may sign this kind, for this application and
  ///   environment, at this time.
  /// - Throws: `Problem` with `notTrusted` that says which of these failed.
  public func signers(
    of envelope: Envelope, kind: EvidenceKind, application: String?, environment: String?,
    entry index: Int64, time: Instant
  ) throws -> [TrustRoot.Key] {
    guard let version = version(forEntry: index) else {
      throw Problem(.notTrusted, "no trust root is in force before entry \(index)")
    }
    let verifying = envelope.verifyingKeys(among: version.keys.map(\.publicKey))
    let known = version.keys.filter { verifying.contains($0.publicKey) }.map(\.key)
    guard !known.isEmpty else {
      throw Problem(
        .notTrusted,
        "no key of trust root version \(version.root.version) made a valid signature on it")
    }
    let present = known.filter { version.root.isPresent($0.holder, at: time) }
    guard !present.isEmpty else {
      throw Problem(
        .notTrusted,
        "\(known.map(\.holder).joined(separator: ", ")) signed it, whose word does not count at"
          + " \(time): they had not begun yet, or had left")
    }
    let allowed = present.filter {
      $0.maySign(kind, application: application, environment: environment, at: time)
    }
    guard !allowed.isEmpty else {
      let holders = present.map(\.holder).joined(separator: ", ")
      throw Problem(
        .notTrusted,
        "the key of \(holders) may not sign evidence of kind \"\(kind.rawValue)\""
          + (application.map { " for application \"\($0)\"" } ?? "")
          + (environment.map { " in environment \"\($0)\"" } ?? "") + " at \(time)")
    }
    return allowed
  }
}

extension TrustRoot.Key {
  /// Whether the key may sign evidence of a kind, for an application and an environment, at a time.
  public func maySign(
    _ kind: EvidenceKind, application: String?, environment: String?, at time: Instant
  ) -> Bool {
    guard kinds.contains(kind) else { return false }
    // What speaks of the organisation as a whole, or of every environment, is more than a key may
    // say that is limited to some.
    if EvidenceKind.standing.contains(kind) {
      if applications != nil, application == nil { return false }
      if environments != nil, environment == nil { return false }
    }
    return maySpeak(of: application, environment: environment, at: time)
  }

  /// Whether the key counts at a time.
  public func counts(at time: Instant) -> Bool {
    time >= validFrom && validTo.map { time < $0 } ?? true
  }

  /// Whether the key may speak of an application and an environment at a time, of whatever kind.
  public func maySpeak(of application: String?, environment: String?, at time: Instant) -> Bool {
    guard counts(at: time) else { return false }
    if let applications, let application, !applications.contains(application) { return false }
    if let environments, let environment, !environments.contains(environment) { return false }
    return true
  }

  /// A key with its id and public half in the trust root's form.
  public init(
    _ publicKey: PublicKey, holder: String, kinds: [EvidenceKind], applications: [String]? = nil,
    environments: [String]? = nil, validFrom: Instant, validTo: Instant? = nil
  ) {
    self.init(
      id: publicKey.id, algorithm: publicKey.algorithm,
      publicKey: Base64.encode(publicKey.encoded), holder: holder, kinds: kinds,
      applications: applications, environments: environments, validFrom: validFrom,
      validTo: validTo)
  }
}
