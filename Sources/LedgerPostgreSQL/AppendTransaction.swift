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

  /// Whether it shares a transaction with nobody: an erasure, and a change of the log's key or name.
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
      session.restsFor = max(0, session.restsFor - 1)
      if let tail = session.tail.take(), session.restsFor == 0,
        !requests.contains(where: \.standsAlone)
      {
        // A refusal by what is remembered may be wrong by now: it is given by what is there.
        let plan = plan(requests, after: Head(tail))
        if let signer = plan.signer, plan.isWhole {
          let note = try sign(plan, signer)
          stage = .committing
          let answers = try session.commit(
            [Head.begin, Head.lock, tail.check(ids, key: key)] + plan.commands(note))
          if answers[2].text(0, 0) == "on" {
            try plan.finish(session, answers[3], note)
            return plan.results
          }
          stage = .before
          session.restsFor = 8
        }
      }
      let head = try Head(locking: session, key: key, ids: ids, place: place)
      stage = .seen
      guard head.signedSize == head.range.size else {
        throw Problem(
          .ledgerDamaged,
          "the last checkpoint covers \(head.signedSize) of \(head.range.size) entries", at: place,
          advice: "A copy that was interrupted goes on with: pratique ledger migrate")
      }
      let plan = plan(requests, after: head)
      guard !plan.rows.isEmpty, let signer = plan.signer else {
        try session.run([SQLCommand("ROLLBACK")])
        return plan.results
      }
      let erasure = requests.compactMap(\.erasing).first
      if let erasure { try erasure.check(on: session) }
      let note = try sign(plan, signer)
      stage = .committing
      let answers = try session.commit(
        plan.commands(note, and: erasure?.commands(recordedAt: head.range.size) ?? []))
      try plan.finish(session, answers[0], note)
      return plan.results
    } catch let error as ServerError where !error.isPassing && stage == .committing {
      // A plain refusal is an answer: nothing was committed.
      throw AppendFailure(cause: error, stage: .seen)
    } catch {
      throw AppendFailure(cause: error, stage: stage)
    }
  }

  private func sign(_ plan: AppendPlan, _ signer: LogSigner) throws -> String {
    try signer.sign(
      Checkpoint(
        origin: plan.origin ?? key.name, size: plan.range.size, root: plan.range.root)
    ).description
  }

  /// Settles the place of each caller's entries, and who signs.
  private func plan(_ requests: [AppendRequest], after head: Head) -> AppendPlan {
    var plan = AppendPlan(range: head.range)
    var known = head.known
    for request in requests {
      // One whose entries are all there was told "unknown" before: its answer is their place.
      if request.entries.contains(where: { known[$0.leaf.entryID] == nil }) {
        do { plan.origin = try check(request, after: head, size: plan.range.size) } catch {
          let problem = (error as? Problem) ?? Problem(.internalError, "\(error)")
          plan.results.append(.failure(problem))
          plan.isWhole = false
          continue
        }
        plan.signer = request.logSigner
      }
      let indices = request.entries.map { entry in
        if let index = known[entry.leaf.entryID] { return index }
        let index = plan.range.size
        known[entry.leaf.entryID] = index
        plan.rows.add(entry.row(at: index), to: &plan.range)
        return index
      }
      plan.results.append(.success(indices))
    }
    return plan
  }

  private func check(
    _ request: AppendRequest, after head: Head, size: Int64
  ) throws -> String {
    if let expected = request.expected, expected != size {
      throw Problem(.busy, "the ledger has grown from \(expected) to \(size) entries meanwhile")
    }
    return try request.logSigner.check(
      kinds: request.entries.map(\.leaf.kind), after: head.note, founding: key)
  }
}

/// What a transaction shall insert, and what each caller is told when it is done.
private struct AppendPlan {
  /// The tree with the new entries.
  var range: CompactRange
  var rows = NewRows()
  var results: [Result<[Int64], Problem>] = []
  var signer: LogSigner?
  /// The log's name in the new checkpoint.
  var origin: String?
  /// Whether no caller is refused.
  var isWhole = true

  init(range: CompactRange) { self.range = range }

  /// The statements up to the commit, that of the entries first.
  func commands(_ note: String, and others: [SQLCommand] = []) -> [SQLCommand] {
    rows.commands + others + [NewRows.checkpoint(range.size, note), SQLCommand("COMMIT")]
  }

  /// Remembers the new end, when the server says that it has inserted all entries.
  func finish(_ session: Session, _ answer: Answer, _ note: String) throws {
    guard answer.command == "INSERT 0 \(rows.count)" else {
      throw Problem(.ledgerDamaged, "the server inserted other rows than it was given")
    }
    session.tail = Tail(range: range, note: note)
  }
}

extension Session {
  /// Runs statements of which the last is COMMIT.
  ///
  /// - Throws: `ServerError`.
  @discardableResult
  func commit(_ commands: [SQLCommand]) throws -> [Answer] {
    let answers = try run(commands)
    // A transaction that had failed answers COMMIT with ROLLBACK, and no error.
    guard answers.last?.command == "COMMIT" else {
      throw ServerError.refused(state: "40000", message: "the server took the transaction back")
    }
    return answers
  }
}
