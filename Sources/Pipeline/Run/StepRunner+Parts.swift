import Model
import Reading

extension StepRunner {
  /// The command as it is recorded.
  var maskedCommand: [String] { step.work.arguments.map(session.secrets.mask.masked) }

  var actionName: String? {
    if case .action(let name, _) = step.work { name } else { nil }
  }

  /// The environment that a built-in action judges for or delivers to.
  var environmentName: String? {
    guard case .action(_, let parameters) = step.work else { return nil }
    return parameters["environment"]?.string
  }

  var executorName: String {
    if actionName != nil { return "built-in" }
    return step.executor.isContainer ? "container" : "process"
  }

  /// A built-in action runs nothing of the repository's in this process; a tool of somebody else's
  /// is isolated as any program is.
  var isolation: StepReport.Isolation {
    if let actionName, session.actions[actionName]?.signature.runsTool != true { return .isolated }
    if case .process(nil) = step.executor { return .notIsolated }
    return .isolated
  }

  func logWriter(attempt: Int) throws -> LogWriter {
    LogWriter(
      path: "\(session.request.scratch)/logs/\(step.stage).\(step.name).\(attempt).log",
      mask: session.secrets.mask, phi: session.services.phi, limit: session.request.logLimit)
  }

  func context(
    _ prepared: Prepared, attempt: Int, log: LogWriter, services: [String: String] = [:]
  ) -> StepContext {
    var parameters: [String: JSONValue] = [:]
    if case .action(_, let given) = step.work { parameters = given }
    let isOpen = session.request.openIntents.contains(prepared.key)
    return StepContext(
      run: session.request.run, stage: step.stage, step: step.name, stepKey: prepared.key,
      attempt: attempt, subjects: prepared.subjects, workspace: session.request.workspace,
      scratch: "\(session.request.scratch)/steps/\(step.stage).\(step.name)",
      parameters: parameters,
      hasOpenIntent: isOpen || attempt > 1 && prepared.action?.effect != nil,
      facts: session.request.facts, time: session.services.time,
      commands: session.services.commands,
      tools: ToolLaunch(session: session, step: step, attempt: attempt).runner,
      toolUser: ToolLaunch.user(of: step), services: services, environment: prepared.environment,
      log: { try? log.line($0) })
  }

  /// Makes evidence durable; that it could not be is told apart from a step that failed.
  func record(_ evidence: [Evidence]) async throws {
    do {
      try await session.record(evidence)
    } catch {
      throw RecordingFailure(problem: session.problem(error, at: step.id))
    }
  }
}
