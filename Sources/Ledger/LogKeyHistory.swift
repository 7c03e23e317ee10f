public import Attestation
public import Model

/// Which key signs a ledger's checkpoints, from its first entry to the last change
/// (`docs/formats/log-key.md`).
///
/// It begins with the key that founded the ledger, which whoever checks must know by other ways,
/// and takes the ledger's `log-key` entries in order.
public struct LogKeyHistory: Sendable {
  /// A key, and the sizes whose checkpoints it signs.
  public struct Period: Sendable {
    /// The key.
    public let key: NoteKey
    /// The first size whose checkpoint it signs.
    public let firstSize: Int64
    /// The change that began it; `nil` for the founding key.
    public let change: LogKeyChange?
  }

  /// The keys in the order in which they came into force.
  public private(set) var periods: [Period]
  private let founding: Period

  /// Begins with the key that founded the ledger.
  public init(founding key: NoteKey) {
    founding = Period(key: key, firstSize: 0, change: nil)
    periods = [founding]
  }

  /// The log's name.
  public var origin: String { founding.key.name }

  /// The period in force now.
  public var current: Period { periods.last ?? founding }

  /// Entries that were recorded when somebody else may have had the key, and that count for nothing.
  public var distrusted: [Range<Int64>] {
    periods.compactMap { period in
      guard let change = period.change, let trusted = change.trusted else { return nil }
      return trusted.size < change.after.size ? trusted.size..<change.after.size : nil
    }
  }

  /// Whether an entry counts for nothing, because the log key was stolen when it was recorded.
  public func isDistrusted(_ index: Int64) -> Bool { distrusted.contains { $0.contains(index) } }

  /// The keys that must have signed the checkpoint of a size. Where the old key hands over to the
  /// new one, it is both.
  public func signers(ofSize size: Int64) -> [NoteKey] {
    let place = periods.lastIndex { $0.firstSize <= size } ?? 0
    let period = periods[place]
    guard place > 0, period.firstSize == size, period.change?.reason == .rotation else {
      return [period.key]
    }
    return [periods[place - 1].key, period.key]
  }

  /// Reads a signed checkpoint, which the key must have signed that signs its size, and no other key
  /// of this ledger.
  ///
  /// It is not looked at whether the key was stolen: whoever has the ledger's entries compares the
  /// root, and whoever has not calls `receiptCheckpoint(_:)`.
  ///
  /// - Throws: `Problem` with `badInput` (form) or `notTrusted` (signature, or another origin).
  public func checkpoint(_ note: String) throws -> Checkpoint {
    let note = try SignedNote(note)
    let checkpoint = try Checkpoint(body: note.text)
    guard checkpoint.origin.utf8.elementsEqual(founding.key.name.utf8) else {
      throw Problem(
        .notTrusted,
        "the checkpoint is of \"\(checkpoint.origin)\", not of"
          + " \"\(founding.key.name)\"")
    }
    let signed = try note.verify(with: periods.map(\.key))
    let wanted = signers(ofSize: checkpoint.size)
    guard Set(signed) == Set(wanted) else {
      throw Problem(
        .notTrusted,
        "the checkpoint of \(checkpoint.size) entries is not signed by the log key"
          + " that signs this size, but by one that was replaced, or is not in force yet")
    }
    return checkpoint
  }

  /// Reads a signed checkpoint that stands by itself, as in a receipt: one of a key that was stolen
  /// later shows nothing, since the thief can sign any.
  ///
  /// - Throws: `Problem` with `badInput` or `notTrusted`.
  public func receiptCheckpoint(_ note: String) throws -> Checkpoint {
    let checkpoint = try checkpoint(note)
    let place = periods.lastIndex { $0.firstSize <= checkpoint.size } ?? 0
    let later = periods.dropFirst(place + 1)
    guard !later.contains(where: { $0.change?.reason == .stolen }) else {
      throw Problem(
        .notTrusted,
        "the log key that signed the checkpoint of \(checkpoint.size) entries was"
          + " stolen later, or one after it: the checkpoint shows nothing by itself",
        advice: "Ask for a new receipt, under the key in force: pratique ledger prove INDEX")
    }
    return checkpoint
  }

  /// Takes the next change.
  ///
  /// - Parameters:
  ///   - index: the entry's place in the ledger.
  ///   - trust: the trust roots up to that entry; their recovery keys replace a lost or stolen key.
  ///   - roots: the roots that the ledger has at the sizes that the change names.
  /// - Throws: `Problem` with `notTrusted` that says which rule it breaks.
  public mutating func admit(
    _ envelope: Envelope, change: LogKeyChange, at index: Int64, trust: TrustHistory,
    roots: [Int64: TreeHash]
  ) throws {
    let rules = LogKeyRules(current: current, used: periods.map(\.key), index: index, roots: roots)
    let new = try rules.check(envelope, change, trust: trust)
    periods.append(Period(key: new, firstSize: change.firstSize, change: change))
  }
}
