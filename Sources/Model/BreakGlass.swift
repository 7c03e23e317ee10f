/// A person opens the gate of an environment for one release in an emergency: the predicate of kind
/// `break-glass`.
///
/// Several people sign for one emergency by one such act each.
public struct BreakGlass: Hashable, Sendable, Codable {
  /// The application's name.
  public let application: String
  /// The environment whose gate it opens.
  public let environment: String
  /// Digests of the release that may pass, sorted.
  public let release: [Digest]
  /// The emergency's name, of the form of a pseudonym; a further fix of the same emergency bears the
  /// same name.
  public let incident: String
  /// A class of emergencies that the policy has agreed beforehand; `nil` for none.
  public let emergency: String?
  /// Why, in the person's own words.
  public let reason: String
  /// From this instant on the gate is shut again.
  public let until: Instant
  /// By when somebody else must have reviewed it.
  public let reviewBy: Instant
  /// Pseudonym of the person.
  public let person: String
  /// The capacity in which the person acts.
  public let role: Role
  /// When the person signed.
  public let time: Instant

  /// States an emergency.
  public init(
    application: String, environment: String, release: [Digest], incident: String,
    emergency: String?, reason: String, until: Instant, reviewBy: Instant, person: String,
    role: Role, time: Instant
  ) {
    self.application = application
    self.environment = environment
    self.release = release
    self.incident = incident
    self.emergency = emergency
    self.reason = reason
    self.until = until
    self.reviewBy = reviewBy
    self.person = person
    self.role = role
    self.time = time
  }

  /// What the statement speaks of: the application as a whole, since what it opens must be reviewed
  /// before later releases pass.
  public var subjects: [Subject] { [.application(application)] }
}

/// Somebody else's review of what was done in an emergency: the predicate of kind
/// `break-glass-review`. It ends what it reviews: the gate is shut again.
public struct BreakGlassReview: Hashable, Sendable, Codable {
  /// What the reviewer found.
  public enum Verdict: String, Sendable, Codable, CaseIterable {
    /// It was an emergency, and the gate had to be opened.
    case justified
    /// It need not have been opened.
    case notJustified = "not-justified"
  }

  /// The application's name.
  public let application: String
  /// The environment whose gate was opened.
  public let environment: String
  /// The emergency's name.
  public let incident: String
  /// Envelope digests of the acts that were reviewed, sorted; others stay open.
  public let acts: [Digest]
  /// What was found.
  public let verdict: Verdict
  /// What was found and what follows from it, in the person's own words.
  public let reason: String
  /// Pseudonym of the person.
  public let person: String
  /// The capacity in which the person reviews.
  public let role: Role
  /// When the person signed.
  public let time: Instant

  /// States a review.
  public init(
    application: String, environment: String, incident: String, acts: [Digest], verdict: Verdict,
    reason: String, person: String, role: Role, time: Instant
  ) {
    self.application = application
    self.environment = environment
    self.incident = incident
    self.acts = acts
    self.verdict = verdict
    self.reason = reason
    self.person = person
    self.role = role
    self.time = time
  }

  /// What the statement speaks of: the application as a whole.
  public var subjects: [Subject] { [.application(application)] }
}
