import Model
import Processes

/// Runs a step once in a container: nothing of the machine but the workspace, no capabilities, no
/// network unless the file gives one, a root that cannot be written.
struct ContainerAttempt: Sendable {
  let step: StepDefinition
  let session: RunSession
  let image: String
  let network: ExecutorDefinition.Network
  let environment: [String: String]
  let cookie: RunCookie
  let attempt: Int

  func run(_ log: LogWriter) async throws -> CommandStatus {
    let podman = session.podman
    let name = podman.name("\(step.id)-\(attempt)")
    let workspace = session.request.workspace
    guard !workspace.utf8.contains(0x2c) else {
      throw Problem(.badInput, "podman cannot mount a path with a comma", at: workspace)
    }
    let names = Set(environment.keys).subtracting(session.baseEnvironment.keys)
    var arguments = podman.runArguments(
      name: name, workspace: workspace, directory: step.directory,
      network: try await networkName(), environment: Array(names), isReadOnly: true)
    arguments += ["--entrypoint", ""]
    let own = environment.filter { names.contains($0.key) }
    let command = Command(
      "podman", arguments + [image] + step.work.arguments,
      environment: podman.environment.merging(own) { $1 },
      timeoutMilliseconds: step.timeoutMilliseconds)
    let run = ProcessRun(
      command, cookie: cookie, graceMilliseconds: session.request.graceMilliseconds,
      endsLeftovers: false)
    do {
      let status = try await run.run { _, bytes in try log.take(bytes) }
      if status == .timedOut { await podman.remove(name) }
      // podman's own failures; a program's 125 cannot be told from it, and is no success either.
      if status == .exited(125) {
        throw Problem(
          .stepFailed, "podman could not run the container, or the step ended with exit code 125",
          at: step.id, advice: "The step's log has podman's words.")
      }
      return status
    } catch {
      await podman.remove(name)
      throw error
    }
  }

  private func networkName() async throws -> String {
    switch network {
    case .none: "none"
    case .services: try await session.podman.makeNetwork()
    case .open: "podman"
    }
  }
}
