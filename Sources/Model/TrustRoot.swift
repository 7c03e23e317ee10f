/// Whose word counts for what: the ledger's first entry, and every approved change of it.
///
/// It holds pseudonyms only; a registry outside the ledger resolves them, and can forget.
public struct TrustRoot: Hashable, Sendable, Codable {
  /// A person and the roles they hold.
  public struct Person: Hashable, Sendable, Codable {
    /// Pseudonym.
    public let id: String
    /// The roles that the person may act in.
    public let roles: [Role]
    /// Who employs the person, of the form of a pseudonym; `nil` for the organisation itself.
    public let employer: String?
    /// Pseudonym of the person who answers for somebody whom another employs.
    public let sponsor: String?
    /// The person's word counts from this instant on; `nil` means as long as they are named.
    public let start: Instant?
    /// The person's word counts until before this instant; `nil` means without an end.
    public let end: Instant?

    /// A person by pseudonym.
    public init(
      id: String, roles: [Role], employer: String? = nil, sponsor: String? = nil,
      start: Instant? = nil, end: Instant? = nil
    ) {
      self.id = id
      self.roles = roles
      self.employer = employer
      self.sponsor = sponsor
      self.start = start
      self.end = end
    }

    /// Whether the person's word counts at a time.
    public func isPresent(at time: Instant) -> Bool {
      (start.map { $0 <= time } ?? true) && (end.map { time < $0 } ?? true)
    }
  }

  /// A machine that acts for a named person.
  public struct Machine: Hashable, Sendable, Codable {
    /// Pseudonym.
    public let id: String
    /// Pseudonym of the person it acts for.
    public let onBehalfOf: String
    /// The roles that the machine may act in.
    public let roles: [Role]

    /// A machine by pseudonym.
    public init(id: String, onBehalfOf: String, roles: [Role]) {
      self.id = id
      self.onBehalfOf = onBehalfOf
      self.roles = roles
    }
  }

  /// A key, whose it is, and what it may sign.
  public struct Key: Hashable, Sendable, Codable {
    /// `sha256:` and the digest of the public key's SubjectPublicKeyInfo.
    public let id: Digest
    /// `ed25519` or `p256`.
    public let algorithm: String
    /// SubjectPublicKeyInfo, DER in base64.
    public let publicKey: String
    /// Pseudonym of the person or machine.
    public let holder: String
    /// Evidence kinds that it may sign; commits are the kind `commit`.
    public let kinds: [EvidenceKind]
    /// Applications that it may sign for; `nil` means all.
    public let applications: [String]?
    /// Environments that it may sign for; `nil` means all.
    public let environments: [String]?
    /// The key counts from this instant on.
    public let validFrom: Instant
    /// The key counts until before this instant; `nil` means without an end.
    public let validTo: Instant?

    /// A key and its limits.
    public init(
      id: Digest, algorithm: String, publicKey: String, holder: String, kinds: [EvidenceKind],
      applications: [String]?, environments: [String]?, validFrom: Instant, validTo: Instant?
    ) {
      self.id = id
      self.algorithm = algorithm
      self.publicKey = publicKey
      self.holder = holder
      self.kinds = kinds
      self.applications = applications
      self.environments = environments
      self.validFrom = validFrom
      self.validTo = validTo
    }
  }

  /// The policy of the team behind one application, which tightens the organisation's.
  public struct ApplicationPolicy: Hashable, Sendable, Codable {
    /// The application.
    public let application: String
    /// Digest of its policy, which is one of the policies in force.
    public let policy: Digest

    /// An application's policy.
    public init(application: String, policy: Digest) {
      self.application = application
      self.policy = policy
    }
  }

  /// How many people of a role must agree.
  public struct Requirement: Hashable, Sendable, Codable {
    /// The role.
    public let role: Role
    /// How many people of it, each counted once.
    public let count: Int

    /// So many people of a role.
    public init(role: Role, count: Int) {
      self.role = role
      self.count = count
    }
  }

  /// Offline keys, `threshold` of which replace a lost or stolen log key.
  public struct Recovery: Hashable, Sendable, Codable {
    /// How many of the keys must sign.
    public let threshold: Int
    /// The keys: SubjectPublicKeyInfo, DER in base64.
    public let keys: [String]

    /// So many of these keys.
    public init(threshold: Int, keys: [String]) {
      self.threshold = threshold
      self.keys = keys
    }
  }

  /// The organisation's name, of the form of a pseudonym.
  public let organisation: String
  /// Counted from one; each change adds one.
  public let version: Int
  /// Everyone whose word counts.
  public let people: [Person]
  /// Every machine whose word counts.
  public let machines: [Machine]
  /// Every key that may sign, and what.
  public let keys: [Key]
  /// Who must agree to a change of this trust root.
  public let changeApproval: [Requirement]
  /// The policies in force; their bytes lie in the blob store. The first is the organisation's least
  /// policy.
  public let policies: [PolicyReference]
  /// What applications ask beyond it, each application once; `nil` where none asks more.
  public let applicationPolicies: [ApplicationPolicy]?
  /// Keys for the day the log key is lost; `nil` when there are none.
  public let recovery: Recovery?
  /// Whose software may come in without its source; `nil` where nobody's may.
  public let vendors: [Vendor]?
  /// Digest of the file that says whose foreign attestations are taken, in the blob store; `nil`
  /// when none are.
  public let foreignSigners: Digest?

  /// States whose word counts for what.
  public init(
    organisation: String, version: Int, people: [Person], machines: [Machine], keys: [Key],
    changeApproval: [Requirement], policies: [PolicyReference],
    applicationPolicies: [ApplicationPolicy]? = nil, recovery: Recovery?, vendors: [Vendor]? = nil,
    foreignSigners: Digest? = nil
  ) {
    self.organisation = organisation
    self.version = version
    self.people = people
    self.machines = machines
    self.keys = keys
    self.changeApproval = changeApproval
    self.policies = policies
    self.applicationPolicies = applicationPolicies
    self.recovery = recovery
    self.vendors = vendors
    self.foreignSigners = foreignSigners
  }

  /// The roles of a person or machine; empty for one that is not known.
  public func roles(of actor: String) -> [Role] {
    people.first { $0.id == actor }?.roles ?? machines.first { $0.id == actor }?.roles ?? []
  }

  /// Whether a person's or machine's word counts at a time: the person must be there. A machine is
  /// there as long as it is named.
  public func isPresent(_ actor: String, at time: Instant) -> Bool {
    people.first { $0.id == actor }?.isPresent(at: time) ?? machines.contains { $0.id == actor }
  }

  /// The policy that decides over an application: its own, or the organisation's; `nil` when that is
  /// not among the policies in force.
  public func policy(for application: String) -> PolicyReference? {
    let own = applicationPolicies?.first { $0.application.utf8.elementsEqual(application.utf8) }
    guard let own else { return policies.first }
    return policies.first { $0.digest == own.policy }
  }
}
