import Model

/// Counts approvals: each person once, in one role that they hold, bound to exactly this release,
/// environment, policy and evidence, and never by who wrote or signed the commit.
struct ApprovalCounting {
  let release: Release
  let environment: String
  let policy: Digest
  let evidenceSet: [Digest]
  let trust: TrustRoot
  let requirements: [TrustRoot.Requirement]
  let barred: Set<String>

  /// What the approvals come to.
  struct Outcome {
    var results: [ApprovalResult]
    var rejected: [RejectedApproval]
    /// People who said no to exactly this.
    var rejections = 0
    var rejectionReasons: [String] = []
  }

  func count(_ pieces: [AdmittedEvidence]) throws -> Outcome {
    var counted: [Role: [EvidenceReference]] = [:]
    var people: Set<String> = []
    var outcome = Outcome(results: [], rejected: [])
    // The latest word of a person stands, so that a no can take back a yes.
    for piece in pieces.sorted(by: { $0.index > $1.index }) {
      let approval: Approval = try piece.predicate()
      if let reason = fault(approval, piece) {
        outcome.rejected.append(RejectedApproval(approval: piece.reference, reason: reason))
        continue
      }
      guard people.insert(approval.person).inserted else {
        outcome.rejected.append(
          RejectedApproval(
            approval: piece.reference,
            reason: "\(approval.person) is counted once, by their latest word"))
        continue
      }
      switch approval.verdict {
      case .approved: counted[approval.role, default: []].append(piece.reference)
      case .rejected:
        outcome.rejections += 1
        outcome.rejectionReasons.append("\(approval.person) said no: \(approval.reason)")
      }
    }
    outcome.results = requirements.map {
      ApprovalResult(role: $0.role, required: $0.count, counted: counted[$0.role] ?? [])
    }
    return outcome
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
    if approval.verdict == .approved, barred.contains(approval.person) {
      return "\(approval.person) wrote or signed the commit, and may not approve it"
    }
    guard approval.environment.isSame(as: environment) else {
      return "it is for the environment \"\(approval.environment)\""
    }
    guard approval.release == release.digests else { return "it is for another release" }
    guard approval.policy == policy else { return "the policy has changed since" }
    guard approval.evidenceSet == evidenceSet else {
      return "the evidence has changed since: it was shown \(approval.evidenceSet.count) pieces,"
        + " there are \(evidenceSet.count)"
    }
    return nil
  }
}
