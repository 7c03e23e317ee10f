import Attestation
import Ledger
import Model
import Reading

/// Makes the entries that carry trust roots.
enum TrustEntry {
  /// The statement of a trust root; its subject is the organisation, by the root's own digest.
  static func statement(_ root: TrustRoot) throws -> Statement {
    let subject = Subject(name: root.organisation, digest: .sha256(try Statement.canonical(root)))
    return try Statement(Evidence(kind: .trustRoot, subjects: [subject], predicate: root))
  }

  static func draft(
    _ root: TrustRoot, signers: [Signer], actor: String, time: Instant
  ) throws -> EntryDraft {
    let statement = try statement(root)
    let envelope = try Envelope(signing: statement.json(), by: signers)
    return try draft(envelope, statement: statement, actor: actor, role: .pipeline, time: time)
  }

  static func draft(
    _ envelope: Envelope, statement: Statement, actor: String, role: Role, time: Instant
  ) throws -> EntryDraft {
    try EntryDraft.guarded(
      envelope, statement, kind: .trustRoot, actor: actor, role: role, time: time)
  }
}

/// Reads what entries hold.
enum EntryReader {
  /// The envelope of an entry, checked against its leaf.
  ///
  /// - Throws: `Problem` with `ledgerDamaged`, or `notFound` when it was erased.
  static func envelope(_ entry: StoredEntry, leaf: Leaf) throws -> Envelope {
    try Envelope(json: bytes(entry, leaf: leaf))
  }

  /// The statement of an entry, its signature verified by the trust root that stood before it.
  ///
  /// - Throws: `Problem` with `ledgerDamaged` or `notTrusted`.
  static func statement(
    _ entry: StoredEntry, leaf: Leaf, history: TrustHistory
  ) throws -> Statement {
    let envelope = try envelope(entry, leaf: leaf)
    let statement = try Statement(json: envelope.payload)
    _ = try history.signers(
      of: envelope, kind: leaf.kind, application: statement.application,
      environment: statement.environment, entry: entry.index, time: leaf.time)
    try checkRequest(statement, envelope, leaf: leaf, entry: entry.index, history: history)
    return statement
  }

  /// A rollout that says that a person signed it must bear that person's signature.
  ///
  /// - Throws: `Problem` with `notTrusted`.
  static func checkRequest(
    _ statement: Statement, _ envelope: Envelope, leaf: Leaf, entry: Int64, history: TrustHistory
  ) throws {
    guard leaf.kind == .rollout, let request = statement.predicate["request"],
      request["isSigned"] != .some(.bool(false))
    else { return }
    let person = request["person"]?.string ?? ""
    guard history.signatories(of: envelope, entry: entry, time: leaf.time).contains(person) else {
      throw Problem(
        .notTrusted, "it says that \(person) signed it, and no key of \(person) did")
    }
  }

  /// The envelope's bytes, checked against the leaf.
  static func bytes(_ entry: StoredEntry, leaf: Leaf) throws -> [UInt8] {
    switch entry.payload {
    case .present(let bytes, let salt):
      guard Leaf.saltedDigest(of: bytes, salt: salt) == leaf.envelope else {
        throw Problem(
          .ledgerDamaged, "the payload of entry \(entry.index) is not the one its leaf names")
      }
      return bytes
    case .erased: throw Problem(.notFound, "the payload of entry \(entry.index) was erased")
    case .lost(let digest):
      throw Problem(
        .ledgerDamaged, "the payload of entry \(entry.index), \(digest), is not in the blob store")
    }
  }
}
