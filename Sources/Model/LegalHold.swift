/// A legal hold that was placed or lifted: the predicate of kind `legal-hold`.
///
/// While it is in force nothing that it covers is erased or expires.
public struct LegalHold: Hashable, Sendable, Codable {
  /// What happens to the hold.
  public enum Action: String, Sendable, Codable { case placed, lifted }

  /// What a hold covers: entries to which all that is stated applies; without anything stated, all.
  public struct Scope: Hashable, Sendable, Codable {
    /// Evidence of any of these applications.
    public var applications: [String]?
    /// Evidence of any of these environments.
    public var environments: [String]?
    /// Evidence that speaks of any of these digests.
    public var subjects: [Digest]?
    /// Evidence of any of these kinds.
    public var kinds: [EvidenceKind]?
    /// Evidence that any of these actors recorded, by pseudonym.
    public var actors: [String]?
    /// Recorded at this time or later.
    public var from: Instant?
    /// Recorded before this time; what is recorded later is covered when there is none.
    public var to: Instant?

    /// Everything, until something is stated.
    public init() {}

    /// Whether everything is covered.
    public var isEverything: Bool { self == Scope() }
  }

  /// What happens.
  public let action: Action
  /// The hold's name, of the form of a pseudonym; given once.
  public let hold: String
  /// The matter for which it is placed, in words.
  public let matter: String
  /// What it covers; `nil` when it is lifted.
  public let scope: Scope?
  /// Why, in the person's own words.
  public let reason: String
  /// Pseudonym of the person.
  public let person: String
  /// The capacity in which the person acts.
  public let role: Role
  /// When the person signed.
  public let time: Instant

  /// States what happens to a hold.
  public init(
    action: Action, hold: String, matter: String, scope: Scope?, reason: String, person: String,
    role: Role, time: Instant
  ) {
    self.action = action
    self.hold = hold
    self.matter = matter
    self.scope = scope
    self.reason = reason
    self.person = person
    self.role = role
    self.time = time
  }

  /// The statement's subject: the hold itself, by the digest of its name.
  public var subjects: [Subject] {
    [Subject(name: "hold:\(hold)", digest: .sha256("pratique-hold/v1\n\(hold)".utf8))]
  }
}
