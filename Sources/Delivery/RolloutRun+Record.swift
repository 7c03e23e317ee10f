import Model

extension RolloutRun {
  /// Says what happened; it is on disk with the next phase.
  mutating func note(_ message: String) {
    let event = RolloutReport.Event(time: rollout.time.now(), message: message)
    state.progress?.events.append(event)
    rollout.report(event)
  }

  /// Writes the next phase down before it is begun.
  mutating func enter(_ phase: RolloutState.Progress.Phase) throws {
    try Task.checkCancellation()
    state.progress?.phase = phase
    try rollout.store.save(state)
  }

  /// Ends the rollout: report and new state are on disk, together, before the report is given out.
  mutating func finish(
    _ outcome: RolloutReport.Outcome, serving: RolloutState.Placement?,
    previous: RolloutState.Placement?
  ) async throws -> RolloutReport {
    guard let progress = state.progress else {
      throw Problem(.inputOutput, "no rollout is under way", at: rollout.store.folder)
    }
    let count = try await target.count()?.since(progress.counted)
    // A way back speaks of the release that is left; the one that serves again is the one before.
    let left = progress.isReturn ? progress.old : progress.new
    let before = progress.isReturn ? progress.new : progress.old
    let report = RolloutReport(
      environment: rollout.environment.name, application: rollout.application,
      version: (left ?? progress.new).release.version,
      image: Self.image(of: left ?? progress.new), previousImage: before.map(Self.image),
      previousVersion: before?.release.version, strategy: rollout.environment.strategy,
      outcome: outcome, reason: outcome == .released ? nil : progress.reason,
      startedAt: progress.startedAt, finishedAt: rollout.time.now(),
      requests: .init(
        served: count?.served ?? 0, lost: count?.lost ?? 0, serverErrors: count?.serverErrors ?? 0),
      events: progress.events, translations: progress.translations,
      environmentFile: rollout.environment.file)
    state.serving = serving
    state.previous = previous
    state.progress = nil
    state.last = .init(
      rollout: progress.returnIdentifier ?? progress.new.rollout, report: report)
    try rollout.store.save(state)
    return report
  }

  static func image(of placement: RolloutState.Placement) -> Digest {
    placement.release.image.digests.first { $0.algorithm == .sha256 }
      ?? placement.release.imageConfig
  }
}
