import Attestation
import Ledger
import Model

/// Makes the statements and entries by which the log key changes.
enum LogKeyEntry {
  /// The statement of a change; its subjects are the two keys, by the digests of their
  /// SubjectPublicKeyInfo.
  static func statement(_ change: LogKeyChange, old: PublicKey, new: PublicKey) throws -> Statement
  {
    try Statement(
      Evidence(
        kind: .logKey,
        subjects: [
          Subject(name: "old log key", digest: old.id),
          Subject(name: "new log key", digest: new.id),
        ], predicate: change))
  }

  /// The entry, recorded by a machine of the trust root.
  static func draft(
    _ envelope: Envelope, statement: Statement, trust: TrustRoot, time: Instant
  ) throws -> EntryDraft {
    guard let machine = trust.machines.first, let role = machine.roles.first else {
      throw Problem(.notTrusted, "the trust root names no machine")
    }
    return try EntryDraft.guarded(
      envelope, statement, kind: .logKey, actor: machine.id, role: role, time: time)
  }
}

extension LedgerReader {
  /// The head of a size, as a change of the log key names it.
  func position(origin: String, size: Int64) throws -> LedgerPosition {
    let last = try self.size()
    guard size > 0, size <= last, let root = try proofs.root(size: size).digest else {
      throw Problem(.notFound, "the ledger has \(last) entries, not \(size)")
    }
    return LedgerPosition(origin: origin, size: size, root: root)
  }
}

extension NoteKey {
  /// The key as whoever signs with it has it.
  var ed25519: PublicKey { .ed25519(publicKey) }
}
