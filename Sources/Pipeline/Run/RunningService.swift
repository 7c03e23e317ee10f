import Glibc
import Model
import Processes
import Synchronization

/// A service that runs, in the foreground of a task: its output goes to a log of its own.
struct RunningService: Sendable {
  private static let graceMilliseconds: Int64 = 5_000
  /// A service has no time of its own: it ends with the last step that needs it.
  private static let noTimeout: Int64 = 30 * 86_400_000

  /// Remembers that the service ended, and how.
  private final class Ending: Sendable { let reason = Mutex<String?>(nil) }

  private let definition: ServiceDefinition
  private let session: RunSession
  private let task: Task<Void, Never>
  private let ending = Ending()
  private let container: String?
  private var ports: [String: Int]

  /// Starts a service and waits until it is ready.
  ///
  /// - Throws: `Problem` when it cannot be started, ends, or is not ready in time; nothing of it
  ///   runs then.
  static func start(
    _ definition: ServiceDefinition, _ session: RunSession
  ) async throws -> RunningService {
    session.emit(.serviceStarted(definition.name))
    let begun = session.services.time.now()
    let service = try await RunningService(definition, session)
    do {
      let ready = try await service.untilReady()
      session.emit(
        .serviceReady(
          definition.name, milliseconds: session.services.time.now().milliseconds(since: begun)))
      return ready
    } catch {
      await service.stop()
      throw error
    }
  }

  /// The variables by which steps reach it.
  func variables(forContainer isContainer: Bool) -> [String: String] {
    var variables: [String: String] = [:]
    for port in definition.ports {
      let number = isContainer ? port.number : ports[port.variable]
      if let number { variables[port.variable] = String(number) }
    }
    let prefix = definition.name.uppercased().replacing("-", with: "_").replacing(".", with: "_")
    variables["\(prefix)_HOST"] = isContainer ? definition.name : "127.0.0.1"
    return variables
  }

  /// Ends it and all it started.
  func stop() async {
    task.cancel()
    await task.value
    if let container { await session.podman.remove(container) }
    await cookie.endLeftovers()
  }

  private var cookie: RunCookie { Self.cookie(definition, session) }

  private static func cookie(_ definition: ServiceDefinition, _ session: RunSession) -> RunCookie {
    session.cookie.part("service.\(definition.name)")
  }

  private init(_ definition: ServiceDefinition, _ session: RunSession) async throws {
    self.definition = definition
    self.session = session
    var ports: [String: Int] = [:]
    var environment = session.environment(definition.environment, for: definition.name)
    let command: Command
    switch definition.executor {
    case .process(let user):
      for port in definition.ports { ports[port.variable] = port.number ?? Self.freePort() }
      for (variable, number) in ports { environment[variable] = String(number) }
      container = nil
      command = try ProcessLaunch(session).command(
        definition.work?.arguments ?? [], user: user, environment: environment,
        directory: definition.directory, timeout: Self.noTimeout)
    case .container(let image, _):
      let name = session.podman.name(definition.name)
      container = name
      let id = try await session.podman.imageID(of: image)
      let network = try await session.podman.makeNetwork()
      let names = Set(environment.keys).subtracting(session.baseEnvironment.keys)
      var arguments = session.podman.runArguments(
        name: name, workspace: session.request.workspace, directory: definition.directory,
        network: network, environment: Array(names), isReadOnly: false)
      arguments += ["--network-alias", definition.name]
      for port in definition.ports.compactMap(\.number) {
        arguments += ["--publish", "127.0.0.1::\(port)"]
      }
      let own = environment.filter { names.contains($0.key) }
      command = Command(
        "podman", arguments + [id] + (definition.work?.arguments ?? []),
        environment: session.podman.environment.merging(own) { $1 },
        timeoutMilliseconds: Self.noTimeout)
    }
    self.ports = ports
    let log = LogWriter(
      path: "\(session.request.scratch)/logs/service.\(definition.name).log",
      mask: session.secrets.mask, phi: session.services.phi, limit: session.request.logLimit)
    let run = ProcessRun(
      command, cookie: Self.cookie(definition, session), graceMilliseconds: Self.graceMilliseconds)
    let ending = ending
    task = Task {
      let reason: String
      do {
        let status = try await run.run { _, bytes in try log.take(bytes) }
        reason = "it \(status.words)"
      } catch {
        reason = (error as? Problem)?.message ?? "\(error)"
      }
      _ = try? log.finish()
      let last = log.lastLines(3).joined(separator: " / ")
      ending.reason.withLock { $0 = last.isEmpty ? reason : "\(reason); it said: \(last)" }
    }
  }

  /// The service with its ports known, once its check succeeds.
  private func untilReady() async throws -> RunningService {
    let clock = ContinuousClock()
    let readiness = definition.readiness
    let limit = clock.now + .milliseconds(readiness?.timeoutMilliseconds ?? 60_000)
    var ports = ports
    while true {
      try Task.checkCancellation()
      if let reason = ending.reason.withLock({ $0 }) { throw problem("is not ready: \(reason)") }
      if let container, ports.count < definition.ports.count {
        for port in definition.ports {
          guard let inner = port.number else { continue }
          ports[port.variable] = try? await session.podman.port(inner, of: container)
        }
      }
      if ports.count == definition.ports.count, try await isReady(ports, until: limit) { break }
      guard clock.now < limit else {
        throw problem(
          "was not ready within \((readiness?.timeoutMilliseconds ?? 60_000) / 1000) seconds")
      }
      try await Task.sleep(for: .milliseconds(readiness?.intervalMilliseconds ?? 100))
    }
    var ready = self
    ready.ports = ports
    return ready
  }

  private func isReady(_ ports: [String: Int], until limit: ContinuousClock.Instant) async throws
    -> Bool
  {
    guard let readiness = definition.readiness else { return true }
    let rest = limit - ContinuousClock.now
    let timeout = max(100, rest.components.seconds * 1000 + 100)
    let command: Command
    if let container {
      command = Command(
        "podman", ["exec", container] + readiness.work.arguments,
        environment: session.podman.environment, timeoutMilliseconds: timeout)
    } else {
      var environment = session.environment(definition.environment, for: definition.name)
      for (variable, number) in ports { environment[variable] = String(number) }
      command = try ProcessLaunch(session).command(
        readiness.work.arguments, user: nil, environment: environment,
        directory: definition.directory, timeout: timeout)
    }
    return try await ProcessRun(command, cookie: cookie).run { _, _ in }.isSuccess
  }

  private func problem(_ message: String) -> Problem {
    Problem(
      .stepFailed, "the service \"\(definition.name)\" \(session.secrets.mask.masked(message))")
  }

  /// A port of the loopback address that nobody uses now.
  private static func freePort() -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return 0 }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    return withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        guard bind(descriptor, generic, length) == 0,
          getsockname(descriptor, generic, &length) == 0
        else { return 0 }
        return generic.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
          Int(UInt16(bigEndian: $0.pointee.sin_port))
        }
      }
    }
  }
}

extension CommandStatus {
  /// How a program ended, after "it".
  var words: String {
    switch self {
    case .exited(let code): "ended with exit code \(code)"
    case .signalled(let number): "was ended by signal \(number)"
    case .timedOut: "was ended because its time was over"
    }
  }
}
