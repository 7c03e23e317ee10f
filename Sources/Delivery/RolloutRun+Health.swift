import Model

extension RolloutRun {
  /// Asks until a release gave enough good answers one after another, or the time is over.
  ///
  /// It also looks whether the slot runs exactly what it should: health of another image counts
  /// for nothing.
  func prove(
    _ placement: RolloutState.Placement, deadline: Int64? = nil
  ) async throws -> Health {
    let end = rollout.time.now().advanced(byMilliseconds: deadline ?? health.deadlineMilliseconds)
    let slot = placement.slot
    let first = try await target.observe()[slot]
    guard first.holds(placement.release) else {
      return .unhealthy(
        first.state == .absent
          ? "\(slot.rawValue) is empty"
          : "\(slot.rawValue) holds another image than \(placement.release.imageConfig.short)")
    }
    var good = 0
    var last = "it was not asked"
    repeat {
      switch await target.probe(slot) {
      case .healthy: good += 1
      case .unhealthy(let reason):
        good = 0
        last = reason
      }
      if good >= health.successes {
        // Something else could answer on its port.
        if try await target.observe()[slot].runs(placement.release) { return .healthy }
        good = 0
        last = "something answers, but \(slot.rawValue) does not run"
      }
      try await rollout.pause(health.intervalMilliseconds)
    } while rollout.time.now() < end
    return .unhealthy(last)
  }

  /// Watches the release that took over for the whole period, whatever was watched before.
  mutating func watch(_ progress: RolloutState.Progress) async throws {
    let watch = rollout.environment.watch
    let new = progress.new
    // A process that was killed may have died between the switch and here.
    try await target.setTraffic(.all(to: new.slot, isOtherStandby: progress.old != nil))
    let before = try await target.count()
    let start = try await target.observe()[new.slot].start
    let end = rollout.time.now().advanced(byMilliseconds: watch.periodMilliseconds)
    var bad = 0
    repeat {
      switch await target.probe(new.slot) {
      case .healthy: bad = 0
      case .unhealthy(let reason):
        bad += 1
        if bad >= health.failures { return try unhealthy("it lost its readiness: \(reason)") }
      }
      if let count = try await target.count()?.since(before),
        let reason = Self.tooManyErrors(count, slot: new.slot, watch)
      {
        return try unhealthy(reason)
      }
      try await rollout.pause(health.intervalMilliseconds)
    } while rollout.time.now() < end
    let found = try await target.observe()[new.slot]
    guard found.runs(new.release) else {
      return try unhealthy("\(new.slot.rawValue) does not run the release any more")
    }
    // What dies and is started again at once can look healthy each time that it is asked.
    guard found.start == start else {
      return try unhealthy("it died while it was watched, and was started again")
    }
    note("watched for \(watch.periodMilliseconds) ms: \(new.release.version) stayed healthy")
    try enter(.draining)
  }

  private static func tooManyErrors(
    _ count: RequestCount, slot: Slot, _ watch: WatchPeriod
  ) -> String? {
    let answers = (count.slots[slot.rawValue]?.answers ?? 0) + count.lost
    let errors = (count.slots[slot.rawValue]?.serverErrors ?? 0) + count.lost
    guard answers >= watch.leastAnswers, errors * 100 > Int64(watch.serverErrorsPercent) * answers
    else { return nil }
    return "\(errors) of \(answers) requests failed, more than \(watch.serverErrorsPercent) percent"
  }

  mutating func unhealthy(_ reason: String) throws {
    state.progress?.reason = reason
    note("\(state.progress?.new.release.version ?? "the release") is unhealthy: \(reason)")
    try enter(.goingBack)
  }

  /// Removes what never took a request; what served is as it was.
  mutating func refuse(_ progress: RolloutState.Progress) async throws -> RolloutReport {
    try await clear(progress)
    return try await finish(
      .refused, serving: progress.old, previous: progress.isReturn ? progress.new : state.previous)
  }

  /// The release before takes the requests again, once it is proven healthy again.
  mutating func goBack(_ progress: RolloutState.Progress) async throws -> RolloutReport {
    let new = progress.new
    guard let old = progress.old else {
      note("there is no release to go back to; \(new.release.version) is left where it is")
      return try await finish(.failed, serving: new, previous: nil)
    }
    if !target.abilities.canShareTraffic {
      // Both use one port.
      try await clear(progress)
    }
    do {
      try await target.start(old.slot)
    } catch let problem as Problem where problem.code != .cancelled {
      note("\(old.release.version) could not be started: \(problem.message)")
    }
    if case .unhealthy(let reason) = try await prove(old) {
      note(
        "\(old.release.version) is not healthy either, so nothing goes back to it: \(reason)")
      let isNewThere = target.abilities.canShareTraffic
      return try await finish(
        .failed, serving: isNewThere ? new : old, previous: isNewThere ? old : nil)
    }
    note("\(old.release.version) is proven healthy again")
    if target.abilities.canShareTraffic {
      try await target.setTraffic(.all(to: old.slot))
      note("all requests go to \(old.release.version) again")
      if try await !target.drain(new.slot) {
        note("\(new.release.version) still had open requests when its time was over")
      }
      try await clear(progress)
    }
    return try await finish(
      progress.isReturn ? .refused : .rolledBack, serving: old,
      previous: progress.isReturn ? new : nil)
  }

  /// Takes the new release out of its slot; one that was proven before stays startable.
  private mutating func clear(_ progress: RolloutState.Progress) async throws {
    let new = progress.new
    if progress.isReturn {
      try await target.stop(new.slot)
      note("stopped \(new.release.version) in \(new.slot.rawValue)")
    } else {
      try await target.remove(new.slot)
      note("removed \(new.release.version) from \(new.slot.rawValue)")
    }
  }
}
