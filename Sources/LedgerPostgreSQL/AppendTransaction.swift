import Attestation
import Ledger
import Model

/// One caller's entries, ready to be inserted.
struct AppendRequest: Sendable {
  /// An entry with the salt that its leaf was made with.
  struct Entry: Sendable {
    let leaf: Leaf
    let bytes: [UInt8]
    let payload: EntryRow.Payload
    let facts: EntryFacts

    func row(at index: Int64) -> LedgerPage.Row {
      LedgerPage.Row(
        EntryRow(index: index, leaf: bytes, payload: payload),
        indexed: IndexedEntry(index: index, leaf: leaf, facts: facts))
    }
  }

  let entries: [Entry]
  /// The size that the ledger must still have.
  let expected: Int64?
  let logSigner: LogSigner
  /// What an erasure removes in the same transaction; its request stands alone in it.
  var erasing: PayloadErasure?

  /// Whether it shares a transaction with nobody: an erasure, and a change of the log key.
  var standsAlone: Bool { erasing != nil || entries.contains { $0.leaf.kind == .logKey } }
}

/// Why a transaction ended without an answer.
struct AppendFailure: Error {
  /// How far it had come.
  enum Stage {
    /// The ledger's end was not yet seen.
    case before
    /// It was seen that the entries are not there, and nothing was sent to be committed.
    case seen
    /// The commit was sent: the entries are there or not.
    case committing
  }

  let cause: any Error
  let stage: Stage
}

/// Appends what several callers want in one transaction.
struct AppendTransaction {
  let key: NoteKey
  let place: String

  /// Appends and commits; gives each caller its indices or its refusal.
  ///
  /// - Throws: `AppendFailure`.
  func run(
    _ requests: [AppendRequest], on session: Session
  ) throws -> [Result<[Int64], Problem>] {
    var stage = AppendFailure.Stage.before
    do {
      let ids = requests.flatMap { $0.entries.map(\.leaf.entryID) }
      let head = try Head(locking: session, key: key, ids: ids, place: place)
      stage = .seen
      guard head.signedSize == head.range.size else {
        throw Problem(
          .ledgerDamaged,
          "the last checkpoint covers \(head.signedSize) of \(head.range.size) entries", at: place,
          advice: "A copy that was interrupted goes on with: pratique ledger migrate")
      }
      var range = head.range
      var rows = NewRows()
      var signer: LogSigner?
      let results = place(requests, after: head, in: &range, &rows, &signer)
      guard !rows.isEmpty, let signer else {
        try session.run([SQLCommand("ROLLBACK")])
        return results
      }
      let erasure = requests.compactMap(\.erasing).first
      if let erasure { try erasure.check(on: session) }
      let note = try signer.sign(
        Checkpoint(origin: key.name, size: range.size, root: range.root))
      let commands =
        rows.commands + (erasure?.commands(recordedAt: head.range.size) ?? [])
        + [NewRows.checkpoint(range.size, note.description), SQLCommand("COMMIT")]
      stage = .committing
      try session.commit(commands)
      return results
    } catch let error as ServerError where !error.isPassing && stage == .committing {
      // A plain refusal is an answer: nothing was committed.
      throw AppendFailure(cause: error, stage: .seen)
    } catch {
      throw AppendFailure(cause: error, stage: stage)
    }
  }

  /// Settles the place of each caller's entries, and who signs.
  private func place(
    _ requests: [AppendRequest], after head: Head, in range: inout CompactRange,
    _ rows: inout NewRows, _ signer: inout LogSigner?
  ) -> [Result<[Int64], Problem>] {
    var known = head.known
    return requests.map { request in
      // One whose entries are all there was told "unknown" before: its answer is their place.
      if request.entries.contains(where: { known[$0.leaf.entryID] == nil }) {
        do { try check(request, after: head, size: range.size) } catch {
          return .failure((error as? Problem) ?? Problem(.internalError, "\(error)"))
        }
        signer = request.logSigner
      }
      return .success(
        request.entries.map { entry in
          if let index = known[entry.leaf.entryID] { return index }
          let index = range.size
          known[entry.leaf.entryID] = index
          rows.add(entry.row(at: index), to: &range)
          return index
        })
    }
  }

  private func check(_ request: AppendRequest, after head: Head, size: Int64) throws {
    if let expected = request.expected, expected != size {
      throw Problem(.busy, "the ledger has grown from \(expected) to \(size) entries meanwhile")
    }
    try request.logSigner.check(
      kinds: request.entries.map(\.leaf.kind), after: head.note, founding: key)
  }
}

extension Session {
  /// Runs statements of which the last is COMMIT.
  ///
  /// - Throws: `ServerError`.
  func commit(_ commands: [SQLCommand]) throws {
    // A transaction that had failed answers COMMIT with ROLLBACK, and no error.
    guard try run(commands).last?.command == "COMMIT" else {
      throw ServerError.refused(state: "40000", message: "the server took the transaction back")
    }
  }
}
