public import Attestation
import Foundation
import GRDB
public import Ledger
public import Model

/// A ledger in one SQLite file (write-ahead log, `synchronous=FULL`): the embedded default.
///
/// Several processes may append: the place of an entry is settled inside an immediate transaction.
/// An append returns after SQLite has flushed the write-ahead log.
public struct SQLiteLedger: LedgerStore {
  /// The log's name and key.
  public let key: NoteKey
  /// Path of the database.
  public let path: String
  /// Path of the database.
  public var place: String { path }
  private let pool: DatabasePool
  /// Payloads too large for the store itself.
  public let blobs: any BlobStore

  /// Payloads of fewer bytes lie in the entry's own transaction, others in the blob store.
  public static let inlineLimit = 16 << 10

  private init(key: NoteKey, path: String, pool: DatabasePool, blobs: any BlobStore) {
    self.key = key
    self.path = path
    self.pool = pool
    self.blobs = blobs
  }

  private static func configuration(readOnly: Bool) -> Configuration {
    var configuration = Configuration()
    configuration.busyMode = .timeout(30)
    configuration.readonly = readOnly
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON")
    }
    return configuration
  }

  private static func connect(_ path: String, readOnly: Bool) throws -> DatabasePool {
    let pool = try DatabasePool(path: path, configuration: configuration(readOnly: readOnly))
    if !readOnly {
      // After GRDB has set up the write-ahead log, which lowers it to NORMAL: a commit would return
      // before it is flushed.
      try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
    }
    return pool
  }

  /// Makes a ledger that has no entry yet.
  ///
  /// - Throws: `Problem` with `badInput` when there is one already.
  public static func create(
    at path: String, origin: String, logKey: PublicKey, blobs: any BlobStore
  ) throws -> SQLiteLedger {
    guard !FileManager.default.fileExists(atPath: path) else {
      throw Problem(.badInput, "there is a ledger already", at: path)
    }
    let key = try NoteKey(name: origin, publicKey: logKey)
    return try reporting(path) {
      let pool = try connect(path, readOnly: false)
      try Schema.migrator.migrate(pool)
      try pool.write { db in
        try db.execute(
          sql: "INSERT INTO log (only, origin, key) VALUES (1, ?, ?)",
          arguments: [origin, key.description])
        try IndexRows(db: db).setForm()
      }
      chmod(path, 0o600)
      return SQLiteLedger(key: key, path: path, pool: pool, blobs: blobs)
    }
  }

  /// Opens a ledger.
  ///
  /// - Throws: `Problem` with `notFound`, or `ledgerDamaged`.
  public static func open(
    at path: String, blobs: any BlobStore, readOnly: Bool = false
  ) throws -> SQLiteLedger {
    guard FileManager.default.fileExists(atPath: path) else {
      throw Problem(
        .notFound, "there is no ledger here", at: path,
        advice: "Make one with: pratique ledger init"
      )
    }
    return try reporting(path) {
      if !readOnly {
        let looking = try DatabaseQueue(path: path, configuration: configuration(readOnly: true))
        _ = try looking.read { try DatabaseShape.check($0, path, mayBeOlder: true) }
        try looking.close()
      }
      let pool = try connect(path, readOnly: readOnly)
      if !readOnly { try DatabaseShape.bringUpToDate(pool) }
      let text = try pool.read { try DatabaseShape.check($0, path) }
      return SQLiteLedger(key: try NoteKey(text), path: path, pool: pool, blobs: blobs)
    }
  }

  /// Ends all connections and folds the write-ahead log into the file.
  public func close() throws { try pool.close() }

  /// Appends drafts in order, all or none, and signs the checkpoint that covers them.
  ///
  /// A draft whose entry id is there already is not appended again; its entry is returned.
  ///
  /// - Parameter expected: the size that the ledger must still have; another one is `busy`.
  /// - Returns: the index of each draft's entry, after the entries are durable.
  /// - Throws: `Problem` with `busy`, `inputOutput` or `ledgerDamaged`; then nothing was appended.
  public func append(
    _ drafts: [EntryDraft], logSigner: Signer, ifSize expected: Int64?
  ) async throws -> [Int64] {
    try checkLogKey(logSigner)
    var prepared: [Prepared] = []
    for draft in drafts { prepared.append(try await prepare(draft)) }
    let ready = prepared
    let origin = key.name
    return try await Self.reportingAsync(path) {
      try await pool.writeWithoutTransaction { db in
        var indices: [Int64] = []
        try db.inTransaction(.immediate) {
          indices = try Appender(db: db, origin: origin).append(
            ready, logSigner: logSigner, ifSize: expected)
          return .commit
        }
        return indices
      }
    }
  }

  func checkLogKey(_ logSigner: Signer) throws {
    guard logSigner.publicKey == .ed25519(key.publicKey) else {
      throw Problem(
        .notTrusted, "the key given is not the log key of \"\(key.name)\"", at: path,
        advice: "A ledger is only continued with the key that began it.")
    }
  }

  /// A draft with its salt, and its payload where it must lie.
  struct Prepared: Sendable {
    let leaf: Leaf
    let facts: EntryFacts
    let salt: [UInt8]
    let envelope: [UInt8]?
    let blob: Digest?
  }

  func prepare(_ draft: EntryDraft) async throws -> Prepared {
    let salt = RandomBytes.make(32)
    let leaf = try Leaf(
      entryID: draft.entryID, kind: draft.kind,
      envelope: Leaf.saltedDigest(of: draft.envelope, salt: salt), subjects: draft.subjects,
      actor: draft.actor, role: draft.role, time: draft.time)
    guard draft.envelope.count >= Self.inlineLimit else {
      return Prepared(
        leaf: leaf, facts: draft.facts, salt: salt, envelope: draft.envelope, blob: nil)
    }
    return Prepared(
      leaf: leaf, facts: draft.facts, salt: salt, envelope: nil,
      blob: try await blobs.put(draft.envelope))
  }

  /// Reads in one snapshot: everything asked inside `body` is of the same moment.
  public func read<Value: Sendable>(
    _ body: @Sendable @escaping (any LedgerReader) throws -> Value
  ) async throws -> Value {
    try await Self.reportingAsync(path) {
      try await pool.read { try body(LedgerSnapshot(db: $0)) }
    }
  }

  /// Reads through SQLite itself, in one snapshot.
  func query<Value: Sendable>(
    _ body: @Sendable @escaping (Database) throws -> Value
  ) async throws -> Value {
    try await Self.reportingAsync(path) { try await pool.read(body) }
  }

  /// Writes through SQLite itself, in one transaction.
  func write<Value: Sendable>(
    _ body: @Sendable @escaping (Database) throws -> Value
  ) async throws -> Value {
    try await Self.reportingAsync(path) {
      try await pool.write(body)
    }
  }

  /// Works on the connection that writes; transactions are the caller's.
  func outsideTransaction<Value: Sendable>(
    _ body: @Sendable @escaping (Database) throws -> Value
  ) async throws -> Value {
    try await Self.reportingAsync(path) { try await pool.writeWithoutTransaction(body) }
  }

  /// Says SQLite's errors in words.
  private static func reporting<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
    do { return try body() } catch let error as DatabaseError { throw problem(error, path) }
  }

  private static func reportingAsync<Value: Sendable>(
    _ path: String, _ body: @Sendable () async throws -> Value
  ) async throws -> Value {
    do { return try await body() } catch let error as DatabaseError { throw problem(error, path) }
  }

  private static func problem(_ error: DatabaseError, _ path: String) -> Problem {
    switch error.resultCode.primaryResultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      Problem(.busy, "another process has held the ledger for too long", at: path)
    case .SQLITE_FULL:
      Problem(
        .inputOutput, "the disk is full; nothing was recorded", at: path,
        advice: "Make room and try again: the ledger is as it was.")
    case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
      Problem(.inputOutput, "the ledger cannot be written or opened", at: path)
    case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_CONSTRAINT, .SQLITE_ERROR:
      Problem(
        .ledgerDamaged, "the ledger is damaged: \(error.message ?? "unreadable")", at: path,
        advice: "Nothing was changed. Keep the file, and restore a copy that verifies.")
    default:
      Problem(.inputOutput, "the ledger cannot be used: \(error.message ?? "")", at: path)
    }
  }
}
