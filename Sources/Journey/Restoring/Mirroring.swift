import Attestation
import Blobs
import Foundation
public import Ledger
import Model

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
  /// - Parameters:
  ///   - store: where the mirror's entries lie; `nil` for a file in its folder, or where they lie
  ///     already.
  ///   - progress: is told the entries that both have, and how many there are.
  /// - Throws: `Problem` with `badInput` for a folder that is no mirror of this ledger,
  ///   `ledgerDamaged` for what does not verify, or `CancellationError`.
  public func mirror(
    to folder: String, store: StoreLocation? = nil, withRegistry: Bool,
    progress: @Sendable (_ done: Int64, _ all: Int64) -> Void
  ) async throws -> MirrorReport {
    let mirror = try openMirror(folder, store: store)
    defer { try? mirror.close() }
    try Remains.remove(in: folder)
    try await mirror.blobs.removeRemnants()
    // What was erased goes afterwards, when the copy knows every hold.
    let report = try await mirror.copy(
      from: ledger, followsErasures: false, progress: progress)
    var contents = 0
    for digest in try await blobs.digests() {
      try Task.checkCancellation()
      if try await mirror.blobs.get(digest) != nil { continue }
      guard let bytes = try await blobs.get(digest) else { continue }
      _ = try await mirror.blobs.put(bytes)
      contents += 1
    }
    // Whoever restores from the mirror has to ask them.
    try Self.copyFile(witnessesPath, to: "\(folder)/witnesses")
    if withRegistry { try registry.write(path: "\(folder)/registry.json") }
    let (removed, held) = try await followErasures(in: mirror, folder)
    return MirrorReport(entries: report, contents: contents, removed: removed, held: held)
  }

  private func openMirror(_ folder: String, store: StoreLocation?) throws -> any LedgerStore {
    let blobs = FileBlobStore(folder: "\(folder)/blobs")
    if Self.isNew(folder) {
      try Self.makeFolder(folder)
      try MirrorFile(ledger.key).write(in: folder)
    }
    guard let key = try MirrorFile.key(in: folder) else {
      throw Problem(
        .badInput, "the folder is no mirror", at: folder,
        advice: "Name one where nothing is yet, or a mirror of this ledger.")
    }
    guard key == ledger.key else {
      throw Problem(.badInput, "the folder is a mirror of \"\(key.name)\"", at: folder)
    }
    let begun = ["ledger.sqlite", "store.json"].contains {
      FileManager.default.fileExists(atPath: "\(folder)/\($0)")
    }
    // Before the store is made, so that a mirror that was killed in between goes on.
    if let store, !begun { try StoreFile(store, key: key).write(in: folder) }
    let location = try StoreFile.location(in: folder)
    if let store, store.place != location.place {
      throw Problem(.badInput, "the mirror's entries are in \(location.place) already", at: folder)
    }
    do {
      return try StoreFile.open(in: folder, blobs: blobs, readOnly: false)
    } catch let problem as Problem where problem.code == .notFound {
      return try location.create(
        origin: key.name, logKey: .ed25519(key.publicKey), blobs: blobs)
    }
  }

  /// Whether there is nothing yet: no folder, or one that whoever made it for the mirror was killed
  /// in before he said so.
  private static func isNew(_ folder: String) -> Bool {
    guard FileManager.default.fileExists(atPath: folder) else { return true }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      return false
    }
    return names.allSatisfy { $0.hasPrefix(MirrorFile.name) && Remains.isRemnant($0) }
  }

  /// Removes what an erasure names and no hold covers, now that the copy knows all of them.
  private func followErasures(
    in mirror: any LedgerStore, _ folder: String
  ) async throws -> (removed: Int, held: Int) {
    let copy = LedgerHome(
      path: folder, ledger: mirror, blobs: mirror.blobs, registry: Registry(people: []),
      keys: KeyFolder(path: "\(folder)/keys", ring: KeyRing()))
    var survey = RetentionSurvey()
    try await survey.advance(mirror) { _, _ in }
    var going: [EntryProfile] = []
    var held = 0
    for index in survey.record.erasures.keys.sorted() {
      let row = try await mirror.read { try $0.row(index) }
      if case .none = row.payload { continue }
      let entry = try await copy.profile(row)
      switch survey.record.duty(of: entry) {
      case .keep: continue
      case .keepForHold: held += 1
      case .remove: going.append(entry)
      }
    }
    guard !going.isEmpty else { return (0, held) }
    try await mirror.removePayloads(going.map(\.index))
    // What the ledger itself still has, somebody else refers to.
    for digest in Set(going.flatMap { $0.contents.union([$0.payload].compactMap(\.self)) }) {
      guard held == 0, try await blobs.get(digest) == nil else { continue }
      let never = Instant(milliseconds: Int64.max)
      _ = try await mirror.blobs.remove(digest, unlessPutSince: never)
    }
    try await mirror.scrub()
    return (going.count, held)
  }
}
