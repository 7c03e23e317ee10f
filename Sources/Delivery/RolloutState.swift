public import Model

/// What an environment should look like: written before it is acted on, read after a crash.
public struct RolloutState: Sendable, Codable, Hashable {
  /// A release in a slot.
  public struct Placement: Sendable, Codable, Hashable {
    /// The slot.
    public let slot: Slot
    /// The release.
    public let release: Release
    /// The rollout that staged it.
    public let rollout: String
    /// Salted digest of what was staged, settings and secrets included.
    public let specification: Digest

    /// Places a release.
    public init(slot: Slot, release: Release, rollout: String, specification: Digest) {
      self.slot = slot
      self.release = release
      self.rollout = rollout
      self.specification = specification
    }
  }

  /// A rollout that is under way.
  public struct Progress: Sendable, Codable, Hashable {
    /// What is being done; each may be done again from its beginning.
    public enum Phase: String, Sendable, Codable, CaseIterable {
      /// The way back is looked at, nothing was changed yet.
      case planned
      /// Without a load balancer: the old release is stopped, to make room.
      case replacing
      /// The new release is brought up in its slot.
      case staging
      /// It is asked whether it is healthy.
      case proving
      /// Requests go over to it.
      case switching
      /// It has all requests, the old release stands by.
      case watching
      /// The old release answers its last requests.
      case draining
      /// It was unhealthy before it took any request: it is removed.
      case refusing
      /// It was unhealthy: the release before is proven, and takes the requests again.
      case goingBack = "going-back"
    }

    /// The release, in its slot.
    public var new: Placement
    /// What served before.
    public let old: Placement?
    /// What is being done.
    public var phase: Phase
    /// Why it is refused or goes back.
    public var reason: String?
    /// Whether the new placement is a proven release that is stopped in its slot: a way back that
    /// a person asked for.
    public let isReturn: Bool
    /// Folder with the OCI layout.
    public let layout: String?
    /// When it began.
    public let startedAt: Instant
    /// What happened so far.
    public var events: [RolloutReport.Event]
    /// What the manifests ask for and the target does otherwise.
    public var translations: [String]
    /// Counts of the load balancer when it began.
    public var counted: RequestCount?
    /// Whether the new release has been given requests.
    public var tookRequests = false
    /// Names the way back that a person asked for.
    public var returnIdentifier: String?

    init(
      new: Placement, old: Placement?, isReturn: Bool, layout: String?, startedAt: Instant,
      translations: [String]
    ) {
      self.new = new
      self.old = old
      phase = .planned
      self.isReturn = isReturn
      self.layout = layout
      self.startedAt = startedAt
      events = []
      self.translations = translations
    }
  }

  /// Version of this form.
  public var version = 1
  /// The environment.
  public let environment: String
  /// The application.
  public let application: String
  /// Salt of the specifications' digests, so that nobody can guess a secret from one.
  public let salt: String
  /// The release that serves.
  public var serving: Placement?
  /// The release that served before, stopped and startable.
  public var previous: Placement?
  /// The rollout under way; `nil` at rest.
  public var progress: Progress?
  /// How the last rollout ended, and which it was.
  public var last: Ended?

  /// A rollout that ended: kept, so that a caller who was killed still gets its report.
  public struct Ended: Sendable, Codable, Hashable {
    /// The rollout.
    public let rollout: String
    /// Its report.
    public let report: RolloutReport
  }

  /// An environment in which nothing runs yet.
  public init(environment: String, application: String, salt: String) {
    self.environment = environment
    self.application = application
    self.salt = salt
  }
}
