import Ledger
import Model

/// What a witness said when it was asked what it has cosigned of a ledger that is being restored.
public struct WitnessAnswer: Sendable, Encodable {
  /// How it ended.
  public enum Outcome: String, Sendable, Encodable {
    /// It shows a checkpoint that it cosigned and that a key of the log signed.
    case shows
    /// It says that it has cosigned nothing of this ledger.
    case knowsNone = "knows-none"
    /// There was no answer in time.
    case absent
    /// What it answered cannot be used.
    case unusable
  }

  /// The witness's name in the configuration.
  public let witness: String
  /// How it ended.
  public let outcome: Outcome
  /// What was found, in one sentence.
  public let detail: String
  /// The checkpoints that it shows, signed notes: one for each name that the log has had.
  let notes: [String]

  private enum CodingKeys: String, CodingKey { case witness, outcome, detail }

  /// Whether it is known what the witness has seen.
  var isAnswer: Bool { outcome == .shows || outcome == .knowsNone }
}

/// Asks witnesses for the checkpoints that they cosigned last (C2SP `tlog-witness`, monitoring).
struct WitnessMonitor: Sendable {
  let exchange: HTTPExchange
  let deadline: ContinuousClock.Instant
  /// The names that the log has or had: after a recovery epoch, more than one.
  let origins: [String]
  /// What the keys of the ledger, and of the copies that are there, say of a signed checkpoint.
  let keys: [LogKeyHistory]

  /// Asks all that have an address, at once.
  func ask(_ witnesses: [TrustPolicy.Witness]) async -> [WitnessAnswer] {
    await withTaskGroup(of: (Int, WitnessAnswer).self) { group in
      for (place, witness) in witnesses.enumerated() {
        group.addTask { (place, await ask(witness)) }
      }
      var answers: [Int: WitnessAnswer] = [:]
      for await (place, answer) in group { answers[place] = answer }
      return witnesses.indices.compactMap { answers[$0] }
    }
  }

  private func ask(_ witness: TrustPolicy.Witness) async -> WitnessAnswer {
    func answer(
      _ outcome: WitnessAnswer.Outcome, _ detail: String, _ notes: [String] = []
    ) -> WitnessAnswer {
      WitnessAnswer(
        witness: witness.name.description, outcome: outcome, detail: detail, notes: notes)
    }
    guard let address = witness.url else {
      return answer(.absent, "no address is configured for it")
    }
    let base = address.hasSuffix("/") ? String(address.dropLast()) : address
    var notes: [String] = []
    var sizes: [String] = []
    for origin in origins {
      let left = max(1, Int64((deadline - .now) / .milliseconds(1)))
      do {
        let response = try await exchange.send(
          .get(
            "\(base)/\(WitnessState.identifier(origin: origin))/checkpoint",
            timeoutMilliseconds: left))
        if response.status == 404 { continue }
        guard response.status == 200 else {
          return answer(.unusable, "it answered with status \(response.status)")
        }
        let note = try SignedNote(bytes: response.body)
        let checkpoint = try check(note, of: origin, by: witness)
        notes.append(note.description)
        sizes.append("\(checkpoint.size) entries of \"\(checkpoint.origin)\"")
      } catch let problem as Problem where problem.code == .inputOutput {
        return answer(.absent, problem.message)
      } catch {
        return answer(.unusable, (error as? Problem)?.message ?? "\(error)")
      }
    }
    return notes.isEmpty
      ? answer(.knowsNone, "it has cosigned nothing of this ledger")
      : answer(.shows, "it cosigned \(sizes.joined(separator: " and "))", notes)
  }

  /// What it shows must bear its own cosignature, and the signature of a key of the log: otherwise
  /// whoever stands between could show any old checkpoint.
  private func check(
    _ note: SignedNote, of origin: String, by witness: TrustPolicy.Witness
  ) throws -> Checkpoint {
    guard try note.examine(with: [witness.key]).signed.contains(where: { $0.key == witness.key })
    else { throw Problem(.notTrusted, "what it shows does not bear its own cosignature") }
    var failure: (any Error)?
    for history in keys {
      do {
        let checkpoint = try history.kept(note.description).checkpoint
        guard checkpoint.origin.utf8.elementsEqual(origin.utf8) else { continue }
        return checkpoint
      } catch { failure = error }
    }
    throw Problem(
      .notTrusted,
      "no key that is known here signed what it shows:"
        + " \((failure as? Problem)?.message ?? "it is of another log")")
  }
}
