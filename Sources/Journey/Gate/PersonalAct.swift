import Attestation
import Ledger
import LedgerSQLite
import Model

/// What a person signs beside a pipeline's own evidence: an approval, a statement, a waiver, a
/// break-glass and whatever is to come.
///
/// All of them take one way: the person is found by the key in the trust root in force, the key must
/// be allowed to sign that kind for the application and the environment, and the role must be one
/// that the person holds. Which roles may do what, the gate asks of the policy.
struct PersonalAct: Sendable {
  /// What it is.
  let kind: EvidenceKind
  /// The application that it speaks of; `nil` for the organisation as a whole.
  let application: String?
  /// The environment that it speaks of; `nil` for none.
  let environment: String?
  /// What it is about; the predicate says the same.
  let subjects: [Subject]
}

extension LedgerHome {
  /// Signs and records what a person says.
  ///
  /// - Parameters:
  ///   - acting: the key, and the role; without one, the first that the person holds.
  ///   - make: makes the predicate, which names the person, the role and the time given to it, and
  ///     refuses by throwing what the person may not say.
  /// - Returns: the predicate and its entry, after the entry is durable.
  /// - Throws: `Problem` with `notTrusted`, or what `make` throws; then nothing was recorded.
  func record<Predicate: Encodable & Sendable>(
    _ act: PersonalAct, by acting: ActingPerson, time: TimeSource,
    _ make: (_ person: Signatory, _ trust: TrustRoot, _ now: Instant) throws -> Predicate
  ) async throws -> (Predicate, RecordedEvidence) {
    let root = try await trustRoot()
    let now = time.now()
    let person = try Signatory(
      acting.signer, in: root, kind: act.kind, role: acting.role, application: act.application,
      environment: act.environment, time: now)
    let predicate = try make(person, root, now)
    let draft = try person.draft(act.kind, subjects: act.subjects, predicate: predicate, time: now)
    // In an emergency the way out must not hang on what waits in the spool.
    let logSigner =
      act.kind == .breakGlass ? try await writingSigner() : try await appendingSigner()
    let index = try await ledger.append([draft], logSigner: logSigner)[0]
    await keepHighest()
    return (
      predicate,
      RecordedEvidence(kind: act.kind, index: index, envelope: .sha256(draft.envelope))
    )
  }
}
