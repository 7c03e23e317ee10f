import Attestation
public import Ledger
import Model

extension LedgerHome {
  /// Carries the ledger to another store, which is made where it is missing, and proves that both
  /// have the same root. Large payloads stay in the ledger's folder, which serves both.
  ///
  /// An earlier copy that was interrupted goes on where it was. The store that the ledger is in now
  /// is only read.
  ///
  /// - Parameters:
  ///   - switches: whether the ledger's folder names the new store afterwards. Nobody may append
  ///     meanwhile: whoever has the old store open goes on writing to it.
  ///   - progress: is told the entries that both have, and how many there are.
  /// - Throws: `Problem` with `badInput` when the place holds anything but a beginning of this
  ///   ledger, `ledgerDamaged` for what does not verify, `CancellationError`.
  public func migrate(
    to location: StoreLocation, switches: Bool,
    progress: @Sendable (_ done: Int64, _ all: Int64) -> Void
  ) async throws -> LedgerCopyReport {
    guard location.place != ledger.place else {
      throw Problem(.badInput, "the ledger is there already", at: location.place)
    }
    let target = try openOrCreate(location)
    defer { try? target.close() }
    let report = try await target.copy(from: ledger, copiesBlobs: false, progress: progress)
    guard switches else { return report }
    try StoreFile(location, key: ledger.key).write(in: path)
    // An entry that came between the copy and the switch would be lost to the ledger.
    let late = try await target.copy(from: ledger, copiesBlobs: false, progress: progress)
    return LedgerCopyReport(
      entries: late.entries, copied: report.copied + late.copied, sourceRoot: late.sourceRoot,
      root: late.root)
  }

  private func openOrCreate(_ location: StoreLocation) throws -> any LedgerStore {
    do {
      return try location.open(blobs: blobs, readOnly: false)
    } catch let problem as Problem where problem.code == .notFound {
      return try location.create(
        origin: ledger.key.name, logKey: .ed25519(ledger.key.publicKey), blobs: blobs)
    }
  }
}
