public import Model

/// When releases served, as rollouts have it: what serves, or can be gone back to, is live.
public struct ReleaseLives: Sendable {
  /// An application in an environment.
  private struct Place: Hashable {
    let application: String
    let environment: String
  }

  /// What is in a place, by the manifest digests of images.
  private struct Content {
    var current: Digest?
    var previous: Set<Digest> = []
  }

  private var contents: [Place: Content] = [:]
  /// When an image last ceased to serve in a place.
  private var ended: [Digest: Instant] = [:]
  /// The digests that were released together with an image.
  private var companions: [Digest: Set<Digest>] = [:]

  /// No release yet.
  public init() {}

  /// Takes a release.
  public mutating func take(_ release: Release) {
    for image in release.delivered.flatMap(\.digests) {
      companions[image, default: []].formUnion(release.digests)
    }
  }

  /// Takes the next rollout, in the ledger's order.
  ///
  /// - Parameter time: when it was recorded.
  public mutating func take(_ rollout: RolloutReport, time: Instant) {
    let place = Place(application: rollout.application, environment: rollout.environment)
    var content = contents[place] ?? Content()
    let before = content.current
    switch rollout.outcome {
    case .refused: break
    case .released:
      if rollout.image != content.current {
        content.previous = Set([rollout.previousImage, content.current].compactMap(\.self))
        content.current = rollout.image
      }
    case .rolledBack:
      // The report speaks of the release that was left; the one before serves again.
      content.previous.insert(rollout.image)
      if let image = rollout.previousImage { content.current = image }
    case .takenDown:
      // Nothing serves; what served last may be brought back.
      content.previous.formUnion([content.current].compactMap(\.self))
      content.current = nil
    case .failed:
      // Nobody can tell what serves: both may.
      content.previous.formUnion([rollout.previousImage, content.current].compactMap(\.self))
      content.current = rollout.image
    }
    if let current = content.current { content.previous.remove(current) }
    contents[place] = content
    let end = max(rollout.finishedAt, time)
    for image in [before, rollout.image, rollout.previousImage].compactMap(\.self)
    where image != content.current {
      ended[image] = max(ended[image] ?? end, end)
    }
  }

  /// What can be asked of many entries: expanded from images to all digests of their releases.
  public func index() -> LifeIndex {
    var index = LifeIndex()
    for (place, content) in contents {
      let words = "\(place.application) in \(place.environment)"
      for image in content.previous.union([content.current].compactMap(\.self)) {
        for digest in companions[image, default: []].union([image]) {
          index.live[digest, default: []].insert(words)
        }
      }
    }
    for (image, end) in ended {
      for digest in companions[image, default: []].union([image]) {
        index.ended[digest] = max(index.ended[digest] ?? end, end)
      }
    }
    return index
  }
}

/// Which digests are of live releases, and when those of others were last in effect.
public struct LifeIndex: Sendable {
  var live: [Digest: Set<String>] = [:]
  var ended: [Digest: Instant] = [:]

  /// Where releases that any of these digests belongs to are live, such as `portal in production`,
  /// sorted; empty for nowhere.
  public func places(_ subjects: Set<Digest>) -> [String] {
    subjects.reduce(into: Set()) { $0.formUnion(live[$1] ?? []) }.sorted()
  }

  /// When a release that any of these digests belongs to last served; `nil` when none ever ended.
  public func lastServed(_ subjects: Set<Digest>) -> Instant? {
    subjects.compactMap { ended[$0] }.max()
  }
}
