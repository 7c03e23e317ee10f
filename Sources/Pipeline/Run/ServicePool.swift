import Model
import Processes

/// Starts a service before the first step that needs it, and stops it after the last.
actor ServicePool {
  private let session: RunSession
  private let definitions: [String: ServiceDefinition]
  private var users: [String: Int] = [:]
  private var starting: [String: Task<RunningService, any Error>] = [:]

  init(_ session: RunSession) {
    self.session = session
    let definition = session.request.definition
    definitions = Dictionary(uniqueKeysWithValues: definition.services.map { ($0.name, $0) })
    for service in definition.steps.flatMap({ Set($0.services) }) {
      users[service, default: 0] += 1
    }
  }

  /// The variables by which a step reaches its services, once all of them are ready.
  func acquire(_ step: StepDefinition) async throws -> [String: String] {
    let tasks = step.services.compactMap { name in definitions[name].map(start) }
    return try await withTaskCancellationHandler {
      var variables: [String: String] = [:]
      for task in tasks {
        let service = try await task.value
        variables.merge(service.variables(forContainer: step.executor.isContainer)) { $1 }
      }
      return variables
    } onCancel: {
      for task in tasks { task.cancel() }
    }
  }

  /// Says that a step is over, whether it ran or not; the last one stops the service.
  func release(_ step: StepDefinition) async {
    for name in Set(step.services) {
      users[name, default: 0] -= 1
      if users[name, default: 0] <= 0 { await stop(name) }
    }
  }

  /// Stops whatever still runs.
  func stopAll() async {
    for task in starting.values { task.cancel() }
    for name in starting.keys.sorted() { await stop(name) }
  }

  private func start(_ definition: ServiceDefinition) -> Task<RunningService, any Error> {
    if let task = starting[definition.name] { return task }
    let session = session
    let task = Task { try await RunningService.start(definition, session) }
    starting[definition.name] = task
    return task
  }

  private func stop(_ name: String) async {
    guard let task = starting.removeValue(forKey: name) else { return }
    if let service = try? await task.value {
      await service.stop()
      session.emit(.serviceStopped(name))
    }
  }
}
