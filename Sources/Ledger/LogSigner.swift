public import Attestation
public import Model

/// Who signs the checkpoint of an append: the log key in force, or the key that takes over.
public struct LogSigner: Sendable {
  private enum Act: Sendable {
    case ordinary
    /// The new key takes over from this one.
    case handover(from: PublicKey)
  }

  /// The keys that sign, the one that is in force afterwards last.
  private let signers: [Signer]
  private let inForce: Signer
  private let act: Act

  private init(signers: [Signer], inForce: Signer, act: Act) {
    self.signers = signers
    self.inForce = inForce
    self.act = act
  }

  /// The key in force signs.
  public init(_ signer: Signer) {
    self.init(signers: [signer], inForce: signer, act: .ordinary)
  }

  /// The old key hands over to the new one; both sign the checkpoint that covers the change.
  public static func rotating(from old: Signer, to new: Signer) -> LogSigner {
    LogSigner(signers: [old, new], inForce: new, act: .handover(from: old.publicKey))
  }

  /// The new key takes over from one that is lost or stolen; it alone signs.
  public static func replacing(_ old: PublicKey, by new: Signer) -> LogSigner {
    LogSigner(signers: [new], inForce: new, act: .handover(from: old))
  }

  /// The key that is in force after the append.
  public var publicKey: PublicKey { inForce.publicKey }

  /// Checks that this key may sign what is appended now. A store calls it inside the transaction
  /// that appends, with the last checkpoint of that moment: so a process that still holds a key that
  /// was replaced cannot append, however its clock and another's rotation fall together.
  ///
  /// - Parameters:
  ///   - kinds: the kinds of the entries to be appended.
  ///   - note: the last checkpoint; `nil` in a ledger without one.
  ///   - founding: the key that founded the ledger.
  /// - Throws: `Problem` with `notTrusted`.
  public func check(kinds: [EvidenceKind], after note: String?, founding: NoteKey) throws {
    let wanted = try Self.keyInForce(after: note, founding: founding)
    switch act {
    case .ordinary:
      guard !kinds.contains(.logKey) else {
        throw Problem(
          .notTrusted, "a change of the log key is not recorded like other evidence",
          advice: "Use: pratique ledger rotate-key")
      }
      try Self.compare(inForce.publicKey, wanted, founding)
    case .handover(let old):
      guard kinds == [.logKey] else {
        throw Problem(.notTrusted, "a new log key takes over with the entry of its change alone")
      }
      try Self.compare(old, wanted, founding)
    }
  }

  /// Name and id of the key that signed last: where two signed, the later line is the new key's.
  private static func keyInForce(after note: String?, founding: NoteKey) throws -> [UInt8] {
    guard let note else { return founding.id }
    // Every append asks: only the signature lines are read, from the end.
    for line in note.utf8.dropLast().split(separator: UInt8(ascii: "\n")).reversed() {
      guard let signature = SignedNote.Signature(line: line) else { break }
      if signature.name.utf8.elementsEqual(founding.name.utf8) { return signature.keyID }
    }
    throw Problem(.ledgerDamaged, "the last checkpoint has no signature of the log")
  }

  private static func compare(_ key: PublicKey, _ id: [UInt8], _ founding: NoteKey) throws {
    let own = try NoteKey(name: founding.name, publicKey: key)
    guard own.id == id else {
      throw Problem(
        .notTrusted,
        "the key \(Hexadecimal.encode(own.id)) is not the log key in force of"
          + " \"\(founding.name)\", which is \(Hexadecimal.encode(id))",
        advice: "Nothing was recorded. If the log key was replaced, start again: the new key is"
          + " taken from the ledger's folder.")
    }
  }

  /// Signs a checkpoint under the origin's name.
  ///
  /// - Throws: what a key or its token throws.
  public func sign(_ checkpoint: Checkpoint) throws -> SignedNote {
    let notes = try signers.map { try checkpoint.sign(by: $0) }
    guard var note = notes.first else { throw Problem(.internalError, "nobody signs") }
    for other in notes.dropFirst() { note = try note.merging(other) }
    return note
  }
}

extension LedgerStore {
  /// Appends drafts in order, all or none, whatever size the ledger has.
  ///
  /// - Returns: the index of each draft's entry, after the entries are durable.
  /// - Throws: `Problem`; then nothing was appended.
  public func append(_ drafts: [EntryDraft], logSigner: Signer) async throws -> [Int64] {
    try await append(drafts, logSigner: LogSigner(logSigner), ifSize: nil)
  }

  /// Appends drafts in order, all or none, if the ledger still has a size.
  public func append(
    _ drafts: [EntryDraft], logSigner: Signer, ifSize expected: Int64?
  ) async throws -> [Int64] {
    try await append(drafts, logSigner: LogSigner(logSigner), ifSize: expected)
  }
}
