import Attestation
import Ledger
public import Model

extension LedgerHome {
  /// Lets a ledger that is being restored go on under another name, with an entry that names the
  /// range that is lost for good.
  ///
  /// Somebody must have shown a checkpoint of what is lost: without that nothing is known to be
  /// missing, and the restoration ends by itself.
  ///
  /// - Returns: what was recorded, and where, after it is durable.
  /// - Throws: `Problem` with `badInput` when nothing is known to be lost, `busy` when too few have
  ///   answered, `notTrusted`; then nothing was recorded.
  public func openEpoch(
    reason: String, by person: ActingPerson, time: Instant
  ) async throws -> (RecoveryEpoch, RecordedEvidence) {
    let reason = try ReasonText.check(reason)
    guard let state = try RestoringFile.read(in: path), let highest = state.highest else {
      throw Problem(
        .badInput, "no restoration of this ledger has shown that anything is lost", at: path,
        advice: "Ask first: pratique ledger restore --mirror FOLDER")
    }
    if let lacking = state.lacking {
      throw Problem(
        .busy, "what is lost is not known yet: \(lacking)", at: path,
        advice: "Ask again when they can be reached, or say with --need how many must answer.")
    }
    let histories = try await ledger.histories()
    let lost = try Checkpoint(body: SignedNote(highest).text)
    let (size, root) = try await ledger.read { reader in
      (try reader.size(), try reader.proofs.root(size: reader.size()))
    }
    guard lost.size > size, let digest = root.digest else {
      throw Problem(.badInput, "nothing is lost: the ledger has \(size) entries", at: path)
    }
    let previous = histories.keys.origin
    let number = histories.keys.periods.count { $0.epoch != nil } + 1
    let epoch = RecoveryEpoch(
      number: number, previousOrigin: previous,
      origin: RecoveryEpoch.origin(after: previous, number: number), size: size, root: digest,
      lostUntil: lost.size, highest: highest, asked: state.asked, reason: reason)
    guard let trust = histories.trust.current?.root else {
      throw Problem(.notTrusted, "the ledger has no trust root", at: path)
    }
    let signatory = try Signatory(
      person.signer, in: trust, kind: .recoveryEpoch, role: person.role, time: time)
    let draft = try signatory.draft(
      .recoveryEpoch, subjects: [Subject(name: previous, digest: digest)], predicate: epoch,
      time: time)
    let index = try await ledger.append(
      [draft], logSigner: .openingEpoch(logSigner(), origin: epoch.origin), ifSize: size)[0]
    if let note = try await ledger.read({ try $0.checkpoint() }) {
      self.highest.replace(with: note)
    }
    try RestoringFile.remove(in: path)
    return (
      epoch,
      RecordedEvidence(kind: .recoveryEpoch, index: index, envelope: .sha256(draft.envelope))
    )
  }
}
