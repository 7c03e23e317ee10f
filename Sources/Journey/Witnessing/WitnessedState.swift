public import Ledger
import Model

/// What a trust policy says of a ledger's checkpoints.
public struct WitnessedState: Sendable, Encodable {
  /// Number of entries in the ledger.
  public let entries: Int64
  /// Size of the largest checkpoint that the policy is content with; `nil` when there is none.
  public let witnessed: Int64?
  /// Witnesses of the policy whose cosignature of the last checkpoint is there.
  public let cosigned: [String]
  /// Number of witnesses that the policy names.
  public let witnesses: Int
  /// How the quorum of the last checkpoint was counted, a sentence a line.
  public let explanation: [String]

  /// Whether the last checkpoint, and with it every entry, has the cosignatures that are asked for.
  public var isMet: Bool { witnessed == entries }

  /// In one sentence for people.
  public var sentence: String {
    let counted = explanation.joined(separator: "; ")
    if isMet { return "witnessed: \(cosigned.count) of \(witnesses) cosigned (\(counted))" }
    let earlier =
      witnessed.map { "; enough there are for the first \($0) entries" }
      ?? "; no earlier checkpoint has enough either"
    return "NOT WITNESSED ENOUGH: the checkpoint of \(entries) entries has \(cosigned.count) of"
      + " \(witnesses) cosignatures (\(counted))\(earlier)"
  }
}

extension LedgerHome {
  /// Judges the last checkpoint by somebody's trust policy, and finds the latest one that is enough.
  ///
  /// - Throws: `Problem` with `notTrusted` when the policy does not trust this log at all, or a
  ///   cosignature that is kept is wrong.
  public func witnessed(by policy: TrustPolicy) async throws -> WitnessedState {
    // Whoever trusts the founding key trusts those that it handed over to.
    let isFounding = policy.logs.isEmpty || policy.logs.contains { $0.key == ledger.key }
    let known = isFounding ? try await logKeys() : []
    return try await ledger.read { reader in
      guard let text = try reader.checkpoint(),
        let note = try reader.cosignedCheckpoint(size: Checkpoint(body: SignedNote(text).text).size)
      else { throw Problem(.notFound, "the ledger has no checkpoint yet") }
      let verdict = try policy.judge(note, logs: known)
      let size = verdict.checkpoint.size
      let witnessed =
        verdict.isMet
        ? size
        : try reader.witnessedCheckpoint(upTo: size, by: policy, logs: known)
          .map { try Checkpoint(body: $0.text).size }
      return WitnessedState(
        entries: size, witnessed: witnessed,
        cosigned: verdict.cosigned.map(\.witness.description), witnesses: policy.witnesses.count,
        explanation: verdict.explanation)
    }
  }

  /// What is wrong with cosignatures that are kept of the configured witnesses: they were verified
  /// when they came.
  public func cosignatureFaults() async throws -> [LedgerFault] {
    guard let policy = try witnesses() else { return [] }
    return try await ledger.read { reader in
      var faults: [LedgerFault] = []
      var below = Int64.max
      while true {
        let sizes = try reader.cosignedSizes(upTo: below, limit: 500)
        for size in sizes {
          do {
            guard let note = try reader.cosignedCheckpoint(size: size) else { continue }
            _ = try note.examine(with: policy.witnesses.map(\.key))
          } catch let problem as Problem {
            faults.append(
              LedgerFault(index: nil, message: "the checkpoint of \(size): \(problem.message)"))
          }
        }
        guard let last = sizes.last, last > 0, faults.count < 100 else { return faults }
        below = last - 1
      }
    }
  }
}
