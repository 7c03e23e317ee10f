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
  let pool: DatabasePool
  let edge = TreeEdge()
  let waiters = Waiters()
  /// How long a write waits for other processes.
  static let busySeconds = 30
  /// Payloads too large for the store itself.
  public let blobs: any BlobStore

  /// Payloads of fewer bytes lie in the entry's own transaction, others in the blob store.
  public static let inlineLimit = 16 << 10
  /// What must stay as it is while a ledger is read from a place that cannot be written.
  private let unwritable: UnwritablePlace?

  private init(
    key: NoteKey, path: String, pool: DatabasePool, blobs: any BlobStore,
    unwritable: UnwritablePlace? = nil
  ) {
    self.key = key
    self.path = path
    self.pool = pool
    self.blobs = blobs
    self.unwritable = unwritable
  }

  private static func configuration(readOnly: Bool) -> Configuration {
    var configuration = Configuration()
    configuration.busyMode = .timeout(Double(busySeconds))
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

  /// Makes a ledger that has no entry yet. It is there whole or not at all.
  ///
  /// - Throws: `Problem` with `badInput` when there is one already.
  public static func create(
    at path: String, origin: String, logKey: PublicKey, blobs: any BlobStore
  ) throws -> SQLiteLedger {
    let key = try NoteKey(name: origin, publicKey: logKey)
    return try reporting(path) {
      try NewFile.make(at: path) { part in
        let pool = try connect(part, readOnly: false)
        try Schema.migrator.migrate(pool)
        try pool.write { db in
          try db.execute(
            sql: "INSERT INTO log (only, origin, key) VALUES (1, ?, ?)",
            arguments: [origin, key.description])
          try IndexRows(db: db).setForm()
        }
        try pool.close()
      }
      return SQLiteLedger(
        key: key, path: path, pool: try connect(path, readOnly: false), blobs: blobs)
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
      if readOnly { return try read(at: path, blobs: blobs) }
      let looking = try DatabaseQueue(path: path, configuration: configuration(readOnly: true))
      _ = try looking.read { try DatabaseShape.check($0, path, mayBeOlder: true) }
      try looking.close()
      let pool = try connect(path, readOnly: false)
      try DatabaseShape.bringUpToDate(pool)
      let text = try pool.read { try DatabaseShape.check($0, path) }
      return SQLiteLedger(key: try NoteKey(text), path: path, pool: pool, blobs: blobs)
    }
  }

  private static func read(at path: String, blobs: any BlobStore) throws -> SQLiteLedger {
    do {
      let pool = try connect(path, readOnly: true)
      let text = try pool.read { try DatabaseShape.check($0, path) }
      return SQLiteLedger(key: try NoteKey(text), path: path, pool: pool, blobs: blobs)
    } catch let error as DatabaseError where UnwritablePlace.isReason(error) {
      let place = try UnwritablePlace(path)
      let pool = try connect(place.uri, readOnly: true)
      let text = try pool.read { try DatabaseShape.check($0, path, isFileAlone: true) }
      try place.mustBeUnchanged()
      return SQLiteLedger(
        key: try NoteKey(text), path: path, pool: pool, blobs: blobs, unwritable: place)
    }
  }

  /// Ends all connections and folds the write-ahead log into the file.
  public func close() throws { try pool.close() }

  /// Reads in one snapshot: everything asked inside `body` is of the same moment.
  public func read<Value: Sendable>(
    _ body: @Sendable @escaping (any LedgerReader) throws -> Value
  ) async throws -> Value {
    try await Self.reportingAsync(path) {
      let value = try await pool.read { try body(LedgerSnapshot(db: $0)) }
      try unwritable?.mustBeUnchanged()
      return value
    }
  }

  /// Reads through SQLite itself, in one snapshot.
  func query<Value: Sendable>(
    _ body: @Sendable @escaping (Database) throws -> Value
  ) async throws -> Value {
    try await Self.reportingAsync(path) {
      let value = try await pool.read(body)
      try unwritable?.mustBeUnchanged()
      return value
    }
  }

  /// Writes through SQLite itself, in one transaction.
  func write<Value: Sendable>(
    _ body: @Sendable @escaping (Database) throws -> Value
  ) async throws -> Value {
    try await Self.reportingAsync(path) {
      try await waiting { db in
        var value: Value?
        try db.inTransaction(.immediate) {
          value = try body(db)
          return .commit
        }
        guard let value else { throw Problem(.internalError, "a transaction gave no value") }
        return value
      }
    }
  }

  /// Says SQLite's errors in words.
  private static func reporting<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
    do { return try body() } catch let error as DatabaseError { throw problem(error, path) }
  }

  static func reportingAsync<Value: Sendable>(
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
