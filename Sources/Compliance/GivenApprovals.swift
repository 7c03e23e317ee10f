public import Model

/// What approvals were bound to when they were given.
///
/// Under another policy none would count, since each is bound to the policy that its giver saw. Who
/// asks whether a release would have passed takes them as given; such an answer is never recorded.
public struct GivenApprovals: Hashable, Sendable {
  /// The policy's digest then.
  public let policy: Digest
  /// The evidence that was shown then.
  public let evidenceSet: [Digest]

  /// States what a decision showed to those who approved.
  public init(_ decision: Decision) {
    policy = decision.policy.digest
    evidenceSet = decision.evidenceSet
  }
}
