public import Attestation
public import Model

/// Who signs the checkpoint of an append: the log key in force, or the key that takes over.
public struct LogSigner: Sendable {
  private enum Act: Sendable {
    case ordinary
    /// The new key takes over from this one.
    case handover(from: PublicKey)
    /// The same key goes on under another name of the log.
    case epoch(origin: String)
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

  /// The key in force signs under another name, from a recovery epoch on.
  public static func openingEpoch(_ signer: Signer, origin: String) -> LogSigner {
    LogSigner(signers: [signer], inForce: signer, act: .epoch(origin: origin))
  }

  /// Whether neither the log's key nor its name changes.
  public var isOrdinary: Bool { if case .ordinary = act { true } else { false } }

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
  /// - Returns: the name that the log bears in the checkpoint of the append.
  /// - Throws: `Problem` with `notTrusted`.
  @discardableResult
  public func check(
    kinds: [EvidenceKind], after note: String?, founding: NoteKey
  ) throws -> String {
    try check(kinds: kinds, after: LogHead(after: note, founding: founding))
  }

  /// The same, for a store that knows the last checkpoint's head from its own last append.
  ///
  /// - Throws: `Problem` with `notTrusted`.
  public func check(kinds: [EvidenceKind], after head: LogHead) throws -> String {
    let (origin, wanted) = (head.origin, head.keyID)
    switch act {
    case .ordinary:
      guard !kinds.contains(.logKey), !kinds.contains(.recoveryEpoch) else {
        throw Problem(
          .notTrusted, "a change of the log key or of its name is not recorded like other evidence",
          advice: "Use: pratique ledger rotate-key, or pratique ledger restore")
      }
      if head.publicKey != inForce.publicKey {
        try Self.compare(inForce.publicKey, wanted, origin)
      }
      return origin
    case .handover(let old):
      guard kinds == [.logKey] else {
        throw Problem(.notTrusted, "a new log key takes over with the entry of its change alone")
      }
      try Self.compare(old, wanted, origin)
      return origin
    case .epoch(let next):
      guard kinds == [.recoveryEpoch] else {
        throw Problem(
          .notTrusted, "another name of the log begins with the entry of its epoch alone")
      }
      try Self.compare(inForce.publicKey, wanted, origin)
      return next
    }
  }

  /// The head after an append that this signed; `nil` where it has to be read again.
  public func head(after head: LogHead) -> LogHead? {
    guard isOrdinary else { return nil }
    return LogHead(origin: head.origin, keyID: head.keyID, publicKey: inForce.publicKey)
  }

  private static func compare(_ key: PublicKey, _ id: [UInt8], _ origin: String) throws {
    let own = try NoteKey(name: origin, publicKey: key)
    guard own.id == id else {
      throw Problem(
        .notTrusted,
        "the key \(Hexadecimal.encode(own.id)) is not the log key in force of \"\(origin)\", which is"
          + " \(Hexadecimal.encode(id))",
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
