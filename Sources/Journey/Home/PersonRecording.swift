import Attestation
import Ledger
import Model

extension LedgerHome {
  /// Signs a fact with a person's key and records it.
  ///
  /// The person is found by the key: one that is not in the trust root, may not sign this kind, or
  /// belongs to a machine, and a role that its holder does not hold, are refused before anything is
  /// recorded.
  ///
  /// - Returns: where it stands, after the entry is durable.
  /// - Throws: `Problem` with `notTrusted`.
  func record(
    _ evidence: Evidence, key: PrivateKey, role: Role?, time: Instant
  ) async throws -> RecordedEvidence {
    let root = try await trustRoot()
    let (holder, role) = try Self.holder(of: key, in: root, kind: evidence.kind, role, time)
    let bytes = try Envelope(signing: Statement(evidence).json(), by: [key.signer]).json()
    let draft = EntryDraft(
      kind: evidence.kind, envelope: bytes, subjects: evidence.subjects.flatMap(\.digests),
      actor: holder, role: role, time: time)
    let index = try await ledger.append([draft], logSigner: appendingSigner())[0]
    await keepHighest()
    return RecordedEvidence(kind: evidence.kind, index: index, envelope: .sha256(bytes))
  }

  private static func holder(
    of key: PrivateKey, in root: TrustRoot, kind: EvidenceKind, _ role: Role?, _ time: Instant
  ) throws -> (String, Role) {
    let id = key.publicKey.id
    guard let known = root.keys.first(where: { $0.id == id }) else {
      throw Problem(
        .notTrusted, "the key \(id.short) is not in the trust root in force",
        advice: "See who is: pratique trust show")
    }
    guard known.maySign(kind, application: nil, environment: nil, at: time) else {
      throw Problem(
        .notTrusted, "the key of \(known.holder) may not sign evidence of kind \"\(kind.rawValue)\"")
    }
    guard let person = root.people.first(where: { $0.id == known.holder }) else {
      throw Problem(.notTrusted, "\(known.holder) is a machine; only a person may do this")
    }
    guard let role else {
      guard person.roles.count == 1, let only = person.roles.first else {
        throw Problem(
          .badInput, "\(person.id) holds several roles",
          advice: "Say in which one, with --role: \(Self.list(person.roles))")
      }
      return (person.id, only)
    }
    guard person.roles.contains(role) else {
      throw Problem(
        .notTrusted, "\(person.id) does not hold the role \"\(role.rawValue)\"",
        advice: "The roles held are: \(Self.list(person.roles))")
    }
    return (person.id, role)
  }

  private static func list(_ roles: [Role]) -> String {
    roles.map(\.rawValue).joined(separator: ", ")
  }
}
