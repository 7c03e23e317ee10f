public import Attestation
public import Ledger
public import Model

/// A ledger in a schema of a PostgreSQL database: the store for several servers.
///
/// Whoever appends locks the one row that names the log, so entries have one order and the tree one
/// end, however many servers append. An append returns after the server has flushed its
/// write-ahead log; a server that says it would not do so is refused.
public struct PostgreSQLLedger: LedgerStore {
  /// How long to wait.
  public struct Patience: Sendable {
    /// For a server that is away: an append that meets it tries again that long.
    public let forServer: Duration
    /// For the answer to one exchange.
    public let forAnswer: Duration

    /// States how long to wait.
    public init(forServer: Duration = .seconds(30), forAnswer: Duration = .seconds(60)) {
      self.forServer = forServer
      self.forAnswer = forAnswer
    }
  }

  /// The log's name and key.
  public let key: NoteKey
  /// Where the ledger is.
  public let address: ServerAddress
  /// Server, database and schema; no password.
  public var place: String { address.place }
  /// Payloads too large for the store itself.
  public let blobs: any BlobStore
  let pool: ConnectionPool
  let patience: Patience
  private let writer: GroupCommit?

  /// Payloads of fewer bytes lie in the entry's own transaction, others in the blob store.
  public static let inlineLimit = 16 << 10

  private init(
    _ address: ServerAddress, key: NoteKey, blobs: any BlobStore, patience: Patience,
    readOnly: Bool
  ) {
    self.address = address
    self.key = key
    self.blobs = blobs
    self.patience = patience
    pool = ConnectionPool(address, patience: patience.forAnswer)
    writer = readOnly ? nil : GroupCommit(address, key: key, patience: patience)
  }

  /// Makes a ledger that has no entry yet: a schema of its own, which may be there, but not with a
  /// ledger in it. It blocks its caller while it asks the server.
  ///
  /// - Throws: `Problem` with `badInput` when there is one already, `toolMissing` without libpq, or
  ///   `inputOutput`.
  public static func create(
    at address: ServerAddress, origin: String, logKey: PublicKey, blobs: any BlobStore,
    patience: Patience = Patience()
  ) throws -> PostgreSQLLedger {
    let key = try NoteKey(name: origin, publicKey: logKey)
    return try reporting(address) {
      let session = try Session(address, patience: patience.forAnswer)
      defer { session.finish() }
      try session.create(
        schema: address.schema, origin: origin, key: key.description, place: address.place)
      return PostgreSQLLedger(
        address, key: key, blobs: blobs, patience: patience, readOnly: false)
    }
  }

  /// Opens a ledger. It blocks its caller while it asks the server.
  ///
  /// - Throws: `Problem` with `notFound`, `ledgerDamaged`, `notTrusted`, `toolMissing` without
  ///   libpq, or `inputOutput`.
  public static func open(
    at address: ServerAddress, blobs: any BlobStore, readOnly: Bool = false,
    patience: Patience = Patience()
  ) throws -> PostgreSQLLedger {
    try reporting(address) {
      let session = try Session(address, patience: patience.forAnswer)
      defer { session.finish() }
      let text = try session.checkShape(schema: address.schema, place: address.place)
      return PostgreSQLLedger(
        address, key: try NoteKey(text), blobs: blobs, patience: patience, readOnly: readOnly)
    }
  }

  /// Ends all connections, those that are in use when their work is done.
  public func close() throws {
    let (pool, writer) = (pool, writer)
    Task {
      await pool.close()
      await writer?.close()
    }
  }

  /// Appends drafts in order, all or none, and signs the checkpoint that covers them; drafts of
  /// several callers that wait share a transaction.
  ///
  /// A draft whose entry id is there already is not appended again; its entry is returned. A commit
  /// whose connection was cut is looked for by its entry ids when the server is there again.
  ///
  /// - Parameter expected: the size that the ledger must still have, unless all entries are there;
  ///   another one is `busy`.
  /// - Returns: the index of each draft's entry, after the entries are durable.
  /// - Throws: `Problem` with `busy`, `inputOutput`, `notTrusted` or `ledgerDamaged`; then nothing
  ///   was appended, unless the problem says that this is not known.
  public func append(
    _ drafts: [EntryDraft], logSigner: LogSigner, ifSize expected: Int64?
  ) async throws -> [Int64] {
    try await append(drafts, logSigner: logSigner, ifSize: expected, erasing: nil)
  }

  func append(
    _ drafts: [EntryDraft], logSigner: LogSigner, ifSize expected: Int64?, erasing: PayloadErasure?
  ) async throws -> [Int64] {
    guard let writer else {
      throw Problem(.inputOutput, "the ledger was opened for reading only", at: place)
    }
    var entries: [AppendRequest.Entry] = []
    for draft in drafts { entries.append(try await prepare(draft)) }
    return try await writer.append(
      AppendRequest(
        entries: entries, expected: expected, logSigner: logSigner, erasing: erasing))
  }

  private func prepare(_ draft: EntryDraft) async throws -> AppendRequest.Entry {
    let salt = RandomBytes.make(32)
    let leaf = try Leaf(
      entryID: draft.entryID, kind: draft.kind,
      envelope: Leaf.saltedDigest(of: draft.envelope, salt: salt), subjects: draft.subjects,
      actor: draft.actor, role: draft.role, time: draft.time)
    let payload: EntryRow.Payload =
      draft.envelope.count < Self.inlineLimit
      ? .inline(draft.envelope, salt: salt)
      : .blob(try await blobs.put(draft.envelope), salt: salt)
    return AppendRequest.Entry(
      leaf: leaf, bytes: leaf.bytes, payload: payload, facts: draft.facts)
  }

  /// Says the server's errors in words.
  static func reporting<Value>(_ address: ServerAddress, _ body: () throws -> Value) throws -> Value
  {
    do { return try body() } catch let error as ServerError {
      throw error.problem(address.place)
    }
  }
}
