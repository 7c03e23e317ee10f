import Attestation
import Model

/// What a copy came to.
public struct LedgerCopyReport: Hashable, Sendable, Codable {
  /// Entries that both have.
  public let entries: Int64
  /// Entries that this copy has brought; the others were there from an earlier one.
  public let copied: Int64
  /// The root of the source's entries, computed from its stored hashes, hexadecimal.
  public let sourceRoot: String
  /// The root of the copy's entries, hexadecimal.
  public let root: String

  /// States what a copy came to.
  public init(entries: Int64, copied: Int64, sourceRoot: String, root: String) {
    self.entries = entries
    self.copied = copied
    self.sourceRoot = sourceRoot
    self.root = root
  }
}

extension LedgerStore {
  /// Copies what another store holds and this one has not yet: leaves, payloads or their absence,
  /// checkpoints with their signatures, byte by byte.
  ///
  /// It verifies as it copies: this store's entries must be the first of the other's; the leaves
  /// must lead to the root of every checkpoint; payloads must be the ones that their leaves name. A
  /// page is one transaction, so that a copy that was interrupted goes on where it was. While it
  /// goes on the other store may grow; the copy ends when it has caught up. The other store is only
  /// read.
  ///
  /// - Parameters:
  ///   - copiesBlobs: whether large payloads are copied too; not needed where both stores have the
  ///     same blob store.
  ///   - followsErasures: whether payloads that an earlier copy brought, and that the other store has
  ///     erased since, go in the same transaction. Whoever asks the rules of retention about each
  ///     says no, and removes them afterwards.
  ///   - pageLength: entries a transaction.
  ///   - progress: is told the entries that both have, and how many there are.
  /// - Throws: `Problem` with `badInput` when this store is of another log or holds something else,
  ///   `ledgerDamaged` for what does not verify, or `CancellationError`; all pages before it stay.
  public func copy(
    from source: some LedgerStore, copiesBlobs: Bool = true, followsErasures: Bool = true,
    pageLength: Int64 = 1_000,
    progress: @Sendable (_ done: Int64, _ all: Int64) -> Void
  ) async throws -> LedgerCopyReport {
    try await LedgerCopier(
      source: source, target: self, copiesBlobs: copiesBlobs, followsErasures: followsErasures,
      pageLength: pageLength
    ).run(progress: progress)
  }
}

/// Carries a ledger from one store to another, page by page.
struct LedgerCopier<Source: LedgerStore, Target: LedgerStore>: Sendable {
  let source: Source
  let target: Target
  let copiesBlobs: Bool
  let followsErasures: Bool
  let pageLength: Int64

  func run(progress: @Sendable (Int64, Int64) -> Void) async throws -> LedgerCopyReport {
    guard source.key == target.key else {
      throw Problem(
        .badInput, "it holds the ledger \"\(target.key.name)\" of another log key",
        at: target.place, advice: "Name a place that is empty, or holds a beginning of this ledger."
      )
    }
    let first = try await target.read { try $0.size() }
    try await checkBeginning(first)
    var done = first
    var all = try await source.read { try $0.size() }
    var keys = try await source.histories(size: all).keys
    progress(done, all)
    while done < all {
      try Task.checkCancellation()
      let page = try await page(from: done, size: all, keys)
      try await target.append(page)
      done = page.end
      if done == all {
        all = try await source.read { try $0.size() }
        if done < all { keys = try await source.histories(size: all).keys }
      }
      progress(done, all)
    }
    try await bringAdditions(upTo: first)
    return try await compare(size: done, copied: done - first)
  }

  /// What was said since an earlier copy of the checkpoints that it brought.
  private func bringAdditions(upTo size: Int64) async throws {
    var start: Int64 = 0
    while start < size {
      try Task.checkCancellation()
      let sizes = start...min(start + pageLength, size)
      let there = try await target.read { try CheckpointAdditions($0, sizes: sizes) }
      let new = try await source.read { try CheckpointAdditions($0, sizes: sizes) }
        .subtracting(there)
      for (size, signatures) in new.cosignatures {
        try await target.keep(cosignatures: signatures, size: size)
      }
      for timestamp in new.timestamps.values.joined() { try await target.keep(timestamp) }
      start = sizes.upperBound
    }
  }

  /// What is there already must be the beginning of the source.
  private func checkBeginning(_ size: Int64) async throws {
    let sourceSize = try await source.read { try $0.size() }
    guard size <= sourceSize else {
      throw Problem(
        .badInput, "it has \(size) entries, more than the \(sourceSize) that are to be copied",
        at: target.place)
    }
    let roots = try await roots(size: size)
    guard roots.source == roots.target else {
      throw Problem(
        .badInput, "its \(size) entries are not the first of the ledger that is to be copied",
        at: target.place, advice: "Name a place that is empty, or holds a beginning of this ledger."
      )
    }
  }

  private func roots(size: Int64) async throws -> (source: TreeHash, target: TreeHash) {
    (
      try await source.read { try $0.proofs.root(size: size) },
      try await target.read { try $0.proofs.root(size: size) }
    )
  }

  /// The next page. It ends with a checkpoint where there is one, so that what was copied until an
  /// interruption is a whole ledger.
  private func page(
    from start: Int64, size: Int64, _ keys: LogKeyHistory
  ) async throws -> LedgerPage {
    let limit = min(start + pageLength, size)
    let (rows, checkpoints, additions) = try await source.read { reader in
      let sizes = (start == 0 ? 0 : start + 1)...limit
      let checkpoints = try reader.checkpoints(sizes: sizes)
      let last = checkpoints.last?.size ?? 0
      return (
        try reader.rows(start..<(last > start ? last : limit)), checkpoints,
        try CheckpointAdditions(reader, sizes: sizes)
      )
    }
    guard !rows.isEmpty else {
      throw Problem(.ledgerDamaged, "entry \(start) is missing", at: source.place)
    }
    var checked: [LedgerPage.Row] = []
    var erased: Set<Int64> = []
    for row in rows {
      let (row, claims) = try await check(row)
      checked.append(row)
      erased.formUnion(claims.filter { $0 < start })
    }
    return LedgerPage(
      keys: keys, start: start, rows: checked, checkpoints: checkpoints,
      erased: try await gone(erased.sorted()), additions: additions)
  }

  /// Those of the entries whose payloads the source has no more: what an erasure names and is there
  /// all the same is not ours to take away.
  private func gone(_ indices: [Int64]) async throws -> [Int64] {
    guard followsErasures, !indices.isEmpty else { return [] }
    return try await source.read { reader in
      try indices.filter { index in
        if case .none = try reader.row(index).payload { true } else { false }
      }
    }
  }

  /// Holds a payload against its leaf, and brings a large one over.
  ///
  /// - Returns: the row, and the entries that it names when it is an erasure.
  private func check(_ row: EntryRow) async throws -> (LedgerPage.Row, claims: [Int64]) {
    let leaf = try Leaf(bytes: row.leaf)
    let entry = try await source.entry(row)
    var claims: [Int64] = []
    let facts: EntryFacts
    switch entry.payload {
    case .erased: facts = EntryFacts()
    case .present(let envelope, let salt):
      guard Leaf.saltedDigest(of: envelope, salt: salt) == leaf.envelope else {
        throw Problem(
          .ledgerDamaged, "the payload of entry \(row.index) is not the one its leaf names",
          at: source.place)
      }
      facts = EntryFacts(envelope: envelope)
      if leaf.kind == .erasure {
        let statement = try Statement(json: Envelope(json: envelope).payload)
        claims = try statement.predicate(as: Erasure.self).entries.map(\.index)
      }
      if case .blob = row.payload, copiesBlobs { _ = try await target.blobs.put(envelope) }
    case .lost(let digest):
      throw Problem(
        .ledgerDamaged,
        "the payload of entry \(row.index), \(digest), is not in the blob store", at: source.place)
    }
    let indexed = IndexedEntry(index: row.index, leaf: leaf, facts: facts)
    return (LedgerPage.Row(row, indexed: indexed), claims)
  }

  /// Both roots, each from its own store's hashes, and the last checkpoint of each.
  private func compare(size: Int64, copied: Int64) async throws -> LedgerCopyReport {
    let roots = try await roots(size: size)
    let notes = (
      try await source.read { try $0.checkpoint(size: size) },
      try await target.read { try $0.checkpoint(size: size) }
    )
    guard roots.source == roots.target, notes.0 == notes.1 else {
      throw Problem(
        .ledgerDamaged, "the copy's root is not that of the ledger that was copied",
        at: target.place)
    }
    return LedgerCopyReport(
      entries: size, copied: copied, sourceRoot: roots.source.description,
      root: roots.target.description)
  }
}
