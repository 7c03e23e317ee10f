public import Model

/// What a target is asked to run in a slot.
public struct Workload: Sendable, Hashable {
  /// The release, by its digests.
  public let release: Release
  /// Folder with the OCI layout that holds the image; `nil` when the target has it already.
  public let layout: String?
  /// The rollout that stages it; a slot staged by another rollout is staged anew.
  public let rollout: String

  /// Names what is to run.
  public init(release: Release, layout: String?, rollout: String) {
    self.release = release
    self.layout = layout
    self.rollout = rollout
  }
}

/// What is found in a slot.
public struct SlotObservation: Sendable, Codable, Hashable {
  /// Whether something is there, and whether it runs.
  public enum State: String, Sendable, Codable { case absent, stopped, running }

  /// The slot.
  public let slot: Slot
  /// Whether something is there, and whether it runs.
  public let state: State
  /// Digest of the image's manifest, as the target itself reports it.
  public let image: Digest?
  /// Digest of the image's configuration, as the target itself reports it.
  public let imageConfig: Digest?
  /// The rollout that staged it.
  public let rollout: String?
  /// The version, as the label says.
  public let version: String?
  /// Names one start of what runs: another value says that it died, and was started again.
  public let start: String?

  /// States what is in a slot.
  public init(
    slot: Slot, state: State, image: Digest? = nil, imageConfig: Digest? = nil,
    rollout: String? = nil, version: String? = nil, start: String? = nil
  ) {
    self.slot = slot
    self.state = state
    self.image = image
    self.imageConfig = imageConfig
    self.rollout = rollout
    self.version = version
    self.start = start
  }

  /// Whether the slot runs exactly this release: both digests, as found, are equal.
  public func runs(_ release: Release) -> Bool {
    state == .running && holds(release)
  }

  /// Whether the slot holds exactly this release, running or stopped.
  public func holds(_ release: Release) -> Bool {
    guard let image, let imageConfig else { return false }
    return imageConfig == release.imageConfig && release.image.digests.contains(image)
  }
}

/// What a target looks like now.
public struct TargetObservation: Sendable, Codable, Hashable {
  /// What is in each slot, blue first.
  public let slots: [SlotObservation]
  /// How requests are shared, as the load balancer says; `nil` without one, or when it is down.
  public let traffic: Traffic?

  /// States what a target looks like.
  public init(slots: [SlotObservation], traffic: Traffic?) {
    self.slots = slots
    self.traffic = traffic
  }

  /// What is in a slot.
  public subscript(slot: Slot) -> SlotObservation {
    slots.first { $0.slot == slot } ?? SlotObservation(slot: slot, state: .absent)
  }
}

/// The answer to one question about health.
public enum Health: Sendable, Hashable {
  case healthy
  /// Why not, in one sentence.
  case unhealthy(String)

  /// Whether it is healthy.
  public var isHealthy: Bool { self == .healthy }
}

/// Where an environment runs: the operations that a strategy is made of.
///
/// Each may be called again after it was done, or half done, and leads to the same end. What a
/// target keeps of its own (a load balancer's configuration) is on disk before it is acted on.
public struct Target: Sendable {
  /// What a target can do.
  public struct Abilities: Sendable, Hashable {
    /// Whether a load balancer stands before the slots, so that both can run side by side.
    public let canShareTraffic: Bool

    /// States what a target can do.
    public init(canShareTraffic: Bool) { self.canShareTraffic = canShareTraffic }
  }

  /// What it can do.
  public let abilities: Abilities
  /// Refuses what cannot be staged, before anything is changed, and gives the digest of what
  /// would be staged (settings and secrets included, salted) and the sentences about what the
  /// target does otherwise than the manifests ask.
  public let check: @Sendable (Workload, _ salt: String) async throws -> TargetPlan
  /// Looks at slots and load balancer; changes nothing.
  public let observe: @Sendable () async throws -> TargetObservation
  /// Brings the workload up in the slot, away from requests, and checks its digests.
  public let stage: @Sendable (Workload, Slot) async throws -> Void
  /// Starts what is in the slot, if it is stopped.
  public let start: @Sendable (Slot) async throws -> Void
  /// Asks the slot once, directly, whether it is ready.
  public let probe: @Sendable (Slot) async -> Health
  /// Shares requests between slots; returns once the load balancer sees those slots as healthy.
  public let setTraffic: @Sendable (Traffic) async throws -> Void
  /// Waits until the slot answers no request any more; false when the time was over before.
  public let drain: @Sendable (Slot) async throws -> Bool
  /// Stops the slot and keeps it startable.
  public let stop: @Sendable (Slot) async throws -> Void
  /// Removes all that the slot holds.
  public let remove: @Sendable (Slot) async throws -> Void
  /// Counts of the load balancer so far; `nil` when there is none.
  public let count: @Sendable () async throws -> RequestCount?

  /// Takes the operations.
  public init(
    abilities: Abilities,
    check: @escaping @Sendable (Workload, _ salt: String) async throws -> TargetPlan,
    observe: @escaping @Sendable () async throws -> TargetObservation,
    stage: @escaping @Sendable (Workload, Slot) async throws -> Void,
    start: @escaping @Sendable (Slot) async throws -> Void,
    probe: @escaping @Sendable (Slot) async -> Health,
    setTraffic: @escaping @Sendable (Traffic) async throws -> Void,
    drain: @escaping @Sendable (Slot) async throws -> Bool,
    stop: @escaping @Sendable (Slot) async throws -> Void,
    remove: @escaping @Sendable (Slot) async throws -> Void,
    count: @escaping @Sendable () async throws -> RequestCount?
  ) {
    self.abilities = abilities
    self.check = check
    self.observe = observe
    self.stage = stage
    self.start = start
    self.probe = probe
    self.setTraffic = setTraffic
    self.drain = drain
    self.stop = stop
    self.remove = remove
    self.count = count
  }
}

/// What a target would do with a workload.
public struct TargetPlan: Sendable, Hashable {
  /// Digest of all that would be staged, salted: equal when nothing would change.
  public let specification: Digest
  /// What the manifests ask for and the target does otherwise or not at all, a sentence each.
  public let translations: [String]

  /// States a plan.
  public init(specification: Digest, translations: [String]) {
    self.specification = specification
    self.translations = translations
  }
}

/// Counts of a load balancer since it was started.
public struct RequestCount: Sendable, Codable, Hashable {
  /// Which start of the load balancer counted: counts of different starts do not compare.
  public let epoch: String
  /// Requests that got an answer of the application.
  public let served: Int64
  /// Requests that got no answer, a cut one, or an error that the load balancer made.
  public let lost: Int64
  /// Answers with a 5xx status that the application made.
  public let serverErrors: Int64
  /// The same two of each slot, by its name: answers, and those with a 5xx status.
  public let slots: [String: SlotCount]

  /// Answers of one slot.
  public struct SlotCount: Sendable, Codable, Hashable {
    /// Answers.
    public let answers: Int64
    /// Those with a 5xx status.
    public let serverErrors: Int64

    /// States counts.
    public init(answers: Int64, serverErrors: Int64) {
      self.answers = answers
      self.serverErrors = serverErrors
    }
  }

  /// States counts.
  public init(
    epoch: String, served: Int64, lost: Int64, serverErrors: Int64, slots: [String: SlotCount]
  ) {
    self.epoch = epoch
    self.served = served
    self.lost = lost
    self.serverErrors = serverErrors
    self.slots = slots
  }

  /// What was counted after `earlier`; all of it when the load balancer was started in between.
  public func since(_ earlier: RequestCount?) -> RequestCount {
    guard let earlier, earlier.epoch == epoch else { return self }
    var slots: [String: SlotCount] = [:]
    for (name, count) in self.slots {
      let before = earlier.slots[name] ?? SlotCount(answers: 0, serverErrors: 0)
      slots[name] = SlotCount(
        answers: count.answers - before.answers,
        serverErrors: count.serverErrors - before.serverErrors)
    }
    return RequestCount(
      epoch: epoch, served: served - earlier.served, lost: lost - earlier.lost,
      serverErrors: serverErrors - earlier.serverErrors, slots: slots)
  }
}
