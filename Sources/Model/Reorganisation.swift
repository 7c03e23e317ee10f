/// That organisations were renamed, merged or split, or go on in another log, and which logs stand
/// before this one.
public struct Reorganisation: Hashable, Sendable, Codable {
  /// What happened.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// One organisation bears another name.
    case rename
    /// Several organisations became one.
    case merge
    /// One organisation became several.
    case split
    /// The same organisation goes on in another log.
    case succession
  }

  /// A log whose history this one goes on with, by the last that it showed.
  public struct Predecessor: Hashable, Sendable, Codable {
    /// The log's verifier key, `name+hash+key`.
    public let key: String
    /// Its last signed checkpoint, as it was signed.
    public let checkpoint: String

    /// States a predecessor.
    public init(key: String, checkpoint: String) {
      self.key = key
      self.checkpoint = checkpoint
    }
  }

  /// What happened.
  public let kind: Kind
  /// The organisations before.
  public let from: [String]
  /// The organisations after.
  public let to: [String]
  /// Logs that stand before this one; none when this log is the only one.
  public let predecessors: [Predecessor]
  /// When it came into effect.
  public let effective: Instant
  /// Why, in words.
  public let reason: String

  /// States what happened.
  ///
  /// - Throws: `Problem` with `badInput` for a number of organisations that does not fit the kind.
  public init(
    kind: Kind, from: [String], to: [String], predecessors: [Predecessor], effective: Instant,
    reason: String
  ) throws {
    let fits =
      switch kind {
      case .rename: from.count == 1 && to.count == 1 && from != to
      case .merge: from.count >= 2 && to.count == 1
      case .split: from.count == 1 && to.count >= 2
      case .succession: from.count == 1 && from == to && !predecessors.isEmpty
      }
    guard fits, Set(from).count == from.count, Set(to).count == to.count,
      (from + to).allSatisfy(Actor.isIdentifier)
    else {
      throw Problem(
        .badInput,
        "a \(kind.rawValue) does not lead from \(from.joined(separator: ", "))"
          + " to \(to.joined(separator: ", "))",
        advice: "A rename leads from one to another, a merge from several to one, a split from one"
          + " to several, a succession from a log of one to another log of it; each by its"
          + " identifier.")
    }
    self.kind = kind
    self.from = from
    self.to = to
    self.predecessors = predecessors
    self.effective = effective
    self.reason = reason
  }
}
