/// The healthcare software that is delivered.
public struct Application: Hashable, Sendable, Codable {
  /// Identifier, of the form of a pseudonym.
  public let name: String
  /// Whether it handles protected health information: what it does not say counts as yes.
  public let handlesPHI: Bool

  /// Names an application.
  public init(name: String, handlesPHI: Bool) {
    self.name = name
    self.handlesPHI = handlesPHI
  }
}

/// Where a release comes from.
public enum ReleaseOrigin: String, Sendable, Codable, CaseIterable {
  /// From a commit, by a pipeline.
  case built
  /// From a vendor.
  case acquired
  /// The same artifact with other settings.
  case configured
}

/// The subjects that travel together, by digest: the predicate of evidence of kind `release`.
public struct Release: Hashable, Sendable, Codable {
  /// The application's name.
  public let application: String
  /// A version for people, such as `1.4.0-3f2a9c1`.
  public let version: String
  /// Where it comes from.
  public let origin: ReleaseOrigin
  /// The commit: what a built release was made of, or the settings of a configured one.
  public let commit: Subject?
  /// The image by its manifest digest; `nil` for a release of other artifacts alone.
  public let containerImage: Subject?
  /// The image's config digest, which podman shows as the image id.
  public let containerConfig: Digest?
  /// Artifacts beside the image, or instead of one; `nil` where there are none.
  public let artifacts: [Subject]?
  /// Pseudonym of the vendor, for an acquired release.
  public let vendor: String?

  /// Binds a release's subjects: an image with its configuration, artifacts, or both.
  public init(
    application: String, version: String, origin: ReleaseOrigin, commit: Subject?, image: Subject?,
    imageConfig: Digest?, artifacts: [Subject] = [], vendor: String? = nil
  ) {
    self.application = application
    self.version = version
    self.origin = origin
    self.commit = commit
    containerImage = image
    containerConfig = imageConfig
    self.artifacts = artifacts.isEmpty ? nil : artifacts
    self.vendor = vendor
  }

  /// What is delivered first: the image, or the first artifact of a release without one.
  public var image: Subject { delivered.first ?? .application(application) }

  /// The image's config digest; for a release without an image the artifact's own, which no
  /// running container shows.
  public var imageConfig: Digest { containerConfig ?? image.digests[0] }

  /// What is delivered: the image, and what stands beside it.
  public var delivered: [Subject] { (containerImage.map { [$0] } ?? []) + (artifacts ?? []) }

  /// Everything that evidence may speak of when it speaks of this release.
  public var subjects: [Subject] { delivered + (commit.map { [$0] } ?? []) }

  /// The digests that an approval and a decision bind, sorted.
  public var digests: [Digest] {
    (subjects.flatMap(\.digests) + (containerConfig.map { [$0] } ?? [])).sorted()
  }

  /// Whether a subject is one of those that are delivered.
  public func delivers(_ subject: Subject) -> Bool { delivered.contains { $0.isSame(as: subject) } }

  private enum CodingKeys: String, CodingKey {
    case application, version, origin, commit, artifacts, vendor
    case containerImage = "image"
    case containerConfig = "imageConfig"
  }
}

/// What a rollout did to an environment: the predicate of evidence of kind `rollout`.
public struct RolloutReport: Hashable, Sendable, Codable {
  /// How a rollout ended.
  public enum Outcome: String, Sendable, Codable {
    /// The release serves all requests.
    case released
    /// It was unhealthy; the release before serves all requests again.
    case rolledBack = "rolled-back"
    /// It was unhealthy before it took any request; nothing was changed.
    case refused
    /// It is unhealthy, and nothing healthy is there to go back to: a person has to act.
    case failed
    /// A person took the environment down: nothing serves there.
    case takenDown = "taken-down"
  }

  /// Who asked for a change that no gate guards.
  public struct Request: Hashable, Sendable, Codable {
    /// Pseudonym of the person.
    public let person: String
    /// Whether the person's own key signed this evidence beside the machine's. Otherwise nobody
    /// showed a key, and the person is the one for whom the machine acts.
    public let isSigned: Bool

    /// Says who asked.
    public init(person: String, isSigned: Bool) {
      self.person = person
      self.isSigned = isSigned
    }
  }

  /// Requests as the load balancer counted them while the rollout lasted.
  public struct Requests: Hashable, Sendable, Codable {
    /// Requests answered.
    public let served: Int64
    /// Requests that got no answer, or an error made by the load balancer.
    public let lost: Int64
    /// Answers with a 5xx status made by the application.
    public let serverErrors: Int64

    /// States counts.
    public init(served: Int64, lost: Int64, serverErrors: Int64) {
      self.served = served
      self.lost = lost
      self.serverErrors = serverErrors
    }
  }

  /// One thing that happened, in order.
  public struct Event: Hashable, Sendable, Codable {
    /// When.
    public let time: Instant
    /// What, in one sentence.
    public let message: String

    /// States what happened.
    public init(time: Instant, message: String) {
      self.time = time
      self.message = message
    }
  }

  /// The environment that was changed.
  public let environment: String
  /// The application's name.
  public let application: String
  /// The version that was to be released.
  public let version: String
  /// Manifest digest of the image that was to be released.
  public let image: Digest
  /// Manifest digest of the image that served before, if any.
  public let previousImage: Digest?
  /// Version that served before, if any.
  public let previousVersion: String?
  /// How requests were moved, such as `blue-green`.
  public let strategy: String
  /// How it ended.
  public let outcome: Outcome
  /// Why it was rolled back, refused or taken down.
  public let reason: String?
  /// When it began.
  public let startedAt: Instant
  /// When it had ended.
  public let finishedAt: Instant
  /// Requests as counted from start to finish.
  public let requests: Requests
  /// What happened, in order.
  public let events: [Event]
  /// What the manifests asked for and the target did not do, one sentence each.
  public let translations: [String]
  /// SHA-256 of the file that defines the environment, as it was read for this.
  public let environmentFile: Digest?
  /// Who asked for a way back or for taking down; `nil` for what a gate has let through.
  public private(set) var request: Request?

  /// States what a rollout did.
  public init(
    environment: String, application: String, version: String, image: Digest,
    previousImage: Digest?, previousVersion: String?, strategy: String, outcome: Outcome,
    reason: String?, startedAt: Instant, finishedAt: Instant, requests: Requests, events: [Event],
    translations: [String], environmentFile: Digest? = nil, request: Request? = nil
  ) {
    self.environment = environment
    self.application = application
    self.version = version
    self.image = image
    self.previousImage = previousImage
    self.previousVersion = previousVersion
    self.strategy = strategy
    self.outcome = outcome
    self.reason = reason
    self.startedAt = startedAt
    self.finishedAt = finishedAt
    self.requests = requests
    self.events = events
    self.translations = translations
    self.environmentFile = environmentFile
    self.request = request
  }

  /// The same, with who asked for it.
  public func requested(by request: Request) -> RolloutReport {
    var report = self
    report.request = request
    return report
  }
}
