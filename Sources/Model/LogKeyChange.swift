/// The predicate of a `log-key` statement: from a stated size on, another key signs the ledger's
/// checkpoints (`docs/formats/log-key.md`).
public struct LogKeyChange: Hashable, Sendable, Codable {
  /// Why the key changes.
  public enum Reason: String, Sendable, Codable, CaseIterable {
    /// By plan, or because the key may have been seen: the old key signs the change itself.
    case rotation
    /// Nobody has the old key any more.
    case lost
    /// Somebody else may have the old key.
    case stolen
  }

  /// The key that signed until now, as a C2SP verifier key line.
  public let oldKey: String
  /// The key that signs from now on, as a C2SP verifier key line.
  public let newKey: String
  /// Why, in one word.
  public let reason: Reason
  /// Why, in a sentence.
  public let explanation: String
  /// The ledger that the change follows: origin, size and root of all entries before it.
  public let after: LedgerPosition
  /// The first size whose checkpoint the new key signs: one more than the size of `after`.
  public let firstSize: Int64
  /// For a stolen key, the head up to which entries are trusted; those between it and `after` were
  /// recorded when somebody else may have had the key.
  public let trusted: LedgerPosition?
  /// When the change was stated.
  public let time: Instant

  /// States a change of the log key.
  public init(
    oldKey: String, newKey: String, reason: Reason, explanation: String, after: LedgerPosition,
    trusted: LedgerPosition?, time: Instant
  ) {
    self.oldKey = oldKey
    self.newKey = newKey
    self.reason = reason
    self.explanation = explanation
    self.after = after
    firstSize = after.size + 1
    self.trusted = trusted
    self.time = time
  }
}
