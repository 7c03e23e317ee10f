import Attestation
import Ledger
public import Model

/// The logs that a new one goes on with, by the last that they showed.
public struct Succession: Sendable {
  let predecessors: [Reorganisation.Predecessor]
  let from: [String]
  let reason: String
  let person: ActingPerson

  /// States what a new log goes on with.
  ///
  /// - Parameters:
  ///   - predecessors: last checkpoints, and the keys that signed them.
  ///   - from: the organisations of those logs; empty for the new log's own.
  ///   - person: who signs it; the trust file must let them.
  public init(
    predecessors: [Reorganisation.Predecessor], from: [String], reason: String,
    person: ActingPerson
  ) {
    self.predecessors = predecessors
    self.from = from
    self.reason = reason
    self.person = person
  }
}

extension LedgerHome {
  /// Records that organisations were renamed, merged or split.
  ///
  /// Each predecessor's checkpoint must be signed by the key that is named for it, so that what this
  /// log goes on with can be held against bundles and mirrors of that log for ever.
  ///
  /// - Throws: `Problem` with `notTrusted` or `badInput`; then nothing was recorded.
  public func reorganise(
    _ reorganisation: Reorganisation, by person: ActingPerson, time: Instant
  ) async throws -> RecordedEvidence {
    _ = try ReasonText.check(reorganisation.reason)
    try reorganisation.checkPredecessors(of: ledger.key)
    let draft = try Self.draft(reorganisation, by: person, in: await trustRoot(), time: time)
    let index = try await ledger.append([draft], logSigner: appendingSigner())[0]
    await keepHighest()
    return RecordedEvidence(
      kind: .reorganisation, index: index, envelope: .sha256(draft.envelope))
  }

  private static func draft(
    _ reorganisation: Reorganisation, by person: ActingPerson, in root: TrustRoot, time: Instant
  ) throws -> EntryDraft {
    let digest = Digest.sha256(try Statement.canonical(reorganisation))
    let signatory = try Signatory(
      person.signer, in: root, kind: .reorganisation, role: person.role, time: time)
    return try signatory.draft(
      .reorganisation,
      subjects: [Subject(name: reorganisation.to.joined(separator: " "), digest: digest)],
      predicate: reorganisation, time: time)
  }

  /// The entry by which a new log names those before it; it is appended together with the first.
  static func draft(
    _ succession: Succession, of root: TrustRoot, log: NoteKey, time: Instant
  ) throws -> EntryDraft {
    let to = root.organisation
    let from = succession.from.isEmpty ? [to] : succession.from
    let kind: Reorganisation.Kind =
      from.count > 1 ? .merge : from == [to] ? .succession : .rename
    let reorganisation = try Reorganisation(
      kind: kind, from: from, to: [to], predecessors: succession.predecessors, effective: time,
      reason: ReasonText.check(succession.reason))
    try reorganisation.checkPredecessors(of: log)
    return try draft(reorganisation, by: succession.person, in: root, time: time)
  }

  /// Refuses a trust root that names another organisation than the one before, unless a
  /// reorganisation leads from the one to the other.
  ///
  /// - Throws: `Problem` with `notTrusted`.
  func checkOrganisation(from old: String, to new: String) async throws {
    guard !old.utf8.elementsEqual(new.utf8) else { return }
    let indices = try await ledger.read { try $0.indices(kind: .reorganisation) }
    for entry in try await ledger.entries(indices) {
      guard case .present(let bytes, _) = entry.payload else { continue }
      let change = try Statement(json: Envelope(json: bytes).payload)
        .predicate(as: Reorganisation.self)
      if change.from.contains(old), change.to.contains(new) { return }
    }
    throw Problem(
      .notTrusted, "the trust root names \"\(new)\", the one in force \"\(old)\"",
      advice: "Record it first: pratique ledger reorganise rename --from \(old) --to \(new)")
  }
}
