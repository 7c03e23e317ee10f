import Foundation
import Model
import TestKit
import Testing

/// Containers of a run that was interrupted or killed.
@Suite(
  "Containers of a run that is interrupted", .serialized,
  .enabled(if: WardContainers.areWanted, "podman is not on this machine"))
struct ContainerInterruptEndToEndSerial {
  private static let pipeline = """
    version: 1
    application: {name: contained, handles-phi: false}
    stages:
      s:
        steps:
          first: {run: "echo first"}
          contained:
            run: |
              test -e go && exit 0
              echo ready > ready
              sleep 600
            executor: {container: {image: "\(WardContainers.image)"}}
            needs: first
          last: {run: "echo last", needs: contained}

    """

  @Test("by SIGINT or SIGKILL: no container is left, --resume finishes", arguments: [2, 9])
  func interrupted(_ signal: Int32) async throws {
    let containers = try await WardContainers.make()
    let ward = try await Ward(pipeline: Self.pipeline)
    try await ward.makeLedger()
    var program = ward.pratique()
    program.environment.merge(containers.environment) { $1 }
    let run = try program.start(["run", "--repository", ward.repository, "--ledger", ward.ledger])
    var workspace: String?
    for _ in 0..<6_000 where workspace == nil && run.endingNow == nil {
      try await Task.sleep(for: .milliseconds(10))
      let id = Announcements(run.errorOutput).run
      let folder = id.map { "\(ward.ledger)/runs/\($0)/workspace" }
      if let folder, FileManager.default.fileExists(atPath: "\(folder)/ready") {
        workspace = folder
      }
    }
    let folder = try #require(workspace, "\(run.errorOutput)")
    let id = try #require(Announcements(run.errorOutput).run)
    #expect(try await containers.of(id).count == 1)
    run.kill(signal)
    let ending = try await run.ending()
    if signal == SIGINT {
      #expect(ending == .exited(130), "\(run.errorOutput)")
      #expect(try await containers.of(id) == [])
      let content = try await LedgerContent(ward.ledger)
      #expect(content.runs.last?.state == .cancelled)
      #expect(content.steps.last { $0.id == "s/contained" }?.outcome == .cancelled)
    } else {
      #expect(try await containers.of(id).count == 1, "there is nothing left to end")
    }
    try Data().write(to: URL(fileURLWithPath: "\(folder)/go"))
    try await program.check(["run", "--resume", "--ledger", ward.ledger])
    #expect(try await containers.of(id) == [])
    let after = try await LedgerContent(ward.ledger)
    for step in ["first", "contained", "last"] { #expect(after.passes(id, "s/\(step)") == 1) }
    #expect(after.doubled == [])
    try await nothingIsLeft(ward)
  }
}

/// Podman, and an image of this machine's own shell.
struct WardContainers {
  static let image = "localhost/pratique-test/ward:1"
  let environment: [String: String]
  private let folder: TemporaryFolder

  /// Whether these tests shall run: podman is there, or this is CI, where its absence fails.
  static let areWanted: Bool = {
    let environment = ProcessInfo.processInfo.environment
    let folders = (environment["PATH"] ?? "").split(separator: ":")
    return environment["CI"] == "true"
      || folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/podman") }
  }()

  /// Makes the image, unless it is there.
  static func make() async throws -> WardContainers {
    let folder = try TemporaryFolder()
    let configuration = folder.file("containers.conf")
    let text = """
      [containers]
      default_ulimits = ["nofile=4096:4096","nproc=4096:4096"]
      [engine]
      runtime = "runc"

      """
    try Data(text.utf8).write(to: URL(fileURLWithPath: configuration))
    let caller = ProcessInfo.processInfo.environment
    var environment = caller.filter { $0.key == "HOME" || $0.key.hasPrefix("XDG_") }
    environment["CONTAINERS_CONF"] = caller["CONTAINERS_CONF"] ?? configuration
    let containers = WardContainers(environment: environment, folder: folder)
    let script = """
      podman image exists "$2" && exit 0
      mkdir -p "$1/bin" "$1/tmp" "$1/workspace" "$1/proc"
      for p in dash sleep; do cp "$(command -v $p)" "$1/bin/"; done
      ln -s dash "$1/bin/sh"
      for p in "$1"/bin/*; do ldd "$p"; done | grep -o '/[^ ]*' | sort -u |
        while read l; do mkdir -p "$1$(dirname $l)"; cp -L "$l" "$1$l"; done
      tar -C "$1" -c . | podman import --change 'ENV PATH=/bin' - "$2"
      """
    try await containers.program("sh").check(
      ["-euc", script, "sh", folder.file("root"), image])
    return containers
  }

  private func program(_ name: String) -> Program {
    var program = Program(name, directory: folder.path, outputIn: folder.path)
    program.environment.merge(environment) { $1 }
    return program
  }

  /// The containers of a run, whatever state they are in.
  func of(_ run: String) async throws -> [String] {
    let list = try await program("podman").check(
      ["ps", "--all", "--quiet", "--filter", "label=pratique.run=\(run)"])
    return list.split(separator: "\n").map(String.init)
  }
}
