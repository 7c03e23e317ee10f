import Attestation
import Blobs
import Foundation
import Ledger
public import LedgerPostgreSQL
import LedgerSQLite
import Model
import Reading

/// Where a ledger's entries lie: a file, or a schema of a PostgreSQL database.
public enum StoreLocation: Sendable {
  /// A file of SQLite's, by its path.
  case sqlite(path: String)
  /// A schema on a server.
  case postgreSQL(ServerAddress)

  /// Reads `sqlite:PATH` or `postgresql://…`.
  ///
  /// - Parameter folder: what a relative path begins at.
  /// - Throws: `Problem` with `badInput`, or `toolMissing` where libpq is not there.
  public init(_ text: String, in folder: String) throws {
    if text.hasPrefix("sqlite:"), text.utf8.count > 7 {
      self = .sqlite(path: PathText.resolve(String(text.dropFirst(7)), in: folder))
    } else if ServerAddress.isAddress(text) {
      self = .postgreSQL(try ServerAddress(text))
    } else {
      throw Problem(
        .badInput, "the store is neither sqlite:PATH nor postgresql://HOST/DATABASE")
    }
  }

  /// For people; no password.
  public var place: String {
    switch self {
    case .sqlite(let path): path
    case .postgreSQL(let address): address.place
    }
  }

  /// As it is written down; no password.
  var written: String {
    switch self {
    case .sqlite(let path): "sqlite:\(path)"
    case .postgreSQL(let address): address.withoutPassword
    }
  }

  /// Makes a store that has no entry yet.
  func create(
    origin: String, logKey: PublicKey, blobs: any BlobStore
  ) throws -> any LedgerStore {
    switch self {
    case .sqlite(let path):
      try SQLiteLedger.create(at: path, origin: origin, logKey: logKey, blobs: blobs)
    case .postgreSQL(let address):
      try PostgreSQLLedger.create(at: address, origin: origin, logKey: logKey, blobs: blobs)
    }
  }

  /// Opens a store that is there.
  func open(blobs: any BlobStore, readOnly: Bool) throws -> any LedgerStore {
    switch self {
    case .sqlite(let path): try SQLiteLedger.open(at: path, blobs: blobs, readOnly: readOnly)
    case .postgreSQL(let address):
      try PostgreSQLLedger.open(at: address, blobs: blobs, readOnly: readOnly)
    }
  }
}

/// The file `store.json` in a ledger's folder, which says where the entries lie when that is not
/// `ledger.sqlite` beside it.
struct StoreFile: Codable {
  /// The file's form; this program writes and reads 1.
  let form: Int
  /// The log's key, so that another ledger at the same address is refused.
  let key: String
  /// `sqlite:PATH` or `postgresql://…`, without a password.
  let store: String

  init(_ location: StoreLocation, key: NoteKey) {
    form = 1
    self.key = key.description
    store = location.written
  }

  /// Writes the file whole, or not at all.
  func write(in folder: String) throws {
    try DurableFile.write(CanonicalJSON.write(self), to: "\(folder)/store.json")
  }

  /// Opens the store that a ledger's folder names.
  ///
  /// - Throws: `Problem` with `badInput` for a file that cannot be read, `notTrusted` when another
  ///   ledger is there, and what the store throws.
  static func open(in folder: String, blobs: any BlobStore, readOnly: Bool) throws
    -> any LedgerStore
  {
    let path = "\(folder)/store.json"
    guard let bytes = try DurableFile.read(path, limit: 1 << 16) else {
      return try StoreLocation.sqlite(path: "\(folder)/ledger.sqlite")
        .open(blobs: blobs, readOnly: readOnly)
    }
    let (location, key) = try read(bytes, path, folder)
    let store = try location.open(blobs: blobs, readOnly: readOnly)
    guard store.key == key else {
      throw Problem(
        .notTrusted, "another ledger, \"\(store.key.name)\", is at \(location.place)", at: path)
    }
    return store
  }

  /// Where the entries of a folder lie, or would lie.
  ///
  /// - Throws: `Problem` with `badInput` for a file that cannot be read.
  static func location(in folder: String) throws -> StoreLocation {
    let path = "\(folder)/store.json"
    guard let bytes = try DurableFile.read(path, limit: 1 << 16) else {
      return .sqlite(path: "\(folder)/ledger.sqlite")
    }
    return try read(bytes, path, folder).0
  }

  private static func read(
    _ bytes: [UInt8], _ path: String, _ folder: String
  ) throws -> (StoreLocation, NoteKey) {
    do {
      let file: StoreFile = try JSONReader.read(bytes).decode()
      guard file.form == 1 else {
        throw Problem(.badInput, "the file is of another version of this program", at: path)
      }
      return (try StoreLocation(file.store, in: folder), try NoteKey(file.key))
    } catch let error as ReadingError {
      throw Problem(.badInput, "the file that names the store cannot be read: \(error)", at: path)
    }
  }
}
