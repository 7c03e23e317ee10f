import Attestation
import Ledger
import LedgerSQLite
public import Model

/// Signs facts as a machine and records them; facts that come at once share one durable commit.
public actor LedgerRecorder: Recorder {
  private struct Waiting {
    let drafts: [EntryDraft]
    let answer: CheckedContinuation<[Int64], any Error>
  }

  private let ledger: any LedgerStore
  private var logSigner: Signer
  private let renewedLogSigner: @Sendable () async throws -> Signer
  private let signer: Signer
  private let actor: String
  private let role: Role
  private let time: TimeSource
  private let unrecorded: @Sendable ([EntryDraft], Problem) -> Problem
  private var waiting: [Waiting] = []
  private var isWriting = false
  /// Why the store did not take what was to be recorded.
  private var away: Problem?

  /// Records as the machine `actor` in `role`.
  ///
  /// - Parameters:
  ///   - renewedLogSigner: opens the log key that is in force at the moment of asking.
  ///   - unrecorded: keeps what the store did not take, and says where it is.
  init(
    ledger: any LedgerStore, logSigner: Signer,
    renewedLogSigner: @escaping @Sendable () async throws -> Signer, signer: Signer, actor: String,
    role: Role, time: TimeSource,
    unrecorded: @escaping @Sendable ([EntryDraft], Problem) -> Problem = { $1 }
  ) {
    self.ledger = ledger
    self.logSigner = logSigner
    self.renewedLogSigner = renewedLogSigner
    self.signer = signer
    self.actor = actor
    self.role = role
    self.time = time
    self.unrecorded = unrecorded
  }

  /// Signs and records; returns only after the entries are durable, in the order given, all or none.
  ///
  /// - Throws: `Problem`, with `phiFound` when one of them may hold PHI; then none of them was
  ///   recorded. Where the store could not be reached, was
  ///   read-only or full, they are kept in the ledger's spool, and the problem says so.
  public nonisolated func record(_ evidence: [Evidence]) async throws -> [RecordedEvidence] {
    try await record(evidence, with: nil)
  }

  /// The same, with a person's signature beside the machine's.
  nonisolated func record(
    _ evidence: [Evidence], with cosigner: Signer?
  ) async throws -> [RecordedEvidence] {
    let now = time.now()
    var drafts: [EntryDraft] = []
    var envelopes: [Digest] = []
    for piece in evidence {
      let signers = [signer] + (cosigner.map { [$0] } ?? [])
      let draft = try EntryDraft.guarded(
        Statement(piece), kind: piece.kind, signers: signers, actor: actor, role: role, time: now)
      envelopes.append(.sha256(draft.envelope))
      drafts.append(draft)
    }
    let indices = try await appendOrSpool(drafts)
    return evidence.indices.map {
      RecordedEvidence(kind: evidence[$0].kind, index: indices[$0], envelope: envelopes[$0])
    }
  }

  /// Once something is in the spool, what comes after it goes there too, in order and without
  /// waiting for the store again: whoever records is ending by then.
  private func appendOrSpool(_ drafts: [EntryDraft]) async throws -> [Int64] {
    if let away { throw unrecorded(drafts, away) }
    do {
      return try await append(drafts)
    } catch let problem as Problem where [.inputOutput, .busy].contains(problem.code) {
      away = problem
      throw unrecorded(drafts, problem)
    }
  }

  private func append(_ drafts: [EntryDraft]) async throws -> [Int64] {
    try await withCheckedThrowingContinuation { answer in
      waiting.append(Waiting(drafts: drafts, answer: answer))
      guard !isWriting else { return }
      isWriting = true
      // Not a child of the caller: a run that is cancelled still records that it was.
      Task { await drain() }
    }
  }

  private func drain() async {
    while !waiting.isEmpty {
      let batch = waiting
      waiting = []
      do {
        let indices = try await write(batch.flatMap(\.drafts))
        var start = 0
        for entry in batch {
          entry.answer.resume(returning: Array(indices[start..<start + entry.drafts.count]))
          start += entry.drafts.count
        }
      } catch {
        await answerOneByOne(batch, after: error)
      }
    }
    isWriting = false
  }

  /// Appends; when the log key was replaced meanwhile, once more with the new one.
  private func write(_ drafts: [EntryDraft]) async throws -> [Int64] {
    do {
      return try await settle(drafts, logSigner)
    } catch let problem as Problem where problem.code == .notTrusted {
      let renewed = try await renewedLogSigner()
      guard renewed.publicKey != logSigner.publicKey else { throw problem }
      logSigner = renewed
      return try await settle(drafts, renewed)
    }
  }

  private func settle(_ drafts: [EntryDraft], _ signer: Signer) async throws -> [Int64] {
    try await Settlement().append { try await ledger.append(drafts, logSigner: signer) }
  }

  /// One draft that cannot be recorded must not take others with it.
  private func answerOneByOne(_ batch: [Waiting], after error: any Error) async {
    guard batch.count > 1 else {
      for entry in batch { entry.answer.resume(throwing: error) }
      return
    }
    for entry in batch {
      do {
        entry.answer.resume(returning: try await write(entry.drafts))
      } catch {
        entry.answer.resume(throwing: error)
      }
    }
  }
}

extension LedgerHome {
  /// A recorder that signs as the trust root's machine, in a role that it holds. What waits in the
  /// spool is recorded before anything else.
  ///
  /// - Parameter flushesSpool: `false` for whoever only asks whether it could record.
  /// - Throws: `Problem` with `notTrusted` when the machine's key is not the one that the trust root
  ///   names: without its key nothing starts.
  public func recorder(
    role: Role, time: TimeSource, flushesSpool: Bool = true
  ) async throws -> LedgerRecorder {
    // What an erasure that was killed left to be removed. It is written down, and tried again each
    // time: that something is in the way of it now must not stop a run.
    _ = try? await finishErasures()
    let logSigner =
      flushesSpool ? try await flushedSigner(time: time) : try await appendingSigner()
    let history = try await trustHistory()
    guard let root = history.current?.root,
      let machine = root.machines.first(where: { $0.roles.contains(role) })
    else {
      throw Problem(.notTrusted, "no machine of the trust root holds the role \"\(role.rawValue)\"")
    }
    let signer = try signer(machine: machine.id)
    guard root.keys.contains(where: { $0.id == signer.publicKey.id && $0.holder == machine.id })
    else {
      throw Problem(
        .notTrusted, "the key of machine \"\(machine.id)\" is not the one in the trust root",
        at: "\(path)/keys/\(machine.id).pem")
    }
    let home = self
    return LedgerRecorder(
      ledger: ledger, logSigner: logSigner,
      renewedLogSigner: { try await home.writingSigner() }, signer: signer, actor: machine.id,
      role: role, time: time, unrecorded: { home.keepUnrecorded($0, after: $1) })
  }
  /// The log's signing capability after what waits in the spool was recorded.
  ///
  /// Where the spool holds what cannot be recorded, somebody has to look at it, and nothing is recorded
  /// before; unless in an emergency, in which the gate names all that waits.
  private func flushedSigner(time: TimeSource) async throws -> Signer {
    do {
      _ = try await flushSpool(time: time)
    } catch let problem as Problem where [.notTrusted, .badInput].contains(problem.code) {
      guard try await isGlassBroken(at: time.now()) else { throw problem }
      return try await writingSigner()
    }
    return try await appendingSigner()
  }
}
