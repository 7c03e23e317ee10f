import Attestation
import Blobs
import Foundation
import Ledger
import LedgerSQLite
public import Model

extension LedgerHome {
  /// Makes a ledger's folder from a mirror or another copy, open for reading only until
  /// `restore(from:progress:)` has shown that nothing is missing.
  ///
  /// It is made beside its place and then renamed: it is there whole, or not at all.
  ///
  /// - Parameters:
  ///   - keys: a folder with the ledger's keys, since a mirror has none; `nil` where the copy has
  ///     them.
  ///   - progress: is told the entries that were copied, and how many there are.
  /// - Throws: `Problem` with `badInput` when there is something already, `ledgerDamaged` for a copy
  ///   that does not verify.
  public static func restore(
    from backup: String, to path: String, keys: String?, time: Instant,
    progress: @Sendable (_ done: Int64, _ all: Int64) -> Void
  ) async throws -> LedgerHome {
    guard !FileManager.default.fileExists(atPath: path) else {
      throw Problem(
        .badInput, "there is something already", at: path,
        advice: "Move it aside, and keep it until the restoration has ended.")
    }
    let source = try LedgerHome.open(at: backup, readOnly: true)
    defer { try? source.ledger.close() }
    let part = "\(path).\(UUID().uuidString).part"
    try makeFolder(PathText.parent(of: path), mode: 0o755)
    try makeFolder(part, mode: 0o711)
    do {
      try makeFolder("\(part)/keys")
      try makeFolder("\(part)/runs", mode: 0o711)
      try await fill(part, from: source, progress: progress)
      try copyKeys(from: keys ?? "\(backup)/keys", to: "\(part)/keys")
      let size = try await source.ledger.read { try $0.size() }
      try RestoringFile(since: time, size: size).write(in: part)
      try DurableFolder.flush(part)
    } catch {
      try? FileManager.default.removeItem(atPath: part)
      throw error
    }
    guard rename(part, path) == 0 else {
      try? FileManager.default.removeItem(atPath: part)
      throw Problem(.inputOutput, "the ledger cannot be put in its place", at: path)
    }
    try DurableFolder.flush(PathText.parent(of: path))
    return try open(at: path)
  }

  private static func fill(
    _ part: String, from source: LedgerHome, progress: @Sendable (Int64, Int64) -> Void
  ) async throws {
    let key = source.ledger.key
    let blobs = FileBlobStore(folder: "\(part)/blobs")
    let store = try SQLiteLedger.create(
      at: "\(part)/ledger.sqlite", origin: key.name, logKey: .ed25519(key.publicKey), blobs: blobs)
    defer { try? store.close() }
    _ = try await store.copy(from: source.ledger, progress: progress)
    for digest in try await source.blobs.digests() {
      if let bytes = try await source.blobs.get(digest) { _ = try await blobs.put(bytes) }
    }
    try source.registry.write(path: "\(part)/registry.json")
    // Who is asked what the ledger has shown, and what was signed and never recorded.
    try copyFile(source.witnessesPath, to: "\(part)/witnesses")
    try Spool(path: "\(part)/spool", key: key).take(from: source.spool)
  }

  /// Copies a small file that may be absent.
  static func copyFile(_ source: String, to target: String) throws {
    guard let bytes = try DurableFile.read(source, limit: 1 << 20) else { return }
    try DurableFile.write(bytes, to: target)
  }

  private static func copyKeys(from folder: String, to target: String) throws {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return }
    for name in names.sorted() {
      guard let bytes = try DurableFile.read("\(folder)/\(name)", limit: 1 << 20) else { continue }
      try DurableFile.write(bytes, to: "\(target)/\(name)")
    }
  }
}
