import Model

/// What hashing a range of entries shows, before any signature is looked at.
struct HashedPage: Sendable {
  /// An entry whose leaf was read, kept for the check of its statement.
  struct Row: Sendable {
    let index: Int64
    let leaf: Leaf
    let payload: EntryRow.Payload

    init(_ index: Int64, _ leaf: LeafScan, _ payload: EntryRow.Payload) throws {
      try self.init(index: index, leaf: Leaf(leaf), payload: payload)
    }

    init(index: Int64, leaf: Leaf, payload: EntryRow.Payload) {
      self.index = index
      self.leaf = leaf
      self.payload = payload
    }
  }

  /// A signed head whose size falls into the page.
  struct Head: Sendable {
    let size: Int64
    let note: String
    /// The size of the head before it, as the store has it.
    let previous: Int64?
    /// Root of the page's entries below the size; `nil` when there are none.
    let tail: TreeHash?
  }

  /// The entries.
  let range: Range<Int64>
  /// The perfect subtrees that make up the page, largest first.
  private(set) var subtrees: [(level: Int, hash: TreeHash)] = []
  /// Entries for the next stage: all of them, or with hashes alone those that lie in blobs.
  private(set) var rows: [Row] = []
  /// The signed heads with sizes after the first and up to the last entry.
  private(set) var heads: [Head] = []
  /// Entries without a payload.
  private(set) var gone = IndexRanges()
  /// Whether there was any entry at all.
  private(set) var isEmpty = true
  /// What is wrong.
  private(set) var report = LedgerReport()

  /// Reads and hashes the entries of a range, which begins at a multiple of its greatest length.
  ///
  /// - Throws: what the store throws when it cannot be read.
  init(_ range: Range<Int64>, scope: VerificationScope, reader: any LedgerReader) throws {
    self.range = range
    var leaves: [TreeHash] = []
    leaves.reserveCapacity(range.count)
    let stored = try NodeRow(level: 0, places: range, reader: reader)
    func fillGap(until index: Int64) {
      while range.lowerBound + Int64(leaves.count) < index {
        let missing = range.lowerBound + Int64(leaves.count)
        report.add("the entry is missing", at: missing)
        // So that one missing entry is one fault, the tree goes on with what is stored of it.
        leaves.append(stored[missing] ?? .empty)
      }
    }
    try reader.visit(range) { row in
      isEmpty = false
      fillGap(until: row.index)
      let hash = TreeHash.leaf(row.leaf)
      if stored[row.index] != hash { wrongNode(level: 0, place: row.index) }
      leaves.append(hash)
      take(row, scope: scope)
    }
    fillGap(until: range.upperBound)
    let levels = try compareNodes(leaves, reader)
    subtrees = Self.places(leaves.count).map { ($0.level, levels[$0.level][Int($0.index)]) }
    let first = range.lowerBound == 0 ? 0 : range.lowerBound + 1
    heads = try reader.checkpoints(sizes: first...range.upperBound).map { stored in
      let count = Int(stored.size - range.lowerBound)
      let parts = Self.places(count).map { levels[$0.level][Int($0.index)] }
      return Head(
        size: stored.size, note: stored.note, previous: stored.previous,
        tail: CompactRange.root(of: parts))
    }
  }

  private static func places(_ count: Int) -> [NodePlace] {
    CompactRange.places(size: Int64(count))
  }

  private mutating func wrongNode(level: Int, place: Int64) {
    report.add(
      "the stored hash at level \(level), place \(place) is wrong",
      at: (place + 1) << Int64(level) - 1)
  }

  /// Checks a leaf's form and an inline payload, and keeps what the next stage needs.
  private mutating func take(_ row: BorrowedRow, scope: VerificationScope) {
    do {
      let leaf = try LeafScan(row.leaf)
      switch row.payload {
      case .none:
        report.erased += 1
        gone.insert(row.index..<row.index + 1)
        if scope == .full { rows.append(try Row(row.index, leaf, .none)) }
      case .blob(let digest, let salt):
        rows.append(try Row(row.index, leaf, .blob(digest, salt: salt)))
      case .inline(let envelope, let salt):
        guard leaf.envelopeHash == TreeHash.salted(envelope, salt: salt) else {
          throw Problem(.ledgerDamaged, Self.otherPayload)
        }
        guard scope == .full else { return }
        rows.append(try Row(row.index, leaf, .inline(Array(envelope), salt: Array(salt))))
      }
    } catch {
      report.add(error, at: row.index)
    }
  }

  /// What is said of a payload that another leaf, or none, was made for.
  static let otherPayload = "the payload is not the one that the leaf names"

  /// Hashes the page's interior nodes, and holds those stored against them.
  ///
  /// - Returns: the hashes of each level, the leaves first.
  private mutating func compareNodes(
    _ leaves: [TreeHash], _ reader: any LedgerReader
  ) throws -> [[TreeHash]] {
    var levels = [leaves]
    while let below = levels.last, below.count > 1 {
      let level = levels.count
      let hashes = (0..<below.count / 2).map { TreeHash.node(below[2 * $0], below[2 * $0 + 1]) }
      let first = range.lowerBound >> Int64(level)
      let places = first..<first + Int64(hashes.count)
      let stored = try NodeRow(level: level, places: places, reader: reader)
      for (place, hash) in zip(places, hashes) where stored[place] != hash {
        wrongNode(level: level, place: place)
      }
      levels.append(hashes)
    }
    return levels
  }
}

/// The stored hashes of one level of a page.
private struct NodeRow {
  private let first: Int64
  private var hashes: [TreeHash?]

  init(level: Int, places: Range<Int64>, reader: any LedgerReader) throws {
    first = places.lowerBound
    hashes = Array(repeating: nil, count: places.count)
    for (place, hash) in try reader.nodes(level: level, places) {
      hashes[Int(place - first)] = hash
    }
  }

  subscript(place: Int64) -> TreeHash? { hashes[Int(place - first)] }
}
