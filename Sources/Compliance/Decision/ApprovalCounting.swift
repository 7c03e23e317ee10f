import Model

/// Counts approvals: each person once, in one role that they hold and that is asked for, bound to
/// exactly this release, environment, policy and evidence, and never by who wrote or signed the
/// commit.
struct ApprovalCounting {
  let release: Release
  let environment: String
  let policy: Digest
  let evidenceSet: [Digest]
  let trust: TrustRoot
  let requirements: [TrustRoot.Requirement]
  /// People who may not approve, and why.
  let barred: [String: String]
  let time: Instant

  /// What the approvals come to.
  struct Outcome {
    var results: [ApprovalResult] = []
    var rejected: [RejectedApproval] = []
    /// Why no further approval could open the gate: somebody said no, or a role cannot be filled.
    var obstacles: [String] = []
    /// What is still needed.
    var missing: [String] = []

    var isComplete: Bool { missing.isEmpty }
  }

  private typealias Word = (approval: Approval, piece: AdmittedEvidence)

  /// Counts approvals, given by ascending index.
  func count(_ pieces: [AdmittedEvidence]) throws -> Outcome {
    var outcome = Outcome()
    var bound: [Word] = []
    for piece in pieces {
      let approval: Approval = try piece.predicate()
      if let reason = fault(approval, piece) {
        outcome.rejected.append(RejectedApproval(approval: piece.reference, reason: reason))
      } else {
        bound.append((approval, piece))
      }
    }
    var counted: [Role: [EvidenceReference]] = [:]
    for (place, word) in bound.enumerated() {
      if let reason = overtaken(word, by: bound, after: place) {
        outcome.rejected.append(RejectedApproval(approval: word.piece.reference, reason: reason))
      } else if word.approval.verdict == .rejected {
        let reason = "\(word.approval.person) said no: \(word.approval.reason)"
        outcome.rejected.append(RejectedApproval(approval: word.piece.reference, reason: reason))
        outcome.obstacles.append(reason)
      } else {
        counted[word.approval.role, default: []].append(word.piece.reference)
      }
    }
    outcome.rejected.sort { $0.approval.index < $1.approval.index }
    outcome.results = requirements.map {
      ApprovalResult(role: $0.role, required: $0.count, counted: counted[$0.role] ?? [])
    }
    outcome.obstacles += unfillable()
    outcome.missing = missing(outcome)
    return outcome
  }

  /// Why a person's word does not stand; `nil` for the one that does. The latest stands, and a yes
  /// only when it was signed after every no: held back, it would take back a later no.
  private func overtaken(_ word: Word, by words: [Word], after place: Int) -> String? {
    let own = words.enumerated().filter {
      $0.element.approval.person.isSame(as: word.approval.person)
    }
    let noes = own.filter { $0.element.approval.verdict == .rejected }
    let isOutlived =
      own.last.map { latest in
        latest.element.approval.verdict == .approved
          && noes.contains { $0.element.approval.time >= latest.element.approval.time }
      } ?? false
    let standing = isOutlived ? noes.last : own.last
    if standing?.offset == place { return nil }
    return isOutlived && place == own.last?.offset
      ? "\(word.approval.person) said no after signing it"
      : "\(word.approval.person) is counted once, by their latest word"
  }

  private func missing(_ outcome: Outcome) -> [String] {
    outcome.results.filter { !$0.isMet }.map { result in
      "\(result.required) approval(s) of role \"\(result.role.rawValue)\" are needed,"
        + " \(result.counted.count) count"
    }
      + (outcome.results.allSatisfy(\.isMet)
        ? []
        : outcome.rejected.map {
          "the approval of entry \($0.approval.index) does not count: \($0.reason)"
        })
  }

  /// Roles that nobody, or too few who may approve, hold: waiting would not help.
  private func unfillable() -> [String] {
    func eligible(_ role: Role) -> Set<String> {
      Set(trust.people.filter { $0.roles.contains(role) }.map(\.id)).subtracting(barred.keys)
    }
    var reasons: [String] = []
    for (place, requirement) in requirements.enumerated() {
      let people = eligible(requirement.role).count
      guard people < requirement.count else { continue }
      let role = requirement.role.rawValue
      let isHeld = trust.people.contains { $0.roles.contains(requirement.role) }
      reasons.append(
        isHeld
          ? "\(requirement.count) approval(s) of role \"\(role)\" are needed, and \(people) who hold"
            + " it may approve this release"
          : "nobody in the trust root in force holds the role \"\(role)\", which the policy asks for"
            + " in environment \"\(environment)\" (approvals/\(place))")
    }
    let all = requirements.reduce(into: Set<String>()) { $0.formUnion(eligible($1.role)) }
    let needed = requirements.reduce(0) { $0 + $1.count }
    if reasons.isEmpty, all.count < needed {
      reasons.append(
        "\(needed) people must approve, each counted once, and \(all.count) may approve this release"
      )
    }
    return reasons
  }

  /// Why an approval does not count; `nil` when it does.
  private func fault(_ approval: Approval, _ piece: AdmittedEvidence) -> String? {
    guard approval.person.isSame(as: piece.signer) else {
      return "it names \(approval.person), but \(piece.signer) signed it"
    }
    guard trust.people.contains(where: { $0.id.isSame(as: approval.person) }) else {
      return "\(approval.person) is no person of the trust root in force"
    }
    guard trust.roles(of: approval.person).contains(approval.role) else {
      return "\(approval.person) does not hold the role \"\(approval.role.rawValue)\""
    }
    if approval.verdict == .approved {
      if let reason = barred[approval.person] {
        return "\(approval.person) \(reason), and may not approve it"
      }
      guard requirements.contains(where: { $0.role == approval.role }) else {
        return "the role \"\(approval.role.rawValue)\" is not asked for in this environment"
      }
    }
    guard approval.environment.isSame(as: environment) else {
      return "it is for the environment \"\(approval.environment)\""
    }
    guard approval.release == release.digests,
      GateEvidence.concerns(piece, .image, of: release)
    else { return "it is for another release" }
    guard approval.policy == policy else { return "the policy has changed since" }
    guard approval.evidenceSet == evidenceSet else {
      let (shown, now) = (Set(approval.evidenceSet), Set(evidenceSet))
      return "the evidence has changed since: \(now.subtracting(shown).count) pieces are new,"
        + " \(shown.subtracting(now).count) are gone"
    }
    guard approval.verdict == .rejected || max(approval.time, piece.time) <= time else {
      return "it is of \(max(approval.time, piece.time)), which lies in the future"
    }
    return nil
  }
}
