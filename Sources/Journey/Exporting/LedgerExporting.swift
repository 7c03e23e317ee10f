import Attestation
import Blobs
import Foundation
import Ledger
import Model

/// What an export came to.
public struct ExportReport: Sendable, Encodable {
  /// Entries that the export covers.
  public let entries: Int64
  /// Entries that an earlier export in the same folder covered.
  public let before: Int64
  /// Tiles that were written now.
  public let tiles: Int
}

extension LedgerHome {
  /// Writes the log as static files in C2SP `tlog-tiles` form: `checkpoint`, `tile/L/N` and
  /// `tile/entries/N`, which any web server can serve, and beside them the keys.
  ///
  /// A folder with an earlier export of the same log is brought up to date: only new tiles are
  /// written, and the checkpoint last, so that readers see one or the other. Interrupted, it is given
  /// again.
  ///
  /// - Parameters:
  ///   - withEntries: whether each entry is written as plain files, too: leaf, envelope, salt, receipt.
  ///   - progress: is told the entries that were gone through, and how many there are.
  /// - Throws: `Problem` with `badInput` for a folder that holds something else, `ledgerDamaged` when
  ///   the earlier export is not a beginning of this ledger, or `CancellationError`.
  public func export(
    to folder: String, withEntries: Bool,
    progress: @Sendable (_ done: Int64, _ all: Int64) -> Void
  ) async throws -> ExportReport {
    let before = try await exported(in: folder)
    let (size, note) = try await ledger.read { reader in
      let size = try reader.size()
      return (size, try reader.cosignedCheckpoint(size: size)?.description)
    }
    guard let note, size > 0 else {
      throw Problem(.notFound, "the ledger has no checkpoint yet", at: path)
    }
    try DurableFolder.make(folder, mode: 0o755)
    try Remains.remove(in: folder, below: true)
    var tiles = 0
    for path in TileGeometry(size: size).tiles(after: before) {
      try Task.checkCancellation()
      let bytes = try await ledger.read { try $0.tile(path) }
      try write(bytes, "\(folder)/\(path)")
      if !path.isPartial { try removePartials(of: path, in: folder) }
      tiles += 1
      if tiles % 100 == 0 { progress(min(Int64(tiles) * 128, size), size) }
    }
    try await exportKeys(to: folder, size: size)
    try await exportTimestamps { try write($0, "\(folder)/\($1)") }
    if withEntries {
      for index in 0..<size {
        try Task.checkCancellation()
        try await exportEntry(index, note: note, size: size, to: folder)
        if index % 1_000 == 0 { progress(index, size) }
      }
    }
    try write(Array(note.utf8), "\(folder)/checkpoint")
    return ExportReport(entries: size, before: before, tiles: tiles)
  }

  /// The size of the export that a folder holds; 0 for one that is empty or not there.
  private func exported(in folder: String) async throws -> Int64 {
    guard let bytes = try DurableFile.read("\(folder)/checkpoint", limit: 1 << 20) else {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      // What an interrupted first export leaves.
      guard names.allSatisfy({ $0 == "tile" || $0.hasSuffix(".part") || Self.isExported($0) })
      else {
        throw Problem(.badInput, "there is something already that is no export", at: folder)
      }
      return 0
    }
    let note = String(decoding: bytes, as: UTF8.self)
    do {
      if let fault = try await faults(against: note).first {
        throw Problem(.ledgerDamaged, "the earlier export is of another history: \(fault)")
      }
      return try Checkpoint(body: SignedNote(note).text).size
    } catch let problem as Problem {
      throw Problem(problem.code, problem.message, at: folder, advice: problem.advice)
    }
  }

  private static func isExported(_ name: String) -> Bool {
    name == "log.vkey"
      || [
        ".pem", ".tst", ".text", ".checkpoint", ".leaf", ".dsse.json", ".salt", ".erased",
        ".tlog-proof",
      ]
      .contains { name.hasSuffix($0) }
  }

  private func write(_ bytes: [UInt8], _ path: String) throws {
    if let there = try? DurableFile.read(path, limit: bytes.count + 1), there == bytes { return }
    try DurableFolder.make(PathText.parent(of: path), mode: 0o755)
    try DurableFile.write(bytes, to: path, mode: 0o644)
  }

  /// The partial tiles of one that is full now: whoever reads a later checkpoint asks for the full.
  private func removePartials(of tile: TilePath, in folder: String) throws {
    let path = "\(folder)/\(tile).p"
    guard FileManager.default.fileExists(atPath: path) else { return }
    do { try FileManager.default.removeItem(atPath: path) } catch {
      throw Problem(.inputOutput, "the partial tiles cannot be removed", at: path)
    }
  }
}
