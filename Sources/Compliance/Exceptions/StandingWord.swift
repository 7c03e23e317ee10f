import Model

/// Whose word counts for what, where people speak beside the way through a gate: by the trust root
/// that stood before their entry, and by the policy in force.
struct StandingWord {
  let evidence: GateEvidence
  let release: Release
  let environment: String
  /// The trust root in force.
  let trust: TrustRoot
  /// People who wrote or signed what the release brings, and why they are that.
  let authors: [String: String]
  /// Why nobody can tell who wrote it; `nil` where it is known, or no person did.
  let unknownAuthor: String?
  let time: Instant

  static let day: Int64 = 86_400_000
  static let hour: Int64 = 3_600_000

  /// Why a person's word does not count; `nil` when it does.
  ///
  /// - Parameters:
  ///   - stated: when the person says that they signed.
  ///   - roles: the roles whose word counts; `nil` where the policy says nothing of it.
  func fault(
    _ person: String, as role: Role, stated: Instant, _ piece: AdmittedEvidence,
    among roles: [Role]?
  ) -> String? {
    guard person.isSame(as: piece.signer) else {
      return "it names \(person), but \(piece.signer) signed it"
    }
    guard let then = evidence.trust(before: piece.index),
      let known = then.people.first(where: { $0.id.isSame(as: person) })
    else { return "\(person) was no person of the trust root when it was recorded" }
    guard known.roles.contains(role) else {
      return "\(person) did not hold the role \"\(role.rawValue)\" when it was recorded"
    }
    guard let roles else {
      return "the policy lets nobody do this in environment \"\(environment)\""
    }
    guard roles.contains(role) else {
      return "the policy does not let the role \"\(role.rawValue)\" do this in environment"
        + " \"\(environment)\"; it names \(roles.map(\.rawValue).joined(separator: ", "))"
    }
    let latest = max(stated, piece.time)
    return latest <= time ? nil : "it is of \(latest), which lies in the future"
  }

  /// Why a person may not except what they made; `nil` when they had no part in it.
  func authorFault(_ person: String) -> String? {
    if let part = authors[person] { return "\(person) \(part), and may not except it" }
    return unknownAuthor
  }

  /// Why the time that was granted does not count; `nil` when it does. It counts from the older of
  /// what was stated and when it was recorded.
  func timeFault(
    until end: Instant?, stated: Instant, _ piece: AdmittedEvidence, maximumDays: Int
  ) -> String? {
    guard let end else { return "it has no end" }
    let start = min(stated, piece.time)
    guard end.milliseconds(since: start) <= Int64(maximumDays) * Self.day else {
      return
        "it lasts until \(end.date), longer than the \(maximumDays) days that the policy allows"
    }
    return time < end ? nil : "it ended on \(end.date)"
  }

  /// Words about people who answer for something and are not there any more.
  func gone(_ people: [String]) -> String {
    let left = people.filter { !trust.isPresent($0, at: time) }
    var seen: Set<String> = []
    let names = left.filter { seen.insert($0).inserted }
    return names.isEmpty
      ? "" : "; \(names.joined(separator: " and ")) left the trust root: name a new owner"
  }
}

/// A person's word beside the way through the gate that does not count, and why.
struct RejectedWord {
  /// The control that it speaks of; `nil` for the whole gate.
  let control: String?
  let sentence: String
}

/// What waivers or scope statements come to.
struct ExceptionOutcome {
  var controls: [ControlResult]
  var bypasses: [Bypass] = []
  var rejected: [RejectedWord] = []
}

extension ControlResult {
  /// The same with another answer; what the checks found stays.
  func with(_ state: ControlState) -> ControlResult {
    ControlResult(
      control: control, citation: citation, level: level, title: title, scope: scope,
      isRequired: isRequired, producer: producer, owner: owner, state: state, checks: checks)
  }
}
