import Model

/// Counts approvals: each person once, for one role that they hold and that is asked for, bound to
/// exactly this release, environment, policy and evidence, and never by who wrote, committed or
/// signed what the release brings.
struct ApprovalCounting {
  /// What an approval must be bound to, to count.
  let binding: ApprovalBinding

  private var trust: TrustRoot { binding.trust }
  private var requirements: [ApprovalRule] { binding.requirements }

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

  /// An approval that is bound to what is judged.
  fileprivate struct Word {
    let approval: Approval
    let piece: AdmittedEvidence
  }

  /// Counts approvals, given by ascending index.
  func count(_ pieces: [AdmittedEvidence]) throws -> Outcome {
    var outcome = Outcome()
    var people: [(person: String, words: [Word])] = []
    for piece in pieces {
      let approval: Approval = try piece.predicate()
      let word = Word(approval: approval, piece: piece)
      if let reason = binding.fault(approval, piece) {
        outcome.reject(word, reason)
      } else if let place = people.firstIndex(where: { $0.person.isSame(as: approval.person) }) {
        people[place].words.append(word)
      } else {
        people.append((approval.person, [word]))
      }
    }
    let standing = people.map { (person: $0.person, words: stand($0.words, &outcome)) }
    assign(standing, &outcome)
    outcome.rejected.sort { $0.approval.index < $1.approval.index }
    outcome.obstacles += unfillable()
    outcome.missing = missing(outcome)
    return outcome
  }

  /// The yeses of one person that stand, the latest of each role. A no is lifted only by a yes that
  /// was recorded and signed after every no: one that was held back would take back a later no.
  private func stand(_ words: [Word], _ outcome: inout Outcome) -> [Word] {
    let noes = words.filter { $0.approval.verdict == .rejected }
    let yeses = words.filter { $0.approval.verdict == .approved }
    let valid = yeses.filter { yes in
      noes.allSatisfy {
        $0.piece.index < yes.piece.index && $0.approval.time < yes.approval.time
      }
    }
    for yes in yeses where !valid.contains(where: { $0.piece.index == yes.piece.index }) {
      let isHeldBack = noes.allSatisfy { $0.piece.index < yes.piece.index }
      outcome.reject(
        yes, isHeldBack ? "\(yes.approval.person) said no after signing it" : Self.once(yes))
    }
    for no in noes {
      let isLast = no.piece.index == noes.last?.piece.index
      guard valid.isEmpty, isLast else {
        outcome.reject(no, Self.once(no))
        continue
      }
      let reason = "\(no.approval.person) said no: \(no.approval.reason)"
      outcome.reject(no, reason)
      outcome.obstacles.append(reason)
    }
    var latest: [Word] = []
    for yes in valid.reversed() {
      if latest.contains(where: { $0.approval.role == yes.approval.role }) {
        outcome.reject(yes, Self.once(yes))
      } else {
        latest.insert(yes, at: 0)
      }
    }
    return latest
  }

  private static func once(_ word: Word) -> String {
    "\(word.approval.person) is counted once, by their latest word"
  }

  /// Gives each person one role, so that as many places as possible are filled.
  private func assign(_ people: [(person: String, words: [Word])], _ outcome: inout Outcome) {
    let assignment = ApprovalAssignment(
      requirements,
      people.map { .init(person: $0.person, roles: Set($0.words.map(\.approval.role))) })
    var counted: [Role: [EvidenceReference]] = [:]
    for (person, words) in people {
      // Whoever is not needed any more is shown with the role of their latest word.
      guard let role = assignment.role(of: person) ?? words.last?.approval.role else { continue }
      for word in words {
        if word.approval.role == role {
          counted[role, default: []].append(word.piece.reference)
        } else {
          outcome.reject(word, "\(person) is counted once, as \"\(role.rawValue)\"")
        }
      }
    }
    outcome.results = requirements.map {
      ApprovalResult(
        role: $0.role, required: $0.count,
        counted: (counted[$0.role] ?? []).sorted { $0.index < $1.index })
    }
  }

  private func missing(_ outcome: Outcome) -> [String] {
    outcome.results.filter { !$0.isMet }.map(ReasonWords.missing)
      + (outcome.results.allSatisfy(\.isMet) ? [] : outcome.rejected.map(ReasonWords.rejected))
  }

  /// Roles that nobody, or too few who may approve, hold: waiting would not help.
  private func unfillable() -> [String] {
    let present = trust.people.filter { $0.isPresent(at: binding.time) }
    let eligible = present.filter { binding.barred[$0.id] == nil }
    var reasons: [String] = []
    for (place, requirement) in requirements.enumerated() {
      let people = eligible.count { $0.roles.contains(requirement.role) }
      guard people < requirement.count else { continue }
      let role = requirement.role.rawValue
      reasons.append(
        present.contains { $0.roles.contains(requirement.role) }
          ? "\(requirement.count) approval(s) of role \"\(role)\" are needed, and \(people) who hold"
            + " it may approve this release"
          : "nobody in the trust root in force holds the role \"\(role)\", which the policy asks for"
            + " in environment \"\(binding.environment)\" (approvals/\(place))")
    }
    let possible = ApprovalAssignment(
      requirements, eligible.map { .init(person: $0.id, roles: Set($0.roles)) }
    ).count
    let needed = requirements.reduce(0) { $0 + $1.count }
    if reasons.isEmpty, possible < needed {
      reasons.append(
        "\(needed) people must approve, each counted once, and \(possible) may approve this release"
      )
    }
    return reasons
  }
}

extension ApprovalCounting.Outcome {
  fileprivate mutating func reject(_ word: ApprovalCounting.Word, _ reason: String) {
    rejected.append(RejectedApproval(approval: word.piece.reference, reason: reason))
  }
}
