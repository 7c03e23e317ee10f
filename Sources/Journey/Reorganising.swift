import Attestation
import Ledger
public import Model

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
    for predecessor in reorganisation.predecessors {
      let known = try NoteKey(predecessor.key)
      let checkpoint = try Checkpoint(note: predecessor.checkpoint, key: known)
      guard known != ledger.key else {
        throw Problem(.badInput, "the log \"\(checkpoint.origin)\" cannot be its own predecessor")
      }
    }
    let digest = Digest.sha256(try Statement.canonical(reorganisation))
    let root = try await trustRoot()
    let signatory = try Signatory(
      person.signer, in: root, kind: .reorganisation, role: person.role, time: time)
    let draft = try signatory.draft(
      .reorganisation,
      subjects: [Subject(name: reorganisation.to.joined(separator: " "), digest: digest)],
      predicate: reorganisation, time: time)
    let index = try await ledger.append([draft], logSigner: appendingSigner())[0]
    await keepHighest()
    return RecordedEvidence(
      kind: .reorganisation, index: index, envelope: .sha256(draft.envelope))
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
