import Glibc
import Model
import Processes

/// What all steps of a run share.
struct RunSession: Sendable {
  let request: RunRequest
  let services: RunServices
  let secrets: SecretValues
  let cookie: RunCookie
  let podman: Podman
  let files: WorkspaceFiles
  let tools = ToolVersions()
  let actions: [String: StepAction]
  /// `PATH`, `HOME`, `TMPDIR` and `LANG` of steps.
  let baseEnvironment: [String: String]

  /// Checks what can be checked before anything runs, and makes the run's folders.
  init(_ request: RunRequest, _ services: RunServices) throws {
    guard Actor.isIdentifier(request.run) else {
      throw Problem(
        .badInput,
        "\"\(request.run)\" cannot name a run: expected 1 to 64 of a-z, 0-9, \".\", "
          + "\"_\" and \"-\", the first a letter or digit")
    }
    guard !request.subjects.isEmpty else {
      throw Problem(.badInput, "a run needs at least one subject to speak of")
    }
    var status = stat()
    guard stat(request.workspace, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw Problem(.notFound, "the workspace is not a folder", at: request.workspace)
    }
    var actions: [String: StepAction] = [:]
    for action in services.actions { actions[action.signature.name] = action }
    for step in request.definition.steps {
      if case .action(let name, _) = step.work, actions[name] == nil {
        throw Problem(.judgingFailed, "nothing performs the action \"\(name)\"", at: step.id)
      }
    }
    self.request = request
    self.services = services
    self.actions = actions
    secrets = try SecretValues(request.definition, environment: request.environment)
    cookie = RunCookie(value: request.run)
    podman = Podman(
      commands: services.commands, run: request.run, callerEnvironment: request.environment)
    files = WorkspaceFiles(root: request.workspace)
    baseEnvironment = [
      "PATH": request.path, "HOME": "\(request.scratch)/home", "TMPDIR": "\(request.scratch)/tmp",
      "LANG": "C.UTF-8",
    ]
    for folder in ["home", "tmp", "logs"] { try ScratchFolder.make("\(request.scratch)/\(folder)") }
    // Tools that run as another user get through it to their own folder; each has its own mode.
    try ScratchFolder.make("\(request.scratch)/steps", mode: 0o711)
  }

  /// The environment of a step or service, before its services' variables.
  func environment(_ definition: EnvironmentDefinition, for user: String) -> [String: String] {
    var environment = baseEnvironment
    for name in definition.pass { environment[name] = request.environment[name] }
    environment.merge(definition.set) { $1 }
    environment.merge(secrets.values(for: user)) { $1 }
    return environment
  }

  func emit(_ kind: ProgressEvent.Kind) {
    services.progress(ProgressEvent(time: services.time.now(), kind: kind))
  }

  /// Makes evidence durable, also when the run was cancelled meanwhile.
  @discardableResult
  func record(_ evidence: [Evidence]) async throws -> [RecordedEvidence] {
    let recorder = services.recorder
    // Not a child task: a store that heeds cancelling would lose what was done already.
    return try await Task { try await recorder.record(evidence) }.value
  }

  /// Records where the run stands.
  func record(_ state: RunReport.State, reason: String?) async throws {
    let report = RunReport(
      run: request.run, application: request.definition.application.name, state: state,
      definition: request.definition.digest, time: services.time.now(),
      reason: reason.map(masked))
    try await record([Evidence(kind: .run, subjects: request.subjects, predicate: report)])
  }
}
