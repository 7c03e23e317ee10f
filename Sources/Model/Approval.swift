/// A named person's yes or no to one release: the predicate of kind `approval`.
///
/// It is bound to the release's digests, the environment, the policy, the evidence that the person
/// was shown and what the yes means; a change in any of them voids it.
public struct Approval: Hashable, Sendable, Codable {
  /// What the person says.
  public enum Verdict: String, Sendable, Codable { case approved, rejected }

  /// Yes or no.
  public let verdict: Verdict
  /// The application's name.
  public let application: String
  /// The environment that it speaks of.
  public let environment: String
  /// The release's digests, sorted.
  public let release: [Digest]
  /// Digest of the policy.
  public let policy: Digest
  /// The evidence set that was shown, sorted.
  public let evidenceSet: [Digest]
  /// Pseudonym of the person.
  public let person: String
  /// The capacity in which the person speaks.
  public let role: Role
  /// What the yes means, as the policy has it, such as `reviewed for clinical safety`; `nil` where
  /// the policy gives it no meaning of its own.
  public let meaning: String?
  /// Why, in the person's own words.
  public let reason: String
  /// When the person signed.
  public let time: Instant

  /// States a person's verdict.
  public init(
    verdict: Verdict, application: String, environment: String, release: [Digest], policy: Digest,
    evidenceSet: [Digest], person: String, role: Role, meaning: String? = nil, reason: String,
    time: Instant
  ) {
    self.verdict = verdict
    self.application = application
    self.environment = environment
    self.release = release
    self.policy = policy
    self.evidenceSet = evidenceSet
    self.person = person
    self.role = role
    self.meaning = meaning
    self.reason = reason
    self.time = time
  }
}
