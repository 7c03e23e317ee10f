/// A person's word that controls do not apply, and why, or that they do after all: the predicate of
/// kind `scope-statement`.
public struct ScopeStatement: Hashable, Sendable, Codable {
  /// What is said.
  public enum Verdict: String, Sendable, Codable {
    /// The controls do not apply.
    case outOfScope = "out-of-scope"
    /// They apply: an earlier word to the contrary counts no more.
    case inScope = "in-scope"
  }

  /// What is said.
  public let verdict: Verdict
  /// Ids of the controls, each once.
  public let controls: [String]
  /// The application that it speaks of; `nil` for the organisation.
  public let application: String?
  /// Why, in the person's own words.
  public let reason: String
  /// From this instant on it counts no more, and the question is asked anew; `nil` for a word that
  /// they apply.
  public let expires: Instant?
  /// Pseudonym of the person.
  public let person: String
  /// The capacity in which the person speaks.
  public let role: Role
  /// When the person signed.
  public let time: Instant

  /// States whether controls apply.
  public init(
    verdict: Verdict, controls: [String], application: String?, reason: String, expires: Instant?,
    person: String, role: Role, time: Instant
  ) {
    self.verdict = verdict
    self.controls = controls
    self.application = application
    self.reason = reason
    self.expires = expires
    self.person = person
    self.role = role
    self.time = time
  }

  /// What the statement speaks of.
  ///
  /// - Parameter organisation: the organisation's name in the trust root in force.
  public func subjects(organisation: String) -> [Subject] {
    [application.map(Subject.application) ?? .organisation(organisation)]
  }
}
