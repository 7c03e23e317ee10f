import Model
import Reading

/// Podman's commands, as far as a target needs them.
struct Podman: Sendable {
  let runner: CommandRunner
  let environment: [String: String]

  /// What podman says of a container.
  struct Container: Hashable, Sendable {
    let imageConfig: Digest?
    let isRunning: Bool
    /// When it was last started, as podman writes it: another value is another start.
    let startedAt: String?
    let user: String
    let labels: [String: String]
  }

  /// What podman says of a pod.
  struct Pod: Hashable, Sendable {
    let labels: [String: String]
    /// The containers without the one that holds the namespaces.
    let containers: [String]
  }

  /// Variables that a command needs to find images and settings; all others stay behind.
  static func environment(from variables: [String: String]) -> [String: String] {
    let names = [
      "HOME", "TMPDIR", "CONTAINERS_CONF", "CONTAINERS_STORAGE_CONF", "XDG_RUNTIME_DIR",
      "XDG_CONFIG_HOME", "XDG_DATA_HOME", "REGISTRY_AUTH_FILE",
    ]
    var environment = variables.filter { names.contains($0.key) }
    // Debian keeps haproxy and runc where a user's PATH does not look.
    environment["PATH"] = (variables["PATH"] ?? "/usr/bin:/bin") + ":/usr/sbin:/sbin"
    environment["LC_ALL"] = "C"
    return environment
  }

  /// Runs a command that must succeed.
  @discardableResult
  func run(
    _ program: String, _ arguments: [String], input: [UInt8]? = nil,
    timeoutMilliseconds: Int64 = 120_000
  ) async throws -> CommandResult {
    let result = try await attempt(
      program, arguments, input: input, timeoutMilliseconds: timeoutMilliseconds)
    guard result.status.isSuccess else {
      throw Problem(
        .stepFailed,
        "\(program) \(arguments.prefix(2).joined(separator: " ")) failed: \(Self.words(result))")
    }
    return result
  }

  /// Runs a command whose failure has a meaning.
  func attempt(
    _ program: String, _ arguments: [String], input: [UInt8]? = nil,
    timeoutMilliseconds: Int64 = 120_000
  ) async throws -> CommandResult {
    try await runner.run(
      Command(
        program, arguments, environment: environment, input: input,
        timeoutMilliseconds: timeoutMilliseconds))
  }

  /// The last lines of what a program said of its failure.
  private static func words(_ result: CommandResult) -> String {
    let text = String(decoding: result.errorOutput, as: UTF8.self)
    let lines = text.split(separator: "\n").filter { !$0.contains("level=info") }
    let last = lines.suffix(2).joined(separator: "; ")
    return last.isEmpty ? "\(result.status)" : String(last.prefix(500))
  }

  /// The id of the image that a reference leads to, and all its manifests; `nil` for none.
  func image(_ reference: String) async throws -> (config: Digest, manifests: [Digest])? {
    guard try await attempt("podman", ["image", "exists", reference]).status.isSuccess else {
      return nil
    }
    let value = try await inspect(["image", "inspect", reference])
    guard let config = value["Id"]?.string.flatMap({ Digest(.sha256, hex: $0) }) else {
      throw Problem(.inputOutput, "podman gives no id for the image \(reference)")
    }
    let references = value["RepoDigests"]?.array?.compactMap(\.string) ?? []
    let manifests = references.compactMap { $0.split(separator: "@").last.flatMap { Digest($0) } }
    return (config, manifests)
  }

  /// A pod; `nil` when there is none of that name.
  func pod(_ name: String) async throws -> Pod? {
    let found = try await attempt("podman", ["pod", "exists", name])
    if found.status == .exited(1) { return nil }
    guard found.status.isSuccess else {
      throw Problem(.stepFailed, "podman pod exists failed: \(Self.words(found))")
    }
    let value = try await inspect(["pod", "inspect", name])
    let infra = value["InfraContainerID"]?.string
    let containers = (value["Containers"]?.array ?? []).filter { $0["Id"]?.string != infra }
    return Pod(
      labels: Self.labels(value["Labels"]), containers: containers.compactMap { $0["Name"]?.string }
    )
  }

  /// A container of a pod that is there.
  func container(_ name: String) async throws -> Container {
    let value = try await inspect(["container", "inspect", name])
    return Container(
      imageConfig: value["Image"]?.string.flatMap { Digest(.sha256, hex: $0) },
      isRunning: value["State"]?["Status"]?.string == "running",
      startedAt: value["State"]?["StartedAt"]?.string,
      user: value["Config"]?["User"]?.string ?? "",
      labels: Self.labels(value["Config"]?["Labels"]))
  }

  /// Names of volumes that begin so.
  func volumes(prefix: String) async throws -> [String] {
    try await run("podman", ["volume", "ls", "--quiet"]).text.split(separator: "\n")
      .map(String.init).filter { $0.hasPrefix(prefix) }
  }

  /// The one object that an inspection gives; podman 4 and 5 differ in whether a list holds it.
  private func inspect(_ arguments: [String]) async throws -> JSONValue {
    let result = try await run("podman", arguments)
    do {
      let value = try JSONReader.read(result.output)
      return value[0] ?? value
    } catch let error as ReadingError {
      throw Problem(error, file: "podman \(arguments.prefix(2).joined(separator: " "))")
    }
  }

  private static func labels(_ value: JSONValue?) -> [String: String] {
    (value?.object?.members ?? []).reduce(into: [:]) { $0[$1.name] = $1.value.string }
  }
}
