import Model
import Synchronization

/// Runs a built-in action once.
struct ActionAttempt: Sendable {
  let attempt: AttemptRunner
  let action: StepAction
  let log: LogWriter

  func run() async throws -> AttemptRunner.Result {
    let step = attempt.owner.step
    let session = attempt.owner.session
    let context = attempt.owner.context(
      attempt.prepared, attempt: attempt.attempt, log: log, services: attempt.serviceVariables)
    // A tool that runs as another user must get through it.
    try ScratchFolder.make(context.scratch, mode: context.toolUser == nil ? 0o700 : 0o711)
    if let effect = action.effect {
      let intent = Intent(
        application: session.request.definition.application.name, run: context.run,
        stage: context.stage, step: context.step, environment: attempt.owner.environmentName,
        stepKey: context.stepKey,
        effect: session.masked(effect(context)), time: session.services.time.now())
      try await attempt.owner.record([
        Evidence(kind: .intent, subjects: context.subjects, predicate: intent)
      ])
    }
    let (outcome, isTimedOut) = try await withTimeout(step.timeoutMilliseconds) {
      try await action.run(context)
    }
    if !outcome.log.isEmpty { try log.take(Array(outcome.log.utf8)) }
    var result: AttemptRunner.Result
    switch outcome.verdict {
    case .passed: result = .init(.passed)
    case .failed(let problem): result = .init(.failed, session.problem(problem, at: step.id))
    case .waiting(let problem):
      result = .init(.failed, session.problem(problem, at: step.id))
      result.isWaiting = true
    }
    // An action that ended well although its time was over has done what it was to do.
    if isTimedOut, result.outcome == .failed, !result.isWaiting { result.outcome = .timedOut }
    result.evidence = outcome.evidence
    result.outputs = outcome.outputs
    result.tools = outcome.tools
    result.subjects = outcome.subjects
    result.notices = outcome.notices.map(session.secrets.mask.masked)
    return result
  }

  private func withTimeout(
    _ milliseconds: Int64, _ body: @escaping @Sendable () async throws -> ActionOutcome
  ) async throws -> (ActionOutcome, isTimedOut: Bool) {
    let isOver = Mutex(false)
    return try await withThrowingTaskGroup(of: ActionOutcome?.self) { group in
      group.addTask { try await body() }
      group.addTask {
        try? await Task.sleep(for: .milliseconds(milliseconds))
        return nil
      }
      let first = await group.nextResult()
      if case .success(nil) = first, !Task.isCancelled { isOver.withLock { $0 = true } }
      group.cancelAll()
      let isTimedOut = isOver.withLock { $0 }
      do {
        if case .success(let outcome?) = first { return (outcome, false) }
        if case .failure(let error) = first { throw error }
        while let next = try await group.next() { if let next { return (next, isTimedOut) } }
      } catch  where isTimedOut {
        return (.init(.failed(timeIsOver(milliseconds))), true)
      }
      return (.init(.failed(timeIsOver(milliseconds))), true)
    }
  }

  private func timeIsOver(_ milliseconds: Int64) -> Problem {
    Problem(
      .stepFailed,
      "the action was ended because it took longer than \(Double(milliseconds) / 1000) seconds")
  }
}
