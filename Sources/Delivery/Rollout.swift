public import Model

/// Changes an environment from one release to another, and back when the new one is unhealthy.
///
/// The wanted state is on disk before it is acted on, so a rollout that was killed goes on, or
/// goes back, when it is called again. Nothing here asks a gate: that stands before `release`; a
/// way back or a restart of a proven release needs none.
public struct Rollout: Sendable {
  let environment: EnvironmentDefinition
  let application: String
  let target: Target
  let store: RolloutStore
  let time: TimeSource
  let pause: @Sendable (_ milliseconds: Int64) async throws -> Void
  let report: @Sendable (RolloutReport.Event) -> Void

  /// Prepares rollouts of one application in one environment.
  ///
  /// - Parameters:
  ///   - folder: where the environment's state is kept; no other environment may use it.
  ///   - pause: waits; tests hand down another.
  ///   - report: is told each event as it happens.
  public init(
    environment: EnvironmentDefinition, application: String, target: Target, folder: String,
    time: TimeSource = .system,
    pause: @escaping @Sendable (_ milliseconds: Int64) async throws -> Void = {
      try await Task.sleep(for: .milliseconds($0))
    },
    report: @escaping @Sendable (RolloutReport.Event) -> Void = { _ in }
  ) {
    self.environment = environment
    self.application = application
    self.target = target
    store = RolloutStore(folder: folder)
    self.time = time
    self.pause = pause
    self.report = report
  }

  /// Brings a release into the environment.
  ///
  /// Called again with the same identifier after a crash, it goes on where it was; after its end,
  /// it gives the same report again.
  ///
  /// - Parameters:
  ///   - release: what is to serve.
  ///   - layout: folder with the OCI layout that holds its image.
  ///   - identifier: names this rollout; no two may share it.
  /// - Throws: `Problem`: `busy` while another rollout is under way, `badInput` for manifests that
  ///   cannot be staged as they are; then nothing was changed.
  public func release(
    _ release: Release, layout: String, identifier: String
  ) async throws -> RolloutReport {
    try await locked { state in
      var state = state
      if let last = state.last, last.rollout == identifier { return last.report }
      if let current = state.progress {
        guard current.new.rollout == identifier else { throw underWay(current) }
        return try await proceed(state, isResumed: true)
      }
      let workload = Workload(release: release, layout: layout, rollout: identifier)
      let plan = try await target.check(workload, state.salt)
      let new = RolloutState.Placement(
        slot: state.serving?.slot.other ?? .blue, release: release, rollout: identifier,
        specification: plan.specification)
      state.progress = .init(
        new: new, old: state.serving, isReturn: false, layout: layout, startedAt: time.now(),
        translations: plan.translations)
      if let report = try await reportIfServing(state) { return report }
      return try await begin(state)
    }
  }

  /// Goes on with a rollout that was interrupted.
  ///
  /// - Returns: `nil` when none is under way.
  public func resume() async throws -> RolloutReport? {
    try await locked { state in
      guard state.progress != nil else { return nil }
      return try await proceed(state, isResumed: true)
    }
  }

  /// Goes back to the release that served before, which waits in its slot, stopped.
  ///
  /// It is proven healthy before it takes requests; when it is not, nothing is changed.
  ///
  /// - Throws: `Problem` with `notFound` when there is none.
  public func rollBack(reason: String, identifier: String) async throws -> RolloutReport {
    try await locked { state in
      var state = state
      if let last = state.last, last.rollout == identifier { return last.report }
      if let current = state.progress {
        guard current.isReturn, current.returnIdentifier == identifier else {
          throw underWay(current)
        }
        return try await proceed(state, isResumed: true)
      }
      guard let serving = state.serving, let previous = state.previous else {
        throw Problem(
          .notFound, "no release is kept in \"\(environment.name)\" to go back to",
          advice: "release an earlier version again")
      }
      state.progress = .init(
        new: previous, old: serving, isReturn: true, layout: nil, startedAt: time.now(),
        translations: [])
      state.progress?.returnIdentifier = identifier
      state.progress?.reason = reason
      return try await begin(state)
    }
  }

  /// Starts again what should serve, as after a restart of the machine.
  ///
  /// - Throws: `Problem` when it does not become healthy.
  public func restore() async throws {
    try await locked { state in
      guard let serving = state.serving else {
        throw Problem(.notFound, "nothing was released in \"\(environment.name)\" yet")
      }
      if let current = state.progress { throw underWay(current) }
      try await target.start(serving.slot)
      let run = RolloutRun(self, state, isResumed: true)
      if case .unhealthy(let reason) = try await run.prove(serving) {
        throw Problem(
          .stepFailed, "\(serving.release.version) was started and is not healthy: \(reason)")
      }
      try await target.setTraffic(.all(to: serving.slot))
    }
  }

  /// What serves, and what is kept to go back to, as it is written down.
  public func releases() throws -> (serving: Release?, previous: Release?) {
    let state = try store.load()
    return (state?.serving?.release, state?.previous?.release)
  }

  /// Takes the environment down: what serves ends, and nothing is kept to go back to.
  ///
  /// A rollout that was interrupted is given up with it. Killed half way, it is done again when it
  /// is called again.
  ///
  /// - Parameter tearDown: stops and removes everything that runs there.
  /// - Returns: `nil` when nothing served, according to the state; what runs is removed all the same.
  public func takeDown(
    reason: String, tearDown: () async throws -> Void
  ) async throws -> RolloutReport? {
    try await locked { state in
      var state = state
      let started = time.now()
      try await tearDown()
      let event = RolloutReport.Event(
        time: time.now(),
        message: "all that ran in \(environment.name) was removed; requests were not counted")
      report(event)
      let serving = state.serving ?? state.progress?.new
      let taken = serving.map { serving in
        RolloutReport(
          environment: environment.name, application: application,
          version: serving.release.version, image: RolloutRun.image(of: serving),
          previousImage: nil, previousVersion: nil, strategy: environment.strategy,
          outcome: .takenDown, reason: reason, startedAt: started, finishedAt: time.now(),
          requests: .init(served: 0, lost: 0, serverErrors: 0), events: [event], translations: [],
          environmentFile: environment.file)
      }
      state.serving = nil
      state.previous = nil
      state.progress = nil
      state.last = nil
      try store.save(state)
      return taken
    }
  }

  private func begin(_ state: RolloutState) async throws -> RolloutReport {
    try store.save(state)
    return try await proceed(state, isResumed: false)
  }

  private func proceed(_ state: RolloutState, isResumed: Bool) async throws -> RolloutReport {
    var run = RolloutRun(self, state, isResumed: isResumed)
    return try await run.run()
  }

  /// A report without a change, when exactly this already serves and is healthy.
  private func reportIfServing(_ state: RolloutState) async throws -> RolloutReport? {
    guard let serving = state.serving, let progress = state.progress,
      serving.release.digests == progress.new.release.digests,
      serving.specification == progress.new.specification
    else { return nil }
    var run = RolloutRun(self, state, isResumed: false)
    guard try await run.prove(serving).isHealthy else { return nil }
    try await target.setTraffic(.all(to: serving.slot))
    run.note("\(serving.release.version) serves already, with the same settings; nothing was done")
    return try await run.finish(.released, serving: serving, previous: state.previous)
  }

  private func locked<Value>(
    _ body: (RolloutState) async throws -> Value
  ) async throws -> Value {
    try await store.locked {
      let state =
        try store.load()
        ?? RolloutState(
          environment: environment.name, application: application,
          salt: String(UInt64.random(in: .min ... .max), radix: 16)
            + String(UInt64.random(in: .min ... .max), radix: 16))
      guard state.application == application, state.environment == environment.name else {
        throw Problem(
          .badInput,
          "this state belongs to \"\(state.application)\" in \"\(state.environment)\"",
          at: store.folder, advice: "give each application and environment a folder of its own")
      }
      do {
        return try await body(state)
      } catch is CancellationError {
        throw Problem(
          .cancelled, "the rollout was interrupted",
          advice: "run it again: it goes on, or goes back, from where it is")
      }
    }
  }

  private func underWay(_ progress: RolloutState.Progress) -> Problem {
    Problem(
      .busy,
      "a rollout of \(progress.new.release.version) to \"\(environment.name)\" was interrupted "
        + "while \(progress.phase.rawValue)",
      advice: "resume it first; it goes on, or goes back when it cannot")
  }
}
