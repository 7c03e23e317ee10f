/// Payloads that were erased, by whose word, and why: the predicate of kind `erasure`.
///
/// It is recorded in the transaction that removes the payloads. It stays for ever, so it says
/// nothing that was in them: entries are named by their index and by the salted digest that their
/// leaf names too, contents that went with them by a digest under the same salt, which is gone.
public struct Erasure: Hashable, Sendable, Codable {
  /// Why payloads may go.
  public enum Basis: String, Sendable, Codable, CaseIterable {
    /// Somebody asked for it, such as the person whom the data is about.
    case request
    /// Their time was over.
    case expiry
    /// They held what should never have come into the ledger.
    case spill
  }

  /// An entry whose payload goes.
  public struct Entry: Hashable, Sendable, Codable {
    /// Counted from zero.
    public let index: Int64
    /// The evidence's kind, as the leaf has it.
    public let kind: EvidenceKind
    /// The salted digest of the envelope, as the leaf has it.
    public let envelope: Digest
    /// Logs and reports that only this payload referred to, each by
    /// `Erasure.saltedDigest(of:salt:)`, sorted.
    public let contents: [Digest]

    /// Names an entry.
    public init(index: Int64, kind: EvidenceKind, envelope: Digest, contents: [Digest] = []) {
      self.index = index
      self.kind = kind
      self.envelope = envelope
      self.contents = contents
    }
  }

  /// One erasure names so many entries at most, so that its leaf stays below 64 KiB, which is what
  /// served trees can hold (C2SP tlog-tiles).
  public static let entryLimit = 256

  /// The entries, by ascending index, each once; at least one.
  public let entries: [Entry]
  /// Why they may go.
  public let basis: Basis
  /// Why, in the words of whoever erases. It stays for ever: nothing of what is erased belongs here.
  public let reason: String
  /// The request's own number or pseudonym; never a name.
  public let requestedBy: String?
  /// Pseudonym of the person who erases.
  public let person: String
  /// The capacity in which the person acts.
  public let role: Role
  /// When the person signed.
  public let time: Instant

  /// States an erasure.
  public init(
    entries: [Entry], basis: Basis, reason: String, requestedBy: String?, person: String,
    role: Role, time: Instant
  ) {
    self.entries = entries
    self.basis = basis
    self.reason = reason
    self.requestedBy = requestedBy
    self.person = person
    self.role = role
    self.time = time
  }

  /// The statement's subjects: each entry by the salted digest that its leaf names, so that the
  /// erasure of an entry is found by it.
  public var subjects: [Subject] {
    entries.map { Subject(name: "entry:\($0.index)", digest: $0.envelope) }
  }

  /// A content's digest as an erasure names it: SHA-256 of `pratique-content/v1`, a line feed, the
  /// salt of the entry's payload and the content's own digest as `sha256:<hex>`.
  ///
  /// Whoever kept a copy of the payload can tell by it which contents went; nobody else can find
  /// out by guessing what they said.
  public static func saltedDigest(of content: Digest, salt: [UInt8]) -> Digest {
    .sha256(Array("pratique-content/v1\n".utf8) + salt + Array(content.description.utf8))
  }
}

/// An erasure that was asked for and refused because of a legal hold: the predicate of kind
/// `erasure-request`. It waits, so that it is not forgotten when the hold ends.
public struct ErasureRequest: Hashable, Sendable, Codable {
  /// The entries that were to be erased, by ascending index; their contents are not named.
  public let entries: [Erasure.Entry]
  /// The holds that stood in the way, by name, sorted.
  public let holds: [String]
  /// Why they were to go.
  public let basis: Erasure.Basis
  /// Why, in the words of whoever asked.
  public let reason: String
  /// The request's own number or pseudonym; never a name.
  public let requestedBy: String?
  /// Pseudonym of the person who asked.
  public let person: String
  /// The capacity in which the person acts.
  public let role: Role
  /// When the person signed.
  public let time: Instant

  /// States a request.
  public init(
    entries: [Erasure.Entry], holds: [String], basis: Erasure.Basis, reason: String,
    requestedBy: String?, person: String, role: Role, time: Instant
  ) {
    self.entries = entries
    self.holds = holds
    self.basis = basis
    self.reason = reason
    self.requestedBy = requestedBy
    self.person = person
    self.role = role
    self.time = time
  }

  /// The statement's subjects: each entry by the salted digest that its leaf names.
  public var subjects: [Subject] {
    entries.map { Subject(name: "entry:\($0.index)", digest: $0.envelope) }
  }
}
