import Blobs
import Foundation
import Ledger
import Model
import Reading

/// The folder `spool` of a ledger: evidence that was signed and could not be recorded, since the
/// store was away, read-only or full. What lies there is in no ledger.
struct Spool: Sendable {
  /// The folder.
  let path: String
  /// The log's founding key; `nil` for whoever only looks while the store is away.
  let key: NoteKey?
  /// At most so many files are kept and looked at.
  static let limit = 10_000

  /// The names of its files, in the order in which they were kept.
  ///
  /// - Throws: `Problem` with `inputOutput`, or `badInput` for too many.
  func names() throws -> [String] {
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    guard let all = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      throw Problem(.inputOutput, "the spool cannot be read", at: path)
    }
    let names = all.filter { $0.hasSuffix(".json") }.sorted()
    guard names.count <= Self.limit else {
      throw Problem(.badInput, "there are more than \(Self.limit) files in the spool", at: path)
    }
    return names
  }

  /// Keeps what could not be recorded, durably.
  ///
  /// An intent is not kept: what it was to stand before has not been done.
  ///
  /// - Returns: the file's path; `nil` when there was nothing to keep.
  /// - Throws: `Problem` with `inputOutput`, or `badInput` for what is too large.
  func keep(_ drafts: [EntryDraft], reason: String, checkpoint: String?) throws -> String? {
    let drafts = drafts.filter { $0.kind != .intent }
    guard let first = drafts.first, let key else { return nil }
    let file = SpoolFile(drafts, key: key, reason: reason, checkpoint: checkpoint)
    let bytes = try CanonicalJSON.write(file)
    guard bytes.count <= SpoolFile.limits.bytes, try names().count < Self.limit else {
      throw Problem(.badInput, "it is too much for the spool", at: path)
    }
    try DurableFolder.make(path)
    let digits = first.time.description.filter { $0.isNumber || $0 == "T" }
    let place = "\(path)/\(digits)-\(Hexadecimal.encode(first.entryID)).json"
    try DurableFile.write(bytes, to: place)
    return place
  }

  /// Reads a file by its name; `nil` when somebody else has taken it meanwhile.
  func read(_ name: String) throws -> SpoolFile? {
    try SpoolFile.read("\(path)/\(name)", key: key)
  }

  /// Takes a file away, durably, after what it holds was recorded.
  func remove(_ name: String) throws {
    guard unlink("\(path)/\(name)") == 0 || errno == ENOENT else {
      throw Problem(.inputOutput, "the file cannot be removed", at: "\(path)/\(name)")
    }
    try DurableFolder.flush(path)
  }

  /// Brings the files of another spool of the same log here.
  func take(from other: Spool) throws {
    for name in try other.names() {
      guard let bytes = try DurableFile.read("\(other.path)/\(name)", limit: SpoolFile.limits.bytes)
      else { continue }
      try DurableFolder.make(path)
      if try DurableFile.read("\(path)/\(name)", limit: SpoolFile.limits.bytes) != nil { continue }
      try DurableFile.write(bytes, to: "\(path)/\(name)")
    }
  }

  /// The checkpoints that its files hold: how far the ledger was when they were kept.
  func checkpoints() throws -> [String] {
    try names().compactMap { try read($0)?.checkpoint }
  }
}
