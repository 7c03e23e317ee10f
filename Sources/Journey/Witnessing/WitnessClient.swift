import Ledger
import Model

/// Asks one witness for a cosignature (C2SP `tlog-witness`).
struct WitnessClient: Sendable {
  let witness: TrustPolicy.Witness
  let url: String
  let exchange: HTTPExchange
  let deadline: ContinuousClock.Instant
  /// What this ledger is, for proofs and for holding it against what a witness has.
  let ledger: any LedgerStore
  /// Every key that this ledger ever signed checkpoints with.
  let logKeys: [NoteKey]
  let note: SignedNote
  let checkpoint: Checkpoint

  /// Answer, and the cosignatures to keep.
  typealias Outcome = (answer: CosigningReport.Answer, cosignatures: [SignedNote.Signature])

  /// Asks, once more when the witness holds another size than we knew, and says what came of it.
  func ask(from known: Int64) async -> Outcome {
    do {
      var response = try await add(from: known)
      if let held = response.status == 409 ? Self.heldSize(response) : nil {
        guard held <= checkpoint.size else { return try await contradiction(held: held) }
        response = try await add(from: held)
      }
      switch response.status {
      case 200: return try cosigned(response)
      case 422: return try await contradiction(held: nil)
      case 404: return refused("it does not know this ledger; its operator has to add the log key")
      case 403: return refused("it does not know the key that signs this ledger")
      case 409: return refused("others ask it for this ledger at the same moment")
      default:
        let words = String(decoding: response.body.prefix(200), as: UTF8.self)
          .filter { !$0.isNewline }
        return refused("it answered with status \(response.status): \(words)")
      }
    } catch let problem as Problem where problem.code == .notTrusted {
      return refused(problem.message)
    } catch {
      return answer(.absent, (error as? Problem)?.message ?? "\(error)")
    }
  }

  private func add(from old: Int64) async throws -> HTTPExchange.Response {
    let size = checkpoint.size
    let proof = try await ledger.read { try $0.proofs.consistency(from: old, to: size) }
    let request = try WitnessRequest(oldSize: old, proof: proof, note: note)
    return try await exchange.send(
      .post(
        "\(url)/add-checkpoint", body: Array(request.description.utf8),
        timeoutMilliseconds: remaining, answerLimit: 64 << 10))
  }

  private var remaining: Int64 {
    max(1, Int64((deadline - .now) / .milliseconds(1)))
  }

  private static func heldSize(_ response: HTTPExchange.Response) -> Int64? {
    WitnessResponse(
      status: response.status, contentType: response.contentType ?? "",
      body: String(decoding: response.body, as: UTF8.self)
    ).heldSize
  }

  private func cosigned(_ response: HTTPExchange.Response) throws -> Outcome {
    guard let lines = String(validating: response.body, as: UTF8.self) else {
      throw Problem(.notTrusted, "its answer is no text")
    }
    do {
      let cosigned = try note.adding(signatureLines: lines, of: [witness.key])
      let new = cosigned.signatures.filter { !note.signatures.contains($0) }
      return (answer(.cosigned, "verified").answer, new)
    } catch let problem as Problem {
      throw Problem(.notTrusted, "its answer is no cosignature of its key: \(problem.message)")
    }
  }

  /// The witness does not take our proof: what it holds is looked at, and kept when it proves that
  /// there are two histories.
  private func contradiction(held: Int64?) async throws -> Outcome {
    let claim =
      held.map { "it says that it cosigned \($0) entries, and the ledger has \(checkpoint.size)" }
      ?? "it does not find this ledger to continue what it cosigned"
    let identifier = WitnessState.identifier(origin: checkpoint.origin)
    guard
      let response = try? await exchange.send(
        .get("\(url)/\(identifier)/checkpoint", timeoutMilliseconds: remaining)),
      response.status == 200, let other = try? SignedNote(bytes: response.body),
      (try? other.verify(with: logKeys)) != nil, let theirs = try? Checkpoint(body: other.text),
      theirs.origin.utf8.elementsEqual(checkpoint.origin.utf8)
    else { return refused("\(claim); it shows no checkpoint with this ledger's signature") }
    guard theirs.size <= checkpoint.size else {
      return contradicts(
        "it holds a checkpoint of \(theirs.size) entries with this ledger's signature, and the"
          + " ledger has only \(checkpoint.size): it was set back, or another copy of it goes on",
        other)
    }
    let ours = try await ledger.read { try $0.proofs.root(size: theirs.size) }
    guard ours != theirs.root else {
      return refused("\(claim); but what it holds is a beginning of this ledger")
    }
    return contradicts(
      "it holds a checkpoint of \(theirs.size) entries with this ledger's signature whose root is"
        + " \(theirs.root), and the root here is \(ours): the history was written twice", other)
  }

  private func contradicts(_ detail: String, _ proof: SignedNote) -> Outcome {
    (
      CosigningReport.Answer(
        witness: witness.name.description, outcome: .contradicts, detail: detail,
        proof: proof.description), []
    )
  }

  private func refused(_ detail: String) -> Outcome { answer(.refused, detail) }

  private func answer(_ outcome: CosigningReport.Answer.Outcome, _ detail: String) -> Outcome {
    (
      CosigningReport.Answer(
        witness: witness.name.description, outcome: outcome, detail: detail, proof: nil), []
    )
  }
}
