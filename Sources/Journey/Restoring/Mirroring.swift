import Blobs
import Foundation
public import Ledger
import LedgerSQLite
public import Model

/// What a mirror came to.
public struct MirrorReport: Sendable, Encodable {
  /// The copy of the entries.
  public let entries: LedgerCopyReport
  /// Contents beside the entries, such as logs and reports, that were brought now.
  public let contents: Int
  /// Payloads that the mirror had and the ledger has erased since.
  public let removed: Int
  /// Payloads that the ledger has erased and the mirror keeps, because a legal hold covers them.
  public let held: Int
}

extension LedgerHome {
  /// Brings a full copy of the ledger in another folder up to date, verifying as it copies.
  ///
  /// The copy holds entries, payloads, checkpoints and contents, and no key: nobody can append to
  /// it. Names behind pseudonyms come along only when that is asked for. Interrupted, it goes on
  /// where it was. What the ledger erased is erased in the mirror too, except under a legal hold.
  ///
  /// - Parameter progress: is told the entries that both have, and how many there are.
  /// - Throws: `Problem` with `badInput` for a folder that is no mirror of this ledger,
  ///   `ledgerDamaged` for what does not verify, or `CancellationError`.
  public func mirror(
    to folder: String, withRegistry: Bool,
    progress: @Sendable (_ done: Int64, _ all: Int64) -> Void
  ) async throws -> MirrorReport {
    let mirror = try openMirror(folder)
    defer { try? mirror.close() }
    let report = try await mirror.copy(from: ledger, progress: progress)
    var contents = 0
    for digest in try await blobs.digests() {
      try Task.checkCancellation()
      if try await mirror.blobs.get(digest) != nil { continue }
      guard let bytes = try await blobs.get(digest) else { continue }
      _ = try await mirror.blobs.put(bytes)
      contents += 1
    }
    if withRegistry { try registry.write(path: "\(folder)/registry.json") }
    let (removed, held) = try await mirror.followErasures(of: ledger)
    return MirrorReport(entries: report, contents: contents, removed: removed, held: held)
  }

  private func openMirror(_ folder: String) throws -> SQLiteLedger {
    let blobs = FileBlobStore(folder: "\(folder)/blobs")
    let database = "\(folder)/ledger.sqlite"
    guard FileManager.default.fileExists(atPath: folder) else {
      try Self.makeFolder(folder)
      try MirrorFile(ledger.key).write(in: folder)
      return try SQLiteLedger.create(
        at: database, origin: ledger.key.name, logKey: .ed25519(ledger.key.publicKey),
        blobs: blobs)
    }
    guard let key = try MirrorFile.key(in: folder) else {
      throw Problem(
        .badInput, "the folder is no mirror", at: folder,
        advice: "Name one where nothing is yet, or a mirror of this ledger.")
    }
    guard key == ledger.key else {
      throw Problem(.badInput, "the folder is a mirror of \"\(key.name)\"", at: folder)
    }
    guard FileManager.default.fileExists(atPath: database) else {
      return try SQLiteLedger.create(
        at: database, origin: key.name, logKey: .ed25519(key.publicKey), blobs: blobs)
    }
    return try SQLiteLedger.open(at: database, blobs: blobs)
  }
}
