import Model

/// A run of entries exactly as a store holds them, with the checkpoints that end in it.
public struct LedgerPage: Sendable {
  /// An entry's row, and what the index says of it.
  public struct Row: Sendable {
    /// The row as it lies in the other store.
    public let stored: EntryRow
    /// What follows from it for the index.
    public let indexed: IndexedEntry

    /// States a row.
    public init(_ stored: EntryRow, indexed: IndexedEntry) {
      self.stored = stored
      self.indexed = indexed
    }
  }

  /// The log's keys, as the other store's entries say; they sign the checkpoints.
  public let keys: LogKeyHistory
  /// Index of the first entry: the size that the taking store must have.
  public let start: Int64
  /// The entries, without gap.
  public let rows: [Row]
  /// The signed checkpoints whose sizes lie in the page.
  public let checkpoints: [StoredCheckpoint]
  /// Entries before the page whose payloads an erasure in the page has taken away.
  public let erased: [Int64]
  /// What others said of these checkpoints.
  public let additions: CheckpointAdditions

  /// States a page.
  public init(
    keys: LogKeyHistory, start: Int64, rows: [Row], checkpoints: [StoredCheckpoint],
    erased: [Int64] = [],
    additions: CheckpointAdditions = CheckpointAdditions()
  ) {
    self.keys = keys
    self.additions = additions
    self.erased = erased
    self.start = start
    self.rows = rows
    self.checkpoints = checkpoints
  }

  /// Index behind the last entry.
  public var end: Int64 { start + Int64(rows.count) }

  /// Holds the page against a tree that it shall continue: the leaves rebuild it, and each
  /// checkpoint is signed with the log key in force and has the root of the entries that it covers.
  ///
  /// - Parameter range: the tree of the taking store; afterwards the one with the page.
  /// - Returns: the stored hashes that the page adds.
  /// - Throws: `Problem` with `busy` when the store has another size, `ledgerDamaged`, `notTrusted`.
  public func check(
    onto range: inout CompactRange, founding key: NoteKey
  ) throws -> [(place: NodePlace, hash: TreeHash)] {
    guard keys.periods.first?.key == key else {
      throw Problem(.badInput, "the entries are of a ledger with another founding key")
    }
    guard range.size == start else {
      throw Problem(
        .busy, "the copy has \(range.size) entries, not \(start): somebody else writes to it")
    }
    var nodes: [(place: NodePlace, hash: TreeHash)] = []
    var waiting = checkpoints[...]
    func take(_ checkpoint: StoredCheckpoint) throws {
      let signed = try keys.checkpoint(checkpoint.note)
      guard signed.size == checkpoint.size, signed.root == range.root else {
        throw Problem(
          .ledgerDamaged,
          "the checkpoint of size \(checkpoint.size) has another root than the"
            + " entries that it covers")
      }
    }
    while let first = waiting.first, first.size == range.size { try take(waiting.removeFirst()) }
    for row in rows {
      guard row.stored.index == range.size, row.indexed.index == range.size else {
        throw Problem(.ledgerDamaged, "entry \(range.size) is missing")
      }
      range.append(.leaf(row.stored.leaf)) { nodes.append(($0, $1)) }
      while let first = waiting.first, first.size == range.size {
        try take(waiting.removeFirst())
      }
    }
    guard waiting.isEmpty else {
      throw Problem(.ledgerDamaged, "the checkpoints of the page are not in order")
    }
    return nodes
  }
}
