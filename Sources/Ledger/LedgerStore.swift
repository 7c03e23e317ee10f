public import Model

/// Where a ledger's entries lie: the protocol that every store meets.
///
/// A store sequences entries without gap or fork, also when several processes append at once, and
/// answers an append only after the entries and the checkpoint that covers them are durable.
public protocol LedgerStore: Sendable {
  /// The log's name, and the key that began it.
  var key: NoteKey { get }
  /// Where the store is, for people: a path, or a database's name without a password.
  var place: String { get }
  /// Payloads too large for the store itself.
  var blobs: any BlobStore { get }

  /// Appends drafts in order, all or none, and signs the checkpoint that covers them.
  ///
  /// A draft whose entry id is there already is not appended again; its entry is returned.
  ///
  /// - Parameter logSigner: `LogSigner.check` is asked inside the transaction that appends, so that
  ///   nothing is appended with a key that was replaced.
  /// - Parameter expected: the size that the ledger must still have; another one is `busy`.
  /// - Returns: the index of each draft's entry, after the entries are durable.
  /// - Throws: `Problem` with `busy`, `inputOutput`, `ledgerDamaged`, or `notTrusted` for another log
  ///   key than the one in force; then nothing was appended.
  func append(
    _ drafts: [EntryDraft], logSigner: LogSigner, ifSize expected: Int64?
  ) async throws -> [Int64]

  /// Appends entries exactly as another store of the same log holds them, and their checkpoints, in
  /// one transaction; nothing is signed. `copy` calls it page by page.
  ///
  /// - Throws: `Problem` as `LedgerPage.check` does, or `inputOutput`; then nothing was appended,
  ///   unless the problem says that this is not known.
  func append(_ page: LedgerPage) async throws

  /// Reads in one snapshot: everything asked inside `body` is of the same moment.
  func read<Value: Sendable>(
    _ body: @Sendable @escaping (any LedgerReader) throws -> Value
  ) async throws -> Value

  /// Makes the index say what follows from leaves and payloads, page by page.
  ///
  /// Entries can be appended and read meanwhile. Interrupted at any moment it leaves an index that is
  /// no worse than before, and can be called again.
  ///
  /// - Parameter progress: is told the entries that were gone through, and how many there are.
  /// - Returns: the number of entries of which the index said something else.
  /// - Throws: `Problem`, `CancellationError`.
  func rebuildIndex(
    progress: @Sendable (_ done: Int64, _ all: Int64) -> Void
  ) async throws -> Int64

  /// Appends an erasure and removes the payloads that it names with their salts, and what the index
  /// knows of them, in one transaction; writes down what is left to be removed outside of the store.
  ///
  /// The payloads' own contents in the blob store are not touched: whoever decides which of them go
  /// names them in `remnants`. `scrub` is called afterwards, and again after a crash, as long as
  /// `remnants` names pages.
  ///
  /// - Parameters:
  ///   - erasure: the draft of the entry of kind `erasure`.
  ///   - payloads: the entries whose payloads go; each must still have one.
  ///   - remnants: what is to be removed outside of the store.
  ///   - expected: the size that the ledger must still have; another one is `busy`.
  /// - Returns: the index of the erasure's entry, after it is durable.
  /// - Throws: `Problem`; then nothing was changed.
  func erase(
    _ erasure: EntryDraft, payloads: [Int64], remnants: [Remnant], logSigner: LogSigner,
    ifSize expected: Int64
  ) async throws -> Int64

  /// Removes payloads with their salts, and what the index knows of them, from a copy of a ledger
  /// whose erasures name them. `scrub` is called afterwards.
  ///
  /// - Throws: `Problem`; then nothing was changed.
  func removePayloads(_ entries: [Int64]) async throws

  /// Makes that nothing of erased payloads is left in the store's own files: in free pages, in
  /// unused parts of pages, in logs for recovery.
  ///
  /// - Throws: `Problem` with `busy` while somebody still reads an older state.
  func scrub() async throws

  /// What earlier erasures left to be removed; not empty after a crash in the middle.
  func remnants() async throws -> [Remnant]

  /// Forgets remnants that were removed.
  func forget(_ remnants: [Remnant]) async throws

  /// Keeps cosignatures of the checkpoint of that size beside it; of one key the last counts.
  /// Whoever calls this has verified them.
  ///
  /// - Throws: `Problem` with `notFound` when there is no such checkpoint, `inputOutput`; then none
  ///   was kept.
  func keep(cosignatures: [SignedNote.Signature], size: Int64) async throws

  /// Keeps a timestamp beside its checkpoint; of one authority the last counts. Whoever calls this
  /// has verified it.
  ///
  /// - Throws: `Problem` with `notFound` when there is no such checkpoint, `inputOutput`.
  func keep(_ timestamp: CheckpointTimestamp) async throws

  /// Ends all connections.
  func close() throws
}

extension LedgerStore {
  /// The entries at these indices, with their payloads.
  ///
  /// - Throws: `Problem` with `notFound` for an index that is not there, `ledgerDamaged`.
  public func entries(_ indices: [Int64]) async throws -> [StoredEntry] {
    let rows = try await read { reader in try indices.map { try reader.row($0) } }
    var entries: [StoredEntry] = []
    for row in rows { entries.append(try await entry(row)) }
    return entries
  }

  /// An entry with its payload, fetched from the blob store where it lies there.
  public func entry(_ row: EntryRow) async throws -> StoredEntry {
    let payload: StoredEntry.Payload
    switch row.payload {
    case .none: payload = .erased
    case .inline(let envelope, let salt): payload = .present(envelope: envelope, salt: salt)
    case .blob(let digest, let salt):
      let envelope = try await blobs.get(digest)
      payload = envelope.map { .present(envelope: $0, salt: salt) } ?? .lost(digest)
    }
    return StoredEntry(index: row.index, leaf: row.leaf, payload: payload)
  }
}

/// An entry's row, its payload not yet fetched from the blob store.
public struct EntryRow: Sendable {
  /// Where the payload is.
  public enum Payload: Sendable {
    /// It was erased.
    case none
    /// In the store: the envelope's bytes and their salt.
    case inline([UInt8], salt: [UInt8])
    /// In the blob store, by the envelope's SHA-256.
    case blob(Digest, salt: [UInt8])
  }

  /// Counted from zero.
  public let index: Int64
  /// The leaf's exact bytes.
  public let leaf: [UInt8]
  /// The payload.
  public let payload: Payload

  /// States a row.
  public init(index: Int64, leaf: [UInt8], payload: Payload) {
    self.index = index
    self.leaf = leaf
    self.payload = payload
  }
}

/// A ledger at one moment, as a store reads it.
///
/// Every function throws `Problem` with `ledgerDamaged` for a row that is not of its form, and
/// `inputOutput` when the store cannot be read.
public protocol LedgerReader {
  /// Number of entries.
  func size() throws -> Int64
  /// The last signed checkpoint.
  func checkpoint() throws -> String?
  /// The signed checkpoint of exactly that size, where one was made.
  func checkpoint(size: Int64) throws -> String?
  /// The signed checkpoint with the least size that covers an entry.
  func checkpoint(covering index: Int64) throws -> String?
  /// The indices of entries of a kind, ascending.
  func indices(kind: EvidenceKind) throws -> [Int64]
  /// The indices of all entries that speak of any of these digests, ascending, each once.
  func indices(subjects: [Digest]) throws -> [Int64]
  /// The indices of the entries that a query asks for, ascending.
  ///
  /// - Parameters:
  ///   - limit: at most so many; more are asked for with `after`.
  ///   - after: only entries with a greater index.
  /// - Throws: `Problem` with `ledgerDamaged` when there is no index of the form that this program
  ///   reads: it must be built again first.
  func indices(matching query: EntryQuery, limit: Int, after: Int64?) throws -> [Int64]
  /// What the index does not say as it must of these entries.
  func indexFaults(_ entries: [IndexedEntry]) throws -> [LedgerFault]
  /// Rows of the index that belong to no entry, or to no subject of their entry.
  func strayIndexFaults() throws -> [LedgerFault]
  /// The index of the entry with an id.
  func index(entryID: [UInt8]) throws -> Int64?
  /// The leaf at an index.
  func leaf(_ index: Int64) throws -> [UInt8]?
  /// A stored perfect subtree; `nil` where there is none.
  func node(_ place: NodePlace) throws -> TreeHash?
  /// The stored perfect subtrees of a level at these places, ascending; those that are missing are
  /// left out.
  func nodes(level: Int, _ places: Range<Int64>) throws -> [(place: Int64, hash: TreeHash)]
  /// The rows of a range, ascending; those that are missing are left out.
  func rows(_ range: Range<Int64>) throws -> [EntryRow]
  /// The cosignatures kept beside the checkpoint of that size, by name and key id.
  func cosignatures(size: Int64) throws -> [SignedNote.Signature]
  /// Sizes of checkpoints beside which cosignatures are kept, from this size downwards.
  func cosignedSizes(upTo size: Int64, limit: Int) throws -> [Int64]
  /// The timestamps kept beside the checkpoint of that size, by authority.
  func timestamps(size: Int64) throws -> [CheckpointTimestamp]
  /// Sizes of checkpoints beside which timestamps are kept, from this size downwards.
  func timestampedSizes(upTo size: Int64, limit: Int) throws -> [Int64]
  /// Shows the rows of a range in place, ascending; those that are missing are left out. A store
  /// that can do it without copying is verified faster.
  func visit(_ range: Range<Int64>, _ body: (BorrowedRow) throws -> Void) throws
  /// The signed checkpoints with sizes in a range, ascending.
  func checkpoints(sizes: ClosedRange<Int64>) throws -> [StoredCheckpoint]
  /// What is wrong with the store's own structure at this moment: rows that belong to no entry, a
  /// database that its own check refuses.
  func structureFaults() throws -> [LedgerFault]
}

extension LedgerReader {
  /// Shows the rows of a range, ascending, from copies.
  public func visit(_ range: Range<Int64>, _ body: (BorrowedRow) throws -> Void) throws {
    for row in try rows(range) { try row.borrow(body) }
  }

  /// Makes proofs of this moment.
  public var proofs: ProofMaker {
    ProofMaker { place in
      guard let hash = try node(place) else {
        throw Problem(
          .ledgerDamaged,
          "the stored hash at level \(place.level), place \(place.index) is missing")
      }
      return hash
    }
  }

  /// The row at an index.
  ///
  /// - Throws: `Problem` with `notFound`.
  public func row(_ index: Int64) throws -> EntryRow {
    guard let row = try rows(index..<index + 1).first else {
      throw Problem(.notFound, "there is no entry \(index)")
    }
    return row
  }
}
