import Model
import Processes

/// Runs a step once and says what came of it.
struct AttemptRunner: Sendable {
  let owner: StepRunner
  let prepared: StepRunner.Prepared
  let attempt: Int
  let serviceVariables: [String: String]

  /// What an attempt came to before its evidence is recorded.
  struct Result {
    var outcome: StepReport.Outcome
    var problem: Problem?
    var isWaiting = false
    var exitCode: Int32?
    var evidence: [Evidence] = []
    var outputs: [StepReport.File] = []
    var tools: [StepReport.Tool] = []
    var subjects: [Subject] = []
    var notices: [String] = []

    init(_ outcome: StepReport.Outcome, _ problem: Problem? = nil) {
      self.outcome = outcome
      self.problem = problem
    }
  }

  private static let reportLimit = 512 << 20
  private var step: StepDefinition { owner.step }
  private var session: RunSession { owner.session }

  /// Runs; the evidence is for the caller to record.
  func run() async throws -> PerformedStep {
    let started = session.services.time.now()
    let log = try owner.logWriter(attempt: attempt)
    let marks = step.reports.map { session.files.marks($0.path) }
    let statements = step.reports.map { session.files.marks($0.path.statements) }
    var result = try await perform(log)
    var logFile: StepReport.File?
    do {
      logFile = try log.finish()
      if let logFile { try await session.services.keepLog(log.path, logFile) }
    } catch {
      // What the step said is part of the evidence: a step whose log is lost did not pass.
      fail(&result, session.problem(error, at: step.id))
    }
    let replaced = log.replaced
    if !replaced.isEmpty, session.request.definition.log == .fail {
      fail(&result, Self.problem(replaced, at: step.id))
    }
    if case .run = kind {
      collectOutputs(&result)
      await collectReports(&result, since: Array(zip(marks, statements)))
    }
    // What fails while it is being ended did not fail by itself.
    if Task.isCancelled, result.outcome != .passed, !result.isWaiting {
      result.outcome = .cancelled
    }
    let finished = session.services.time.now()
    let report = report(result, log: logFile, replaced, from: started, to: finished)
    let subjects = prepared.subjects.joined(with: result.subjects)
    // A gate that waits has decided nothing about itself: its decision speaks.
    let own =
      result.isWaiting
      ? [] : [Evidence(kind: .step, subjects: subjects, predicate: report)]
    let state = result.state
    let summary = StepSummary(
      step: step.id, state: state, attempts: attempt,
      milliseconds: finished.milliseconds(since: started), reason: result.problem?.message,
      log: logFile == nil ? nil : log.path,
      replaced: replaced.isEmpty ? nil : replaced,
      lastLines: state == .passed ? [] : log.lastLines(),
      notices: result.notices.isEmpty ? nil : result.notices)
    return PerformedStep(
      ending: StepEnding(
        summary: summary, key: prepared.key, subjects: subjects, problem: result.problem),
      evidence: own + result.evidence)
  }

  private enum Kind { case run, action(StepAction) }

  private var kind: Kind { prepared.action.map(Kind.action) ?? .run }

  /// Throws only when an intent could not be recorded.
  private func perform(_ log: LogWriter) async throws -> Result {
    do {
      switch kind {
      case .run: return try await runProgram(log)
      case .action(let action):
        return try await ActionAttempt(attempt: self, action: action, log: log).run()
      }
    } catch let failure as RecordingFailure {
      throw failure
    } catch {
      if Task.isCancelled { return cancelled }
      return Result(.failed, session.problem(error, at: step.id))
    }
  }

  var cancelled: Result {
    Result(.cancelled, Problem(.cancelled, "the run was interrupted", at: step.id))
  }

  private func fail(_ result: inout Result, _ problem: Problem) {
    guard result.outcome == .passed else { return }
    result.outcome = .failed
    result.problem = problem
    result.isWaiting = false
  }

  private func runProgram(_ log: LogWriter) async throws -> Result {
    let environment = prepared.environment.merging(serviceVariables) { $1 }
    let cookie = session.cookie.part("\(step.id)/\(attempt)")
    let clock = ContinuousClock()
    let begun = clock.now
    let status: CommandStatus
    if let image = prepared.image, case .container(_, let network) = step.executor {
      status = try await ContainerAttempt(
        step: step, session: session, image: image, network: network, environment: environment,
        cookie: cookie, attempt: attempt
      ).run(log)
    } else {
      var user: String?
      if case .process(let name) = step.executor { user = name }
      if let user { try handOver(to: user) }
      let command = try ProcessLaunch(session).command(
        step.work.arguments, user: user, environment: environment, directory: step.directory,
        timeout: step.timeoutMilliseconds)
      let run = ProcessRun(
        command, cookie: cookie, graceMilliseconds: session.request.graceMilliseconds)
      status = try await run.run { _, bytes in try log.take(bytes) }
      // Looking through all processes costs milliseconds: too much for a step that took less.
      if begun.duration(to: clock.now) > .milliseconds(200) { await cookie.endLeftovers() }
    }
    return result(of: status)
  }

  private func result(of status: CommandStatus) -> Result {
    switch status {
    case .exited(0):
      var result = Result(.passed)
      result.exitCode = 0
      return result
    case .exited(let code):
      var result = Result(
        .failed, Problem(.stepFailed, "the step \(status.words)", at: step.id))
      result.exitCode = code
      return result
    case .signalled:
      return Result(.failed, Problem(.stepFailed, "the step \(status.words)", at: step.id))
    case .timedOut:
      return Result(
        .timedOut,
        Problem(
          .stepFailed,
          "the step was ended because it took longer than "
            + "\(Double(step.timeoutMilliseconds) / 1000) seconds", at: step.id,
          advice: "Find out why, or give it a longer \"timeout\"."))
    }
  }

  private func collectOutputs(_ result: inout Result) {
    guard result.outcome == .passed, !step.outputs.isEmpty else { return }
    do {
      result.outputs = try session.files.digests(step.outputs, links: .refuse)
    } catch {
      let problem = session.problem(error, at: step.id)
      fail(
        &result,
        Problem(
          .stepFailed, "an output is wrong: \(problem.message)", at: step.id,
          advice: problem.advice))
    }
  }

  /// Reads reports, of failed steps too: they say why. A step that passed must have left them.
  private func collectReports(
    _ result: inout Result,
    since marks: [(
      reports: [String: WorkspaceFiles.Mark], statements: [String: WorkspaceFiles.Mark]
    )]
  ) async {
    guard result.outcome != .cancelled else { return }
    for (definition, marks) in zip(step.reports, marks) {
      do {
        let files = try session.files.contents(
          definition.path, since: marks.reports, limit: Self.reportLimit)
        for file in files where !definition.path.isStatement(file.path) {
          result.evidence += try await session.services.collect(
            CollectedReport(
              application: session.request.definition.application.name,
              run: session.request.run, step: step.id, path: file.path, definition: definition,
              subjects: prepared.subjects, bytes: file.bytes,
              statement: try session.files.statement(beside: file.path, since: marks.statements)))
        }
      } catch {
        let problem = session.problem(error, at: step.id)
        // What may hold PHI does not stay behind for the next who looks.
        if problem.code == .phiFound { session.files.remove(definition.path) }
        fail(
          &result,
          Problem(
            problem.code == .phiFound ? .phiFound : .stepFailed,
            "the report \"\(definition.path)\" is wrong: \(problem.message)",
            at: step.id, advice: problem.advice))
      }
    }
  }

  private static func problem(_ replaced: [StepReport.Replaced], at step: String) -> Problem {
    Problem(
      .phiFound, "in its output \(replaced.words) may be PHI; each was replaced", at: step,
      advice: "Let it print numbers of its own making instead; the markers in its log say where.")
  }

  private func report(
    _ result: Result, log: StepReport.File?, _ replaced: [StepReport.Replaced],
    from started: Instant, to finished: Instant
  ) -> StepReport {
    let names = Set(prepared.environment.keys).union(serviceVariables.keys)
    return StepReport(
      application: session.request.definition.application.name, run: session.request.run,
      stage: step.stage, step: step.name, environment: owner.environmentName,
      stepKey: prepared.key,
      command: owner.maskedCommand, action: owner.actionName, executor: owner.executorName,
      executorImage: prepared.image, isolation: owner.isolation, outcome: result.outcome,
      exitCode: result.exitCode, attempt: attempt, startedAt: started, finishedAt: finished,
      tools: prepared.tools + result.tools, variables: names.sorted(), inputs: prepared.inputs,
      outputs: result.outputs, log: log, replaced: replaced.isEmpty ? nil : replaced)
  }
}

extension AttemptRunner.Result {
  /// The result as the summary tells it.
  var state: StepSummary.State {
    if isWaiting { return .waiting }
    return switch outcome {
    case .passed: .passed
    case .failed: .failed
    case .cancelled: .cancelled
    case .timedOut: .timedOut
    case .skipped: .skipped
    }
  }
}
