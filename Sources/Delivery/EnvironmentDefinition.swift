public import Model

/// Where a secret's value comes from; the value itself stands in no file of the project.
public enum SecretSource: Sendable, Hashable {
  /// A file, relative to the folder of the environment file.
  case file(String)
  /// A variable in the environment of this program.
  case variable(String)
}

/// How the health of a release is asked.
public struct HealthCheck: Sendable, Hashable {
  /// The path that says whether the application is ready.
  public var path: String
  /// Time between two questions.
  public var intervalMilliseconds: Int64
  /// Good answers one after another that make a release healthy.
  public var successes: Int
  /// Bad answers one after another that make a serving release unhealthy.
  public var failures: Int
  /// Time for one answer.
  public var timeoutMilliseconds: Int64
  /// Time that a release has to become healthy.
  public var deadlineMilliseconds: Int64

  /// States how health is asked.
  public init(
    path: String = "/readyz", intervalMilliseconds: Int64 = 500, successes: Int = 3,
    failures: Int = 2, timeoutMilliseconds: Int64 = 2000, deadlineMilliseconds: Int64 = 60_000
  ) {
    self.path = path
    self.intervalMilliseconds = intervalMilliseconds
    self.successes = successes
    self.failures = failures
    self.timeoutMilliseconds = timeoutMilliseconds
    self.deadlineMilliseconds = deadlineMilliseconds
  }
}

/// How a release is watched after it took over.
public struct WatchPeriod: Sendable, Hashable {
  /// How long.
  public var periodMilliseconds: Int64
  /// The greatest part of answers with a 5xx status, in percent; one more and it goes back.
  public var serverErrorsPercent: Int
  /// No part is computed before so many answers.
  public var leastAnswers: Int64

  /// States how a release is watched.
  public init(
    periodMilliseconds: Int64 = 10_000, serverErrorsPercent: Int = 1, leastAnswers: Int64 = 20
  ) {
    self.periodMilliseconds = periodMilliseconds
    self.serverErrorsPercent = serverErrorsPercent
    self.leastAnswers = leastAnswers
  }
}

/// Ports of an environment, all on the loopback address.
public enum Ports: Sendable, Hashable {
  /// A load balancer on one port before two slots: a new release takes over without a gap.
  case front(Int, blue: Int, green: Int)
  /// One port and no load balancer: a new release replaces the old one, with a gap.
  case single(Int)

  /// The port of a slot.
  public func port(of slot: Slot) -> Int {
    switch self {
    case .front(_, let blue, let green): slot == .blue ? blue : green
    case .single(let port): port
    }
  }

  /// The port on which people reach the application.
  public var entrance: Int {
    switch self {
    case .front(let port, _, _): port
    case .single(let port): port
    }
  }
}

/// One environment: where a release runs, with which settings, and how its health is judged.
public struct EnvironmentDefinition: Sendable, Hashable {
  /// The name, such as `staging`.
  public let name: String
  /// Folder with the Kubernetes manifests.
  public let manifests: String
  /// Ports on the loopback address.
  public let ports: Ports
  /// The container network that it joins; made when it is not there. `nil`: podman's own for pods.
  public let network: String?
  /// Environment variables that are set in the container, over those of the manifests.
  public let values: [String: String]
  /// Sources of the secrets that manifests refer to: by the secret's name, then by key.
  public let secrets: [String: [String: SecretSource]]
  /// How health is asked.
  public let health: HealthCheck
  /// How a release is watched after it took over.
  public let watch: WatchPeriod
  /// Time that the requests of the old release have to end.
  public let drainMilliseconds: Int64
  /// Folder of the environment file, to which files of secrets are relative.
  public let folder: String
  /// SHA-256 of the environment file's bytes; `nil` for one that no file defines.
  public let file: Digest?

  /// States an environment.
  public init(
    name: String, manifests: String, ports: Ports, network: String? = nil,
    values: [String: String] = [:], secrets: [String: [String: SecretSource]] = [:],
    health: HealthCheck = HealthCheck(), watch: WatchPeriod = WatchPeriod(),
    drainMilliseconds: Int64 = 30_000, folder: String,
    file: Digest? = nil
  ) {
    self.name = name
    self.manifests = manifests
    self.ports = ports
    self.network = network
    self.values = values
    self.secrets = secrets
    self.health = health
    self.watch = watch
    self.drainMilliseconds = drainMilliseconds
    self.folder = folder
    self.file = file
  }

  /// The same with other manifests.
  public func with(manifests: String) -> EnvironmentDefinition {
    EnvironmentDefinition(
      name: name, manifests: manifests, ports: ports, network: network, values: values,
      secrets: secrets, health: health, watch: watch, drainMilliseconds: drainMilliseconds,
      folder: folder, file: file)
  }

  /// Name of the strategy: `blue-green` behind a load balancer, `recreate` without.
  public var strategy: String {
    if case .front = ports { "blue-green" } else { "recreate" }
  }
}

/// The environments of one file, in their written order.
public struct EnvironmentFile: Sendable, Hashable {
  /// Path of the file, for messages.
  public let path: String
  /// The environments.
  public let environments: [EnvironmentDefinition]

  /// States the environments of a file.
  public init(path: String, environments: [EnvironmentDefinition]) {
    self.path = path
    self.environments = environments
  }

  /// The environment of that name: one that is named but not defined is an error.
  ///
  /// - Throws: `Problem` with `notFound`.
  public func environment(named name: String) throws -> EnvironmentDefinition {
    guard let environment = environments.first(where: { $0.name.utf8.elementsEqual(name.utf8) })
    else {
      let names = environments.map(\.name).joined(separator: ", ")
      throw Problem(
        .notFound, "the environment \"\(name)\" is not defined", at: path,
        advice: "defined are: \(names)")
    }
    return environment
  }
}
