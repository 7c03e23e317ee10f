import Model

/// Runs one step: condition, key, services, attempts, evidence.
struct StepRunner: Sendable {
  let step: StepDefinition
  let session: RunSession
  let pool: ServicePool
  /// How the steps that it needs ended, by id.
  let needs: [(id: String, ending: StepEnding)]
  /// Whether something on the way to it failed.
  let isAfterFailure: Bool

  /// Everything that stays the same from attempt to attempt.
  struct Prepared: Sendable {
    let key: Digest
    let inputs: [StepReport.File]
    let image: String?
    let tools: [StepReport.Tool]
    let environment: [String: String]
    let subjects: [Subject]
    let action: StepAction?
  }

  private var isGate: Bool {
    guard case .action(let name, _) = step.work else { return false }
    return session.actions[name]?.signature.isGate == true
  }

  /// Makes the step's evidence durable; only after that the step has ended.
  func settle(_ performed: PerformedStep) async -> StepEnding {
    var ending = performed.ending
    do {
      if !performed.evidence.isEmpty { try await record(performed.evidence) }
    } catch let failure as RecordingFailure {
      ending = lost(failure.problem, ending.subjects).ending
    } catch {
      ending = lost(session.problem(error, at: step.id), ending.subjects).ending
    }
    await pool.release(step)
    session.emit(.stepFinished(ending.summary))
    return ending
  }

  /// Does the step's work, up to its last attempt's evidence.
  func perform() async -> PerformedStep {
    let subjects = needs.reduce(session.request.subjects) { $0.joined(with: $1.ending.subjects) }
    do {
      if let reason = unmetCondition() {
        return try unstarted(.skipped, reason, nil, subjects)
      }
      let prepared = try await prepare(subjects)
      if let ending = try await alreadyDone(prepared) { return PerformedStep(ending: ending) }
      return try await attempts(prepared)
    } catch let failure as RecordingFailure {
      return lost(failure.problem, subjects)
    } catch {
      let problem = session.problem(error, at: step.id)
      do {
        return Task.isCancelled
          ? try unstarted(.cancelled, "the run was interrupted", nil, subjects)
          : try unstarted(.failed, problem.message, problem, subjects)
      } catch {
        return lost(problem, subjects)
      }
    }
  }

  /// The step's end could not be recorded.
  private func lost(_ problem: Problem, _ subjects: [Subject]) -> PerformedStep {
    PerformedStep(
      ending: StepEnding(
        summary: StepSummary(step: step.id, state: .failed, reason: problem.message), key: nil,
        subjects: subjects, problem: problem, stopsRun: true))
  }

  /// Why the step does not run; `nil` when it does.
  private func unmetCondition() -> String? {
    let facts = session.request.facts
    let condition = step.condition
    if condition.mode == .onFailure, !isAfterFailure {
      return "nothing that it needs failed"
    }
    if !condition.branches.isEmpty {
      guard let branch = facts.branch else { return "the branch is not known" }
      guard condition.branches.contains(where: { $0.matches(branch) }) else {
        return "the branch is \(branch)"
      }
    }
    // Not knowing what changed is no reason to leave a check out.
    if !condition.changed.isEmpty, let paths = facts.changedPaths,
      !paths.contains(where: { path in condition.changed.contains { $0.matches(path) } })
    {
      return "nothing that it looks at changed"
    }
    return nil
  }

  /// A step that came to no attempt: by its condition, or because something that it needs was not
  /// there.
  private func unstarted(
    _ outcome: StepReport.Outcome, _ reason: String, _ problem: Problem?, _ subjects: [Subject]
  ) throws -> PerformedStep {
    let now = session.services.time.now()
    let key = try StepKey.digest(
      step,
      .init(
        subjects: session.request.subjects, inputs: [], image: nil, environmentNames: [],
        path: session.request.path, needs: needs.map { ($0.id, $0.ending.key) }))
    let report = StepReport(
      application: session.request.definition.application.name, run: session.request.run,
      stage: step.stage, step: step.name, environment: environmentName, stepKey: key,
      command: maskedCommand, action: actionName, executor: executorName, executorImage: nil,
      isolation: isolation, outcome: outcome, reason: reason, exitCode: nil, attempt: 1,
      startedAt: now, finishedAt: now, tools: [], variables: [], inputs: [], outputs: [], log: nil)
    let state: StepSummary.State =
      switch outcome {
      case .skipped: .skipped
      case .cancelled: .cancelled
      default: .failed
      }
    return PerformedStep(
      ending: StepEnding(
        summary: StepSummary(step: step.id, state: state, reason: reason), key: key,
        subjects: subjects, problem: problem),
      evidence: [Evidence(kind: .step, subjects: subjects, predicate: report)])
  }

  private func prepare(_ subjects: [Subject]) async throws -> Prepared {
    let inputs = try session.files.digests(step.inputs, links: .digestTarget)
    var image: String?
    if case .container(let name, _) = step.executor {
      image = try await session.podman.imageID(of: name)
    }
    let tools = try await session.tools.versions(of: step, image: image, session)
    var action: StepAction?
    if case .action(let name, _) = step.work { action = session.actions[name] }
    let environment = session.environment(step.environment, for: step.id)
    let key = try StepKey.digest(
      step,
      .init(
        subjects: session.request.subjects, inputs: inputs, image: image, tools: tools,
        environmentNames: Array(environment.keys), path: session.request.path,
        needs: needs.map { ($0.id, $0.ending.key) }))
    return Prepared(
      key: key, inputs: inputs, image: image, tools: tools, environment: environment,
      subjects: subjects,
      action: action)
  }

  /// The step as an earlier run did it, when nothing that it rests on was done anew and its
  /// outputs are still what they were. A gate always judges again.
  private func alreadyDone(_ prepared: Prepared) async throws -> StepEnding? {
    guard !isGate, let report = session.request.completed[prepared.key],
      report.outcome == .passed, needs.allSatisfy({ $0.ending.isUnchanged }),
      outputsAreThere(report)
    else { return nil }
    var subjects = prepared.subjects
    if let action = prepared.action {
      let log = try logWriter(attempt: 0)
      let context = context(prepared, attempt: 1, log: log)
      guard let added = try await action.restore(context, report) else { return nil }
      _ = try log.finish()
      subjects = subjects.joined(with: added)
    }
    return StepEnding(
      summary: StepSummary(step: step.id, state: .alreadyDone), key: prepared.key,
      subjects: subjects, problem: nil)
  }

  private func outputsAreThere(_ report: StepReport) -> Bool {
    if report.outputs.isEmpty { return true }
    let globs = report.outputs.compactMap { Glob($0.path) }
    // A name with a wildcard in it is found by itself as a pattern, and then told apart below.
    guard let found = try? session.files.digests(globs, links: .refuse) else { return false }
    let known = Dictionary(found.map { ($0.path, $0) }) { first, _ in first }
    return report.outputs.allSatisfy { known[$0.path] == $0 }
  }

  private func attempts(_ prepared: Prepared) async throws -> PerformedStep {
    let variables = try await pool.acquire(step)
    var attempt = 1
    while true {
      session.emit(.stepStarted(step.id, attempt: attempt))
      let runner = AttemptRunner(
        owner: self, prepared: prepared, attempt: attempt, serviceVariables: variables)
      let performed = try await runner.run()
      let summary = performed.ending.summary
      guard summary.state == .failed || summary.state == .timedOut, !isGate,
        attempt <= step.retries, !Task.isCancelled
      else { return performed }
      // No attempt is forgotten, and none begins before the one before it is durable.
      if !performed.evidence.isEmpty { try await record(performed.evidence) }
      session.emit(
        .stepRetried(
          step.id, attempt: attempt, reason: summary.reason ?? summary.state.rawValue))
      attempt += 1
    }
  }
}

/// Evidence could not be made durable.
struct RecordingFailure: Error {
  let problem: Problem
}

extension RunSession {
  /// A text with its secrets and what may be PHI masked.
  func masked(_ text: String) -> String { services.phi.masked(secrets.mask.masked(text)) }

  /// An error as a problem of a step, secrets and PHI masked.
  func problem(_ error: any Error, at step: String) -> Problem {
    switch error {
    case let problem as Problem:
      Problem(
        problem.code, masked(problem.message), at: problem.location ?? step,
        advice: problem.advice.map(masked))
    default: Problem(.stepFailed, masked("\(error)"), at: step)
    }
  }
}
