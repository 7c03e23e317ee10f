import Model
import Processes

/// Runs a plan.
public struct Runner: Sendable {
  let request: RunRequest
  let services: RunServices

  /// A run that has not begun.
  public init(_ request: RunRequest, _ services: RunServices) {
    self.request = request
    self.services = services
  }

  /// Runs to the end.
  ///
  /// Independent steps run side by side; a step that fails holds back those that need it, and no
  /// others. Cancelling the task ends every child and container, stops services, and records that
  /// the run was cancelled. Nothing that the run started is left when this returns.
  public func run() async -> RunResult {
    let started = services.time.now()
    let plan = Plan(request.definition)
    let session: RunSession
    do {
      session = try RunSession(request, services)
      if request.isResumed { await endLeftovers(session) }
      session.emit(
        .runStarted(
          run: request.run, application: request.definition.application.name,
          steps: plan.steps.count, isResumed: request.isResumed))
      try await session.record(request.isResumed ? .resumed : .started, reason: nil)
    } catch {
      return result(.failed(Self.problem(error)), plan, [:], started)
    }
    let pool = ServicePool(session)
    var schedule = Schedule(plan, session, pool)
    await schedule.run()
    await pool.stopAll()
    await session.cookie.endLeftovers()
    if request.definition.usesContainers { await session.podman.endLeftovers() }
    var outcome = outcome(schedule)
    do {
      try await session.record(Self.state(outcome), reason: outcome.problem?.message)
    } catch {
      if case .cancelled = outcome {} else { outcome = .failed(Self.problem(error)) }
    }
    let result = result(outcome, plan, schedule.endings, started)
    session.emit(
      .runFinished(
        outcome.word, milliseconds: result.summary.finishedAt.milliseconds(since: started)))
    return result
  }

  private func endLeftovers(_ session: RunSession) async {
    let count = await Leftovers.end(
      run: request.run, environment: request.environment,
      usesContainers: request.definition.usesContainers, commands: services.commands)
    if count > 0 { session.emit(.leftoversEnded(count)) }
  }

  /// A failure weighs more than a gate that waits; being interrupted more than either, unless
  /// evidence was lost.
  private func outcome(_ schedule: Schedule) -> RunOutcome {
    if let problem = schedule.stopped { return .failed(problem) }
    let ordered = schedule.plan.steps.compactMap { schedule.endings[$0.id] }
    if ordered.contains(where: { $0.summary.state == .cancelled }) || schedule.isInterrupted {
      return .cancelled
    }
    if let failed = ordered.first(where: {
      $0.summary.state == .failed || $0.summary.state == .timedOut
    }) {
      return .failed(failed.problem ?? Problem(.stepFailed, "a step failed"))
    }
    if let waiting = ordered.first(where: { $0.summary.state == .waiting }) {
      return .waiting(waiting.problem ?? Problem(.waitingForApproval, "a gate waits"))
    }
    return .succeeded
  }

  private static func state(_ outcome: RunOutcome) -> RunReport.State {
    switch outcome {
    case .succeeded: .succeeded
    case .failed: .failed
    case .waiting: .waiting
    case .cancelled: .cancelled
    }
  }

  private static func problem(_ error: any Error) -> Problem {
    error as? Problem ?? Problem(.inputOutput, "\(error)")
  }

  private func result(
    _ outcome: RunOutcome, _ plan: Plan, _ endings: [String: StepEnding], _ started: Instant
  ) -> RunResult {
    let problem = outcome.problem
    let summary = RunSummary(
      run: request.run, application: request.definition.application.name, outcome: outcome.word,
      problem: problem?.code,
      reason: problem.map { ($0.location.map { "\($0): " } ?? "") + $0.message },
      advice: problem?.advice, startedAt: started, finishedAt: services.time.now(),
      steps: plan.steps.map { step in
        endings[step.id]?.summary
          ?? StepSummary(step: step.id, state: .blocked, reason: "the run ended before it began")
      })
    return RunResult(outcome: outcome, summary: summary)
  }
}
