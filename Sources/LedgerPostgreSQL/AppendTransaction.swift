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

  /// Whether no other request may share its transaction.
  var standsAlone: Bool { erasing != nil || !logSigner.isOrdinary }
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
      var signing: Signing?
      let results = place(requests, head, in: &range, &rows, &signing)
      guard !rows.isEmpty, let signing else {
        try session.run([SQLCommand("ROLLBACK")])
        return results
      }
      let erasure = requests.compactMap(\.erasing).first
      if let erasure { try erasure.check(on: session) }
      let note = try signing.signer.sign(
        Checkpoint(origin: signing.origin, size: range.size, root: range.root))
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

  /// Who signs the new head, under which name.
  private struct Signing {
    let signer: LogSigner
    let origin: String
  }

  /// Settles the place of each caller's entries.
  private func place(
    _ requests: [AppendRequest], _ head: Head, in range: inout CompactRange, _ rows: inout NewRows,
    _ signing: inout Signing?
  ) -> [Result<[Int64], Problem>] {
    var known = head.known
    var results: [Result<[Int64], Problem>] = []
    for request in requests {
      let isNew = request.entries.contains { known[$0.leaf.entryID] == nil }
      // One whose entries are all there was told "unknown" before: its answer is their place,
      // whatever size or key the ledger has now.
      if isNew {
        if let expected = request.expected, expected != range.size {
          results.append(
            .failure(
              Problem(
                .busy, "the ledger has grown from \(expected) to \(range.size) entries meanwhile")))
          continue
        }
        do throws(Problem) {
          signing = try signingNew(request, after: head.note)
        } catch {
          results.append(.failure(error))
          continue
        }
      }
      results.append(
        .success(
          request.entries.map { entry in
            if let index = known[entry.leaf.entryID] { return index }
            let index = range.size
            known[entry.leaf.entryID] = index
            rows.add(entry.row(at: index), to: &range)
            return index
          }))
    }
    return results
  }

  private func signingNew(
    _ request: AppendRequest, after note: String?
  ) throws(Problem) -> Signing {
    do {
      let origin = try request.logSigner.check(
        kinds: request.entries.map(\.leaf.kind), after: note, founding: key)
      return Signing(signer: request.logSigner, origin: origin)
    } catch let problem as Problem {
      throw problem
    } catch {
      throw Problem(.internalError, "\(error)", at: place)
    }
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
