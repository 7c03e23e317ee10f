import Model

/// One rollout under way: takes the phase that is on disk, does it, writes the next.
///
/// Each phase may find its work done, half done or not begun: it says what should be, and the
/// target makes it so.
struct RolloutRun {
  let rollout: Rollout
  var state: RolloutState
  /// Whether a process before this one began it: nobody watched in between.
  var isResumed: Bool

  init(_ rollout: Rollout, _ state: RolloutState, isResumed: Bool) {
    self.rollout = rollout
    self.state = state
    self.isResumed = isResumed
  }

  var target: Target { rollout.target }
  var health: HealthCheck { rollout.environment.health }

  /// Runs to the end.
  mutating func run() async throws -> RolloutReport {
    if isResumed, let progress = state.progress {
      note("the rollout was interrupted while \(progress.phase.rawValue), and goes on")
    }
    while let progress = state.progress {
      let report = try await perform(progress)
      isResumed = false
      if let report { return report }
    }
    throw Problem(.inputOutput, "the rollout ended without a report", at: rollout.store.folder)
  }

  private mutating func perform(
    _ progress: RolloutState.Progress
  ) async throws -> RolloutReport? {
    switch progress.phase {
    case .planned: try await plan(progress)
    case .replacing: try await replace(progress)
    case .staging: try await stage(progress)
    case .proving: return try await proveNew(progress)
    case .switching: try await takeOver(progress)
    case .watching: try await watch(progress)
    case .draining: return try await drain(progress)
    case .refusing: return try await refuse(progress)
    case .goingBack: return try await goBack(progress)
    }
    return nil
  }

  private mutating func plan(_ progress: RolloutState.Progress) async throws {
    let counted = try await target.count()
    state.progress?.counted = counted
    if let old = progress.old {
      switch try await prove(old, deadline: min(health.deadlineMilliseconds, 10_000)) {
      case .healthy:
        note("the way back is proven: \(old.release.version) is healthy in \(old.slot.rawValue)")
      case .unhealthy(let reason):
        note(
          "\(old.release.version), which serves now, is not healthy, so no way back is proven: "
            + reason)
      }
    } else {
      note("this is the first release in \(rollout.environment.name): there is no way back")
    }
    // Staging takes the slot of the release that was kept before.
    if !progress.isReturn, state.previous?.slot == progress.new.slot { state.previous = nil }
    try enter(target.abilities.canShareTraffic ? .staging : .replacing)
  }

  private mutating func replace(_ progress: RolloutState.Progress) async throws {
    if let old = progress.old {
      try await target.stop(old.slot)
      note("stopped \(old.release.version) in \(old.slot.rawValue) to make room, kept startable")
    }
    try enter(.staging)
  }

  private mutating func stage(_ progress: RolloutState.Progress) async throws {
    let new = progress.new
    do {
      if progress.isReturn {
        try await target.start(new.slot)
        note("started \(new.release.version) again in \(new.slot.rawValue)")
      } else {
        try await target.stage(
          Workload(release: new.release, layout: progress.layout, rollout: new.rollout), new.slot)
        note("staged \(new.release.version) in \(new.slot.rawValue), away from requests")
      }
    } catch let problem as Problem where problem.code != .cancelled {
      return try give(up: "it could not be staged: \(problem.message)")
    }
    try enter(.proving)
  }

  private mutating func proveNew(
    _ progress: RolloutState.Progress
  ) async throws -> RolloutReport? {
    let new = progress.new
    if case .unhealthy(let reason) = try await prove(new) {
      try give(up: "it did not become healthy: \(reason)")
      return nil
    }
    note("\(new.release.version) is healthy in \(new.slot.rawValue), its digests are as released")
    if target.abilities.canShareTraffic {
      try enter(.switching)
      return nil
    }
    return try await finish(
      progress.isReturn ? .rolledBack : .released, serving: new, previous: progress.old)
  }

  /// Refuses while nothing was changed, else goes back.
  private mutating func give(up reason: String) throws {
    let canRefuse = target.abilities.canShareTraffic || state.progress?.old == nil
    state.progress?.reason = reason
    note("\(state.progress?.new.release.version ?? "the release"): \(reason)")
    try enter(canRefuse ? .refusing : .goingBack)
  }

  private mutating func takeOver(_ progress: RolloutState.Progress) async throws {
    let new = progress.new
    if isResumed, case .unhealthy(let reason) = try await prove(new) {
      return try unhealthy(reason)
    }
    state.progress?.tookRequests = true
    try rollout.store.save(state)
    do {
      try await target.setTraffic(.all(to: new.slot, isOtherStandby: progress.old != nil))
    } catch let problem as Problem where problem.code != .cancelled {
      return try unhealthy("the load balancer could not be switched: \(problem.message)")
    }
    note(
      "all requests go to \(new.release.version)"
        + (progress.old.map { "; \($0.release.version) stands by" } ?? ""))
    try enter(.watching)
  }

  private mutating func drain(_ progress: RolloutState.Progress) async throws -> RolloutReport? {
    try await target.setTraffic(.all(to: progress.new.slot))
    if let old = progress.old {
      let isDrained = try await target.drain(old.slot)
      note(
        isDrained
          ? "\(old.release.version) answered its last request"
          : "\(old.release.version) still had open requests when its time was over")
      try await target.stop(old.slot)
      note("stopped \(old.release.version) in \(old.slot.rawValue), kept startable as the way back")
    }
    return try await finish(
      progress.isReturn ? .rolledBack : .released, serving: progress.new, previous: progress.old)
  }
}
