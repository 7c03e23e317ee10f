public import Attestation
import Compliance
import Ledger
import LedgerSQLite
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
    let root = try await trustRoot()
    let now = time.now()
    let holder = try Self.holder(
      of: key.publicKey, in: root, role: role, application: release.application,
      environment: environment, time: now)
    let approval = Approval(
      verdict: verdict, application: release.application, environment: environment,
      release: release.digests, policy: decision.policy.digest,
      evidenceSet: decision.evidenceSet, person: holder, role: role, reason: reason, time: now)
    if verdict == .approved {
      try await refuseAuthor(holder, of: release, environment: environment)
    }
    let evidence = Evidence(kind: .approval, subjects: release.subjects, predicate: approval)
    let bytes = try Envelope(signing: Statement(evidence).json(), by: [key]).json()
    let draft = EntryDraft(
      kind: .approval, envelope: bytes, subjects: release.subjects.flatMap(\.digests),
      actor: holder, role: role, time: now)
    let index = try await ledger.append([draft], logSigner: try await logSigner())[0]
    return (
      approval, RecordedEvidence(kind: .approval, index: index, envelope: .sha256(bytes))
    )
  }

  private static func holder(
    of key: PublicKey, in root: TrustRoot, role: Role, application: String, environment: String,
    time: Instant
  ) throws -> String {
    guard let known = root.keys.first(where: { $0.id == key.id }) else {
      throw Problem(
        .notTrusted, "the key \(key.id.short) is not in the trust root in force",
        advice: "See who is: pratique trust show")
    }
    guard
      known.maySign(.approval, application: application, environment: environment, at: time)
    else {
      throw Problem(
        .notTrusted, "the key of \(known.holder) may not sign approvals for \(environment)")
    }
    guard root.people.contains(where: { $0.id == known.holder }) else {
      throw Problem(.notTrusted, "\(known.holder) is a machine; only people approve")
    }
    guard root.roles(of: known.holder).contains(role) else {
      let roles = root.roles(of: known.holder).map(\.rawValue).joined(separator: ", ")
      throw Problem(
        .notTrusted, "\(known.holder) does not hold the role \"\(role.rawValue)\"",
        advice: "The roles held are: \(roles)")
    }
    return known.holder
  }

  private func refuseAuthor(
    _ person: String, of release: Release, environment: String
  ) async throws {
    let pieces = try await evidence(on: release).evidence
    for piece in pieces where piece.kind == .sourceCheck {
      let check = try piece.statement.predicate(as: SourceCheck.self)
      guard check.author != person, check.signer != person else {
        throw Problem(
          .gateRefused, "\(person) wrote or signed the commit, and may not approve it",
          advice: "Ask somebody else who holds the role.")
      }
    }
  }
}
