public import Model

/// What is where in an environment, and whether that is what should be.
public struct EnvironmentStatus: Sendable, Codable, Hashable {
  /// A release in a slot, as recorded and as found.
  public struct Placed: Sendable, Codable, Hashable {
    /// The slot.
    public let slot: Slot
    /// The version.
    public let version: String
    /// Digest of the image's manifest, as recorded.
    public let image: Digest
    /// Whether it runs.
    public let state: SlotObservation.State
    /// Whether what is found in the slot has the digests that are recorded.
    public let isAsReleased: Bool
  }

  /// The environment.
  public let environment: String
  /// The application.
  public let application: String
  /// The strategy.
  public let strategy: String
  /// The port on the loopback address on which the application is reached.
  public let port: Int
  /// What should serve; `nil` before the first release.
  public let serving: Placed?
  /// What is kept to go back to.
  public let previous: Placed?
  /// How requests are shared, as the load balancer says.
  public let traffic: Traffic?
  /// What a rollout that was interrupted was doing.
  public let interruptedWhile: String?
  /// All that is not as it should be, a sentence each; empty when all is well.
  public let problems: [String]
}

extension Rollout {
  /// Looks at the environment; changes nothing, and waits for nobody.
  public func status() async throws -> EnvironmentStatus {
    let state = try store.load()
    let found = try await target.observe()
    var problems: [String] = []
    if let serving = state?.serving {
      let slot = found[serving.slot]
      if slot.state != .running {
        problems.append("\(serving.release.version) should serve, and is \(slot.state.rawValue)")
      } else if !slot.runs(serving.release) {
        problems.append("\(serving.slot.rawValue) runs another image than was released")
      } else if case .unhealthy(let reason) = await target.probe(serving.slot) {
        problems.append("\(serving.release.version) is not healthy: \(reason)")
      }
      if target.abilities.canShareTraffic {
        if let traffic = found.traffic {
          if traffic.share(of: serving.slot) != 100, state?.progress == nil {
            problems.append("\(serving.release.version) does not take all requests")
          }
        } else {
          problems.append("the load balancer does not answer")
        }
      }
    }
    let known = [
      state?.serving, state?.previous, state?.progress?.new, state?.progress?.old,
    ].compactMap { $0?.slot }
    for slot in found.slots where slot.state != .absent && !known.contains(slot.slot) {
      problems.append("\(slot.slot.rawValue) holds something that no rollout put there")
    }
    let interrupted = state?.progress?.phase.rawValue
    if let interrupted {
      problems.append("a rollout is under way, or was interrupted, while \(interrupted)")
    }
    return EnvironmentStatus(
      environment: environment.name, application: application, strategy: environment.strategy,
      port: environment.ports.entrance, serving: state?.serving.map { placed($0, found) },
      previous: state?.previous.map { placed($0, found) }, traffic: found.traffic,
      interruptedWhile: interrupted, problems: problems)
  }

  private func placed(
    _ placement: RolloutState.Placement, _ found: TargetObservation
  ) -> EnvironmentStatus.Placed {
    let slot = found[placement.slot]
    return EnvironmentStatus.Placed(
      slot: placement.slot, version: placement.release.version,
      image: placement.release.image.digests.first ?? placement.release.imageConfig,
      state: slot.state, isAsReleased: slot.holds(placement.release))
  }
}
