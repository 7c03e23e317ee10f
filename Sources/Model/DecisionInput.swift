/// One thing that a gate was given, by its digest: whoever asks again with the same has the same
/// answer.
public struct DecisionInput: Hashable, Sendable, Codable {
  /// What it is.
  public enum What: String, Sendable, Codable, CaseIterable {
    /// The trust root in force.
    case trustRoot = "trust-root"
    /// The policy with its catalogs.
    case policy
    /// One catalog of the policy.
    case catalog
    /// What serves in the environment.
    case live
    /// Freezes and change windows as instants.
    case calendar
    /// A signed envelope that was admitted.
    case evidence
    /// An entry that was not admitted.
    case refused
    /// A signed envelope that was in no ledger: it could not be recorded, and nobody looked at it.
    case unrecorded
  }

  /// What it is.
  public let what: What
  /// The evidence's kind, or a name; `nil` where there is none.
  public let name: String?
  /// Index in the ledger; `nil` for what is not an entry.
  public let entry: Int64?
  /// SHA-256 of an envelope, or of the canonical JSON of anything else. Of an entry whose envelope is
  /// gone or cannot be read, SHA-256 of the leaf.
  public let digest: Digest

  /// Names an input.
  public init(what: What, name: String?, entry: Int64?, digest: Digest) {
    self.what = what
    self.name = name
    self.entry = entry
    self.digest = digest
  }
}
