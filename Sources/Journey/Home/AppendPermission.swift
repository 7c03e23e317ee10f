import Attestation
import Foundation
import Ledger
import Model

extension LedgerHome {
  /// The log's signing capability, for a ledger that may be appended to.
  ///
  /// A restored backup is a rollback, and the next append would fork the log: a ledger that is being
  /// restored, or that is shorter than, or another than, the highest checkpoint that this machine
  /// has seen of it, stays open for reading only.
  ///
  /// While signed evidence waits in the spool nothing else is recorded.
  ///
  /// - Throws: `Problem` with `ledgerDamaged`, or `busy` for a spool that is not empty.
  func appendingSigner() async throws -> Signer {
    try refuseSpooled()
    return try await writingSigner()
  }

  /// The same, for what brings the spool into the ledger.
  func writingSigner() async throws -> Signer {
    guard !FileManager.default.fileExists(atPath: restoringPath) else {
      throw Problem(
        .ledgerDamaged, "the ledger is being restored, and open for reading only", at: path,
        advice: "Finish it: pratique ledger restore")
    }
    guard !MirrorFile.isThere(in: path) else {
      throw Problem(
        .badInput, "the folder is a mirror, and never appended to", at: path,
        advice: "Make a ledger of it with: pratique ledger restore \(path) --ledger FOLDER")
    }
    if let note = highest.note() { try await refuseRollback(below: note) }
    await keepHighest()
    return try await logSigner()
  }

  /// The mark of a restoration that has not ended.
  var restoringPath: String { "\(path)/restoring.json" }

  /// The highest checkpoint of this ledger that this machine has seen.
  var highest: HighestCheckpoint { HighestCheckpoint(ledger.key, at: path) }

  private func refuseRollback(below note: String) async throws {
    guard let signed = try? SignedNote(note), let seen = try? Checkpoint(body: signed.text) else {
      return
    }
    let (size, root) = try await ledger.read { reader -> (Int64, TreeHash?) in
      let size = try reader.size()
      return (size, seen.size <= size ? try reader.proofs.root(size: seen.size) : nil)
    }
    guard let root else {
      throw Problem(
        .ledgerDamaged,
        "the ledger has \(size) entries, and this machine has seen a checkpoint of \(seen.size):"
          + " it was put back from a backup", at: path,
        advice: "Nothing may be appended before what is missing was asked for:"
          + " pratique ledger restore")
    }
    guard root == seen.root else {
      throw Problem(
        .ledgerDamaged,
        "the ledger's first \(seen.size) entries are not those of a checkpoint that this machine"
          + " has seen: there are two histories", at: path,
        advice: "Keep both, and find out who wrote which: the checkpoint lies in \(highest.path)")
    }
  }

  /// Keeps the ledger's last checkpoint outside of its folder, where it is looked at before the next
  /// append.
  func keepHighest() async {
    guard let note = try? await ledger.read({ try $0.checkpoint() }) else { return }
    highest.keep(note)
  }
}
