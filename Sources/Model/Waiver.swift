/// A signed, expiring exception to one control, or its withdrawal: the predicate of kind `waiver`.
///
/// It excuses a control in one environment of one application; it never makes it "met".
public struct Waiver: Hashable, Sendable, Codable {
  /// What happens to the waiver.
  public enum Action: String, Sendable, Codable { case granted, withdrawn }

  /// What happens.
  public let action: Action
  /// The waiver's name, of the form of a pseudonym; a withdrawal ends all that was granted under it.
  public let waiver: String
  /// Id of the control that it excuses.
  public let control: String
  /// The application's name.
  public let application: String
  /// The environment in which it is excused.
  public let environment: String
  /// The digests of the one release that it is for, sorted; `nil` for every release.
  public let release: [Digest]?
  /// Why, in the person's own words.
  public let reason: String
  /// What is done instead; `nil` when it is withdrawn.
  public let measure: String?
  /// Pseudonym of the person who answers for it; `nil` when it is withdrawn.
  public let owner: String?
  /// From this instant on it counts no more; `nil` when it is withdrawn.
  public let expires: Instant?
  /// Pseudonym of the person who signs.
  public let person: String
  /// The capacity in which the person acts.
  public let role: Role
  /// When the person signed.
  public let time: Instant

  /// Grants a waiver.
  public init(
    granting waiver: String, control: String, application: String, environment: String,
    release: [Digest]?, reason: String, measure: String, owner: String, expires: Instant,
    person: String, role: Role, time: Instant
  ) {
    action = .granted
    self.waiver = waiver
    self.control = control
    self.application = application
    self.environment = environment
    self.release = release
    self.reason = reason
    self.measure = measure
    self.owner = owner
    self.expires = expires
    self.person = person
    self.role = role
    self.time = time
  }

  /// Withdraws what was granted.
  public init(
    withdrawing granted: Waiver, reason: String, person: String, role: Role, time: Instant
  ) {
    action = .withdrawn
    waiver = granted.waiver
    control = granted.control
    application = granted.application
    environment = granted.environment
    release = nil
    self.reason = reason
    measure = nil
    owner = nil
    expires = nil
    self.person = person
    self.role = role
    self.time = time
  }

  /// What the statement speaks of: the application, whatever the release.
  public var subjects: [Subject] { [.application(application)] }
}
