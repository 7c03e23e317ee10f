public import Attestation
import Compliance
public import Model

extension LedgerHome {
  /// Signs and records a person's yes or no, bound to what the gate shows now.
  ///
  /// The person is found by the key; a key that may not sign approvals, a role that its holder does
  /// not hold, and the commit's own author are refused before anything is recorded.
  ///
  /// - Returns: the approval and its entry, after the entry is durable.
  public func approve(
    _ release: Release, environment: String, verdict: Approval.Verdict, role: Role, reason: String,
    key: Signer, time: TimeSource
  ) async throws -> (Approval, RecordedEvidence) {
    guard !reason.allSatisfy(\.isWhitespace) else {
      throw Problem(.badInput, "an approval needs a reason", advice: "Give one with --reason.")
    }
    let decision = try await judge(release, environment: environment, time: time)
    if decision.outcome == .error, let problem = decision.problem { throw problem }
    let bundle = try await policy(of: trustRoot(), application: release.application)
    let rule = bundle.policy.environments.first { $0.name == environment }?.approvals
      .first { $0.role == role }
    let act = PersonalAct(
      kind: .approval, application: release.application, environment: environment,
      subjects: release.subjects)
    return try await record(act, by: ActingPerson(signer: key, role: role), time: time) {
      person, _, now in
      let approval = Approval(
        verdict: verdict, application: release.application, environment: environment,
        release: release.digests, policy: decision.policy.digest,
        evidenceSet: decision.evidenceSet, person: person.person, role: person.role,
        meaning: rule?.meaning, reason: reason, time: now)
      let barred = decision.barred.first { $0.person == person.person }
      if verdict == .approved, let barred {
        throw Problem(
          .gateRefused, "\(person.person) \(barred.reason), and may not approve it",
          advice: "Ask somebody else who holds the role.")
      }
      return approval
    }
  }
}
