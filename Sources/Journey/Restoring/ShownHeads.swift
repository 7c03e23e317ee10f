import Ledger
import Model

extension LedgerHome {
  /// A checkpoint that somebody showed, and that a key of the log signed.
  typealias Head = (name: String, checkpoint: Checkpoint, note: String)

  /// The checkpoints that were shown, each signed by a key of the log; a mirror that has more
  /// entries may know a later key. Those of an earlier name that cover what a recovery epoch calls
  /// lost stand apart: what they prove is in that epoch's entry.
  func heads(
    _ shown: [ShownCheckpoint], copies: [LedgerHome]
  ) async throws -> (known: [Head], lost: [(name: String, sentence: String)]) {
    var histories: [LogKeyHistory] = []
    for home in [self] + copies { histories.append(try await home.ledger.histories().keys) }
    var known: [Head] = []
    var lost: [(name: String, sentence: String)] = []
    for one in shown {
      guard let note = one.note else { continue }
      var found: KeptCheckpoint?
      var failure: (any Error)?
      for history in histories {
        do {
          let kept = try history.kept(note)
          // A copy that knows of the epoch knows better than one from before it.
          if case .ofLost = kept { found = kept } else { found = found ?? kept }
        } catch { failure = error }
      }
      switch found {
      case .ofLog(let checkpoint): known.append((one.name, checkpoint, note))
      case .ofLost(let checkpoint, let epoch):
        let range = "entries \(epoch.size) to \(epoch.lostUntil - 1)"
        lost.append(
          (
            one.name,
            "a checkpoint of \(checkpoint.size) entries under the earlier name; recovery epoch"
              + " \(epoch.number) calls \(range) lost"
              + (checkpoint.size > epoch.lostUntil ? ", AND IT COVERS MORE" : "")
          ))
      case nil:
        throw Problem(
          .notTrusted,
          "the checkpoint that it shows is not this ledger's:"
            + " \((failure as? Problem)?.message ?? "it cannot be read")", at: one.name)
      }
    }
    return (known, lost)
  }

  /// The ledger's own head.
  func ownHead() async throws -> Head? {
    guard let note = try await ledger.read({ try $0.checkpoint() }) else { return nil }
    return ("the ledger", try await ledger.histories().keys.checkpoint(note), note)
  }

  /// What is here must be what was shown, as far as it goes; what proves otherwise is kept.
  func compare(_ heads: [Head]) async throws {
    for (name, checkpoint, note) in heads {
      let root = try await ledger.read { reader -> TreeHash? in
        try checkpoint.size <= reader.size() ? reader.proofs.root(size: checkpoint.size) : nil
      }
      guard let root, root != checkpoint.root else { continue }
      try keepContradiction(note)
      throw Problem(
        .ledgerDamaged,
        "its checkpoint of \(checkpoint.size) entries is of another history than this ledger",
        at: name,
        advice: "It is kept in contradictions/. Whoever holds the log's key has signed two"
          + " histories: keep both, and find out which.")
    }
  }
}
