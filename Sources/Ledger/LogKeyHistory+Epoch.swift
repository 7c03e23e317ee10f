import Attestation
import Model

extension LogKeyHistory {
  /// Takes a recovery epoch: from the next checkpoint on the log bears another name.
  ///
  /// - Parameters:
  ///   - index: the entry's place in the ledger.
  ///   - root: the root that the ledger has before it.
  /// - Throws: `Problem` with `notTrusted` that says which rule it breaks.
  mutating func admit(_ epoch: RecoveryEpoch, at index: Int64, root: TreeHash) throws {
    func refusal(_ reason: String) -> Problem {
      Problem(.notTrusted, "the recovery epoch does not count: \(reason)")
    }
    let number = periods.count { $0.epoch != nil } + 1
    let name = RecoveryEpoch.origin(after: current.key.name, number: number)
    guard epoch.number == number, epoch.previousOrigin.utf8.elementsEqual(current.key.name.utf8),
      epoch.origin.utf8.elementsEqual(name.utf8)
    else { throw refusal("its name does not follow the log's name before it") }
    guard epoch.size == index, epoch.root == root.digest else {
      throw refusal("it was made for a ledger with other entries before it")
    }
    // The lost entries were shown to somebody: without that nothing is known to be lost.
    let highest = try lost(epoch)
    guard highest.size == epoch.lostUntil, highest.size > epoch.size else {
      throw refusal("its highest checkpoint does not cover what it calls lost")
    }
    periods.append(
      Period(
        key: try NoteKey(name: epoch.origin, publicKey: .ed25519(current.key.publicKey)),
        firstSize: index + 1, epoch: epoch))
  }

  /// The highest checkpoint of the old name, signed by a key that the log had under it.
  private func lost(_ epoch: RecoveryEpoch) throws -> Checkpoint {
    let note = try SignedNote(epoch.highest)
    let known = periods.map(\.key).filter {
      $0.name.utf8.elementsEqual(epoch.previousOrigin.utf8)
    }
    _ = try note.verify(with: known)
    let checkpoint = try Checkpoint(body: note.text)
    guard checkpoint.origin.utf8.elementsEqual(epoch.previousOrigin.utf8) else {
      throw Problem(
        .notTrusted, "the recovery epoch's highest checkpoint is of \"\(checkpoint.origin)\"")
    }
    return checkpoint
  }
}
