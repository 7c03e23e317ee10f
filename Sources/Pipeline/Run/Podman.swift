import Model
import Synchronization

/// What a run asks of podman. Everything that it makes carries the run's label.
struct Podman: Sendable {
  static let label = "pratique.run"
  let commands: CommandRunner
  let run: String
  /// The environment of podman itself.
  let environment: [String: String]
  private let network = Network()

  /// Makes the run's network once, when the first container needs it.
  private final class Network: Sendable {
    let task = Mutex<Task<Void, any Error>?>(nil)
  }

  init(commands: CommandRunner, run: String, callerEnvironment: [String: String]) {
    self.commands = commands
    self.run = run
    let prefixes = ["CONTAINER", "STORAGE_", "XDG_", "BUILDAH_"]
    let names: Set = ["PATH", "HOME", "TMPDIR", "REGISTRY_AUTH_FILE", "SSL_CERT_FILE"]
    environment = callerEnvironment.filter { name, _ in
      names.contains(name) || prefixes.contains { name.hasPrefix($0) }
    }
  }

  /// Name of the run's network.
  var networkName: String { "pratique-\(run)" }

  /// Name of a container of the run.
  func name(_ part: String) -> String { "pratique-\(run)-\(part.replacing("/", with: "-"))" }

  /// The id of an image that is on this machine. None is ever fetched: what a name means somewhere
  /// else may be another image tomorrow.
  ///
  /// - Throws: `Problem` with `notFound` when it is not here.
  func imageID(of image: String) async throws -> String {
    let result = try await podman(["image", "inspect", "--format", "{{.Id}}", "--", image])
    // podman itself tells with 125 that there is no such image; whatever else is its own failure.
    guard result.status.isSuccess || result.status != .exited(125) else {
      throw Problem(
        .notFound, "the image \"\(image)\" is not on this machine, and a run fetches none",
        advice: "Build it, or fetch it yourself by its digest: podman pull NAME@sha256:…")
    }
    let id = result.text.split(separator: "\n").first.map(String.init) ?? ""
    guard result.status.isSuccess,
      let digest = Digest(.sha256, hex: id.replacing("sha256:", with: ""))
    else {
      throw Problem(
        .inputOutput, "podman does not tell the id of \"\(image)\": \(Self.reason(result))")
    }
    return digest.description
  }

  /// What `podman run` needs before the image: name, label, limits, workspace, network, and the
  /// names of variables, whose values podman takes from its own environment.
  func runArguments(
    name: String, workspace: String, directory: String, network: String, environment: [String],
    isReadOnly: Bool
  ) -> [String] {
    var arguments = [
      "run", "--rm", "--name", name, "--label", "\(Self.label)=\(run)", "--pull", "never",
      // Logs are kept by this program alone, which masks secrets in them.
      "--log-driver", "none", "--security-opt", "no-new-privileges", "--network", network,
    ]
    if isReadOnly {
      arguments += [
        "--cap-drop", "all", "--read-only", "--tmpfs", "/tmp:rw,exec,mode=1777", "--mount",
        "type=bind,source=\(workspace),target=/workspace", "--workdir",
        directory.isEmpty ? "/workspace" : "/workspace/\(directory)",
      ]
    }
    arguments += ["--env", "HOME=/tmp", "--env", "TMPDIR=/tmp", "--env", "LANG=C.UTF-8"]
    for name in environment.sorted() { arguments += ["--env", name] }
    return arguments
  }

  /// The published port of a container.
  func port(_ number: Int, of name: String) async throws -> Int? {
    let result = try await podman(["port", name, "\(number)/tcp"])
    return result.text.split(separator: "\n").first?.split(separator: ":").last.flatMap { Int($0) }
  }

  /// The run's network, made when it is first asked for.
  func makeNetwork() async throws -> String {
    let task = network.task.withLock { task in
      if let task { return task }
      let made = Task {
        let result = try await podman([
          "network", "create", "--label", "\(Self.label)=\(run)", networkName,
        ])
        guard result.status.isSuccess else {
          throw Problem(.inputOutput, "podman cannot make a network: \(Self.reason(result))")
        }
      }
      task = made
      return made
    }
    try await task.value
    return networkName
  }

  /// Ends and removes one container, whatever state it is in.
  func remove(_ name: String) async {
    _ = await Task {
      try await podman(["rm", "--force", "--time", "0", "--ignore", "--volumes", name])
    }.result
  }

  /// Ends and removes all containers and networks of the run.
  ///
  /// - Returns: how many containers there were.
  @discardableResult
  func endLeftovers() async -> Int {
    let filter = ["--filter", "label=\(Self.label)=\(run)"]
    return await Task {
      guard
        let listed = try? await podman(["ps", "--all", "--quiet", "--no-trunc"] + filter),
        listed.status.isSuccess
      else { return 0 }
      let names = listed.text.split(separator: "\n").map(String.init)
      if !names.isEmpty {
        _ = try? await podman(["rm", "--force", "--time", "0", "--ignore", "--volumes"] + names)
      }
      if let networks = try? await podman(["network", "ls", "--quiet"] + filter) {
        for name in networks.text.split(separator: "\n") {
          _ = try? await podman(["network", "rm", "--force", String(name)])
        }
      }
      return names.count
    }.value
  }

  private func podman(_ arguments: [String], timeout: Int64 = 120_000) async throws -> CommandResult
  {
    try await commands.run(
      Command("podman", arguments, environment: environment, timeoutMilliseconds: timeout))
  }

  static func reason(_ result: CommandResult) -> String {
    let text = String(decoding: result.errorOutput, as: UTF8.self)
    return text.split(separator: "\n").last.map(String.init) ?? "\(result.status)"
  }
}
