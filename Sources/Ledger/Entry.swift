public import Model

/// A signed envelope that waits to become an entry.
public struct EntryDraft: Sendable {
  /// Random, 16 bytes; a draft sent twice under one id is one entry.
  public let entryID: [UInt8]
  /// The evidence's kind.
  public let kind: EvidenceKind
  /// The DSSE envelope's exact bytes.
  public let envelope: [UInt8]
  /// The subjects' digests.
  public let subjects: [Digest]
  /// Pseudonym of the actor.
  public let actor: String
  /// The role in which the actor acted.
  public let role: Role
  /// When it is recorded.
  public let time: Instant
  /// What the statement says for the index.
  public let facts: EntryFacts

  /// A draft with a new random id.
  ///
  /// - Parameter facts: what the statement says, where the caller has it at hand; otherwise the
  ///   envelope is read once more.
  public init(
    kind: EvidenceKind, envelope: [UInt8], subjects: [Digest], actor: String, role: Role,
    time: Instant, entryID: [UInt8]? = nil, facts: EntryFacts? = nil
  ) {
    self.entryID = entryID ?? RandomBytes.make(16)
    self.kind = kind
    self.envelope = envelope
    self.subjects = subjects
    self.actor = actor
    self.role = role
    self.time = time
    self.facts = facts ?? EntryFacts(envelope: envelope)
  }
}

/// Bytes from the system's random numbers.
public enum RandomBytes {
  /// So many random bytes.
  public static func make(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    // Eight at a time: the generator asks the system anew for each number.
    var bytes: [UInt8] = []
    while bytes.count < count {
      withUnsafeBytes(of: generator.next()) { bytes.append(contentsOf: $0) }
    }
    return Array(bytes.prefix(count))
  }
}

/// An entry as a store holds it.
public struct StoredEntry: Sendable {
  /// Where the payload is.
  public enum Payload: Sendable {
    /// The envelope's bytes and their salt.
    case present(envelope: [UInt8], salt: [UInt8])
    /// It was erased; the leaf remains.
    case erased
    /// It should be in the blob store and is not.
    case lost(Digest)
  }

  /// Counted from zero.
  public let index: Int64
  /// The leaf's exact bytes.
  public let leaf: [UInt8]
  /// The payload.
  public let payload: Payload

  /// States an entry.
  public init(index: Int64, leaf: [UInt8], payload: Payload) {
    self.index = index
    self.leaf = leaf
    self.payload = payload
  }
}
