import Foundation
import Model
import Processes
import TestKit

/// The machine of somebody who has this program's output and other people's programs.
enum Outsider {
  /// The tools that the project's bootstrap installs outside the clone.
  static let tools: String = {
    let environment = ProcessInfo.processInfo.environment
    if let path = environment["PRATIQUE_TOOLS"] { return path }
    let cache = environment["XDG_CACHE_HOME"] ?? "\(NSHomeDirectory())/.cache"
    return "\(cache)/pratique/tools"
  }()

  /// Python with securesystemslib, in-toto-attestation and pymerkle.
  static let python = "\(tools)/verifiers/bin/python"

  /// Whether pymerkle is there; in CI it must be.
  static let canCompareTrees =
    ProcessInfo.processInfo.environment["CI"] == "true"
    || FileManager.default.isExecutableFile(atPath: python)

  /// What is missing here; in CI nothing may be, so nothing is skipped there.
  static let missing: [String] = {
    if ProcessInfo.processInfo.environment["CI"] == "true" { return [] }
    var missing = FileManager.default.isExecutableFile(atPath: python) ? [] : ["verifiers"]
    for name in ["git", "openssl", "podman", "skopeo", "ssh-keygen"] {
      let path = try? ExecutableSearch.path(of: name, environment: [:])
      if path == nil { missing.append(name) }
    }
    return missing
  }()

  /// The command that was built with these tests, beside their bundle.
  static let pratique: String = {
    let bundle =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return "\(PathText.parent(of: bundle))/pratique"
  }()

  /// `PATH` and what containers need; nothing of the user's own settings.
  static func environment(home: String) -> [String: String] {
    var environment = [
      "PATH": ExecutableSearch.defaultPath, "HOME": home, "LC_ALL": "C.UTF-8",
      "GIT_CONFIG_NOSYSTEM": "1", "PYTHON": python, "PYTHONDONTWRITEBYTECODE": "1",
    ]
    for (name, file) in [
      ("CONTAINERS_CONF", "containers.conf"), ("CONTAINERS_STORAGE_CONF", "storage.conf"),
    ] where FileManager.default.fileExists(atPath: "\(tools)/\(file)") {
      environment[name] = "\(tools)/\(file)"
    }
    return environment
  }

  /// Runs a program to its end, whatever it ends with.
  static func run(
    _ program: String, _ arguments: [String], home: String, directory: String? = nil,
    adding variables: [String: String] = [:]
  ) async throws -> Ended {
    let result = try await CommandRunner.live.run(
      Command(
        program, arguments, environment: environment(home: home).merging(variables) { $1 },
        directory: directory ?? home, timeoutMilliseconds: 300_000))
    return Ended(
      status: result.status, output: result.text,
      complaint: String(decoding: result.errorOutput, as: UTF8.self))
  }

  /// Runs one of the scripts that the page for outsiders names.
  static func verify(_ script: String, _ arguments: [String], home: String) async throws -> Ended {
    let path = Repository.root.appending(path: "scripts/verify/\(script)").path
    return script.hasSuffix(".py")
      ? try await run(python, [path] + arguments, home: home)
      : try await run("bash", [path] + arguments, home: home)
  }
}

/// How a program ended, and what it said.
struct Ended: CustomStringConvertible {
  let status: CommandStatus
  let output: String
  let complaint: String

  var isSuccess: Bool { status.isSuccess }
  var description: String { "\(status)\n\(output)\n\(complaint)" }
}
