public import Attestation
import Ledger
public import Model

/// The person who signs what only a person may: found by the key, in the trust root in force.
struct Signatory: Sendable {
  /// Pseudonym.
  let person: String
  /// The role in which they act.
  let role: Role
  /// The capability to sign.
  let signer: Signer

  /// Finds the person.
  ///
  /// - Parameters:
  ///   - role: one that they hold; without it, the first that the trust root names.
  ///   - application: the application that they speak of; `nil` for the organisation as a whole.
  ///   - environment: the environment that they speak of; `nil` for none.
  /// - Throws: `Problem` with `notTrusted` when the key is not known, may not sign that kind for
  ///   them, is a machine's, or its holder does not hold the role.
  init(
    _ signer: Signer, in root: TrustRoot, kind: EvidenceKind, role: Role?,
    application: String? = nil, environment: String? = nil, time: Instant
  ) throws {
    let keys = root.keys.filter { $0.id == signer.publicKey.id }
    guard let known = keys.first else {
      throw Problem(
        .notTrusted, "the key \(signer.publicKey.id.short) is not in the trust root in force",
        advice: "See who is: pratique trust show")
    }
    guard let holder = root.people.first(where: { $0.id == known.holder }) else {
      throw Problem(.notTrusted, "\(known.holder) is a machine; only a person may do this")
    }
    guard holder.isPresent(at: time) else {
      throw Problem(
        .notTrusted,
        "\(holder.id) is named from \(holder.start.map(\.description) ?? "the beginning") until"
          + " \(holder.end.map(\.description) ?? "further notice"), and not at \(time)")
    }
    // The trust root may list one key with several limits; one that fits is enough.
    guard
      keys.contains(where: {
        $0.maySign(kind, application: application, environment: environment, at: time)
      })
    else {
      throw Problem(
        .notTrusted,
        "the key of \(holder.id) may not sign evidence of kind \"\(kind.rawValue)\""
          + (application.map { " for application \"\($0)\"" } ?? "")
          + (environment.map { " in environment \"\($0)\"" } ?? "") + " at \(time)",
        advice: "The trust file says what a person's key may sign, where, and from when to when.")
    }
    guard let role = role ?? holder.roles.first, holder.roles.contains(role) else {
      let roles = holder.roles.map(\.rawValue).joined(separator: ", ")
      throw Problem(
        .notTrusted, "\(holder.id) does not hold the role \"\(role?.rawValue ?? "")\"",
        advice: "The roles held are: \(roles)")
    }
    person = holder.id
    self.role = role
    self.signer = signer
  }

  /// The draft of an entry with a predicate that this person signs.
  func draft(
    _ kind: EvidenceKind, subjects: [Subject], predicate: some Encodable & Sendable, time: Instant
  ) throws -> EntryDraft {
    try EntryDraft.guarded(
      Statement(Evidence(kind: kind, subjects: subjects, predicate: predicate)), kind: kind,
      signers: [signer], actor: person, role: role, time: time)
  }
}

/// A person's key and the role in which they act, as a command takes them.
public struct ActingPerson: Sendable {
  let signer: Signer
  let role: Role?

  /// A key, and a role; without one, the first that the person holds.
  public init(signer: Signer, role: Role?) {
    self.signer = signer
    self.role = role
  }
}

/// A reason must be one, and nothing that stays for ever may be long.
enum ReasonText {
  /// - Throws: `Problem` with `badInput`.
  static func check(_ reason: String) throws -> String {
    guard !reason.allSatisfy(\.isWhitespace) else {
      throw Problem(.badInput, "a reason is needed", advice: "Give one with --reason.")
    }
    guard reason.utf8.count <= 1_000 else {
      throw Problem(.badInput, "the reason is longer than 1000 bytes; it stays for ever")
    }
    return reason
  }
}
