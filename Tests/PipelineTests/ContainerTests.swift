import Foundation
import Model
import Pipeline
import Processes
import Synchronization
import Testing

/// Podman as these tests use it: a tiny image made of this machine's own shell, once.
private struct Containers {
  static let isRequired = ProcessInfo.processInfo.environment["CI"] == "true"
  static let isThere =
    (try? ExecutableSearch.path(
      of: "podman", environment: ProcessInfo.processInfo.environment)) != nil
  static let image = "localhost/pratique-test/shell:1"

  /// The caller's environment, with settings that let podman run here unless it has its own.
  static let environment: [String: String] = {
    var environment = ProcessInfo.processInfo.environment
    guard environment["CONTAINERS_CONF"] == nil else { return environment }
    let path = FileManager.default.temporaryDirectory.appending(
      path: "pratique-test-containers.conf")
    let text = """
      [containers]
      default_ulimits = ["nofile=4096:4096","nproc=4096:4096"]
      [engine]
      runtime = "runc"

      """
    try? Data(text.utf8).write(to: path, options: .atomic)
    environment["CONTAINERS_CONF"] = path.path
    return environment
  }()

  static func podman(_ arguments: String...) async throws -> CommandResult {
    try await CommandRunner.live.run(
      Command("podman", arguments, environment: environment, timeoutMilliseconds: 120_000))
  }

  /// Makes the image, once for all tests.
  static let made = Task {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let script = """
      mkdir -p "$1/bin" "$1/tmp" "$1/workspace" "$1/proc"
      for p in dash sleep cat env id touch ls tr; do cp "$(command -v $p)" "$1/bin/"; done
      ln -s dash "$1/bin/sh"
      for p in "$1"/bin/*; do ldd "$p"; done | grep -o '/[^ ]*' | sort -u |
        while read l; do mkdir -p "$1$(dirname $l)"; cp -L "$l" "$1$l"; done
      tar -C "$1" -c . | podman import --change 'ENV PATH=/bin' - "$2"
      """
    let result = try await CommandRunner.live.run(
      Command(
        "sh", ["-euc", script, "sh", folder, image], environment: environment,
        timeoutMilliseconds: 120_000))
    guard result.status.isSuccess else {
      throw Problem(.toolMissing, String(decoding: result.errorOutput, as: UTF8.self))
    }
  }
}

@Suite(
  "Containers", .serialized,
  .enabled(if: Containers.isThere || Containers.isRequired, "podman is not on this machine"))
struct ContainerTests {
  private let fixture: Fixture

  init() async throws {
    fixture = try Fixture()
    try #require(Containers.isThere, "in CI podman must be there")
    try await Containers.made.value
  }

  private func go(_ yaml: String) async throws -> RunResult {
    try await fixture.go(yaml) {
      $0.environment = Containers.environment.merging(["T": "planted-token", "SEEN": "two words"]) {
        $1
      }
    }
  }

  private func left() async throws -> String {
    try await Containers.podman(
      "ps", "--all", "--quiet", "--filter", "label=pratique.run=\(fixture.run)"
    ).text
      + Containers.podman(
        "network", "ls", "--quiet", "--filter", "label=pratique.run=\(fixture.run)"
      ).text
  }

  private static let executor = "executor: {container: {image: \"\(Containers.image)\"}}"

  @Test("a step runs by image id, isolated, with the workspace and nothing else")
  func ordinary() async throws {
    try fixture.write("in.txt", "from outside")
    let result = try await go(
      Fixture.stage(
        """
        a:
          run: |
            cat in.txt > out.txt; env | tr '\\n' ' '; ls /sys/class/net
            touch /root.txt 2>/dev/null || echo read-only; touch /tmp/fine
            cat /proc/self/status | tr '\\t' ' '
          outputs: out.txt
          environment: {pass: [SEEN]}
          secrets: {TOKEN: {environment: T}}
          \(Self.executor)
        """))
    let log = fixture.log("s.a.1")
    #expect(result.outcome.word == .succeeded, "\(log)")
    #expect(fixture.text("out.txt") == "from outside")
    #expect(
      log.contains("SEEN=two words") && log.contains("TOKEN=***") && log.contains("HOME=/tmp"))
    #expect(!log.contains("CONTAINERS_CONF") && !log.contains("planted-token"))
    #expect(log.contains("\nread-only\n") && log.contains("lo\n") && !log.contains("eth0"))
    #expect(log.contains("CapEff: 0000000000000000") && log.contains("NoNewPrivs: 1"))
    let report = try #require(fixture.recorder.step("s/a").first)
    #expect(report.executor == "container")
    #expect(report.isolation == .isolated)
    let id = try await Containers.podman(
      "image", "inspect", "--format", "{{.Id}}", Containers.image)
    #expect(report.executorImage == "sha256:" + id.text.trimmingCharacters(in: .newlines))
    #expect(try await left() == "")
  }

  @Test("a failing step, and an image that is not there, are told")
  func failures() async throws {
    let result = try await go(
      Fixture.stage(
        """
        a: {run: "echo oops; exit 6", \(Self.executor)}
        b: {run: x, executor: {container: {image: "localhost/no/such:1"}}}
        """))
    let steps = result.summary.steps
    #expect(steps[0].reason == "the step ended with exit code 6")
    #expect(steps[0].lastLines == ["oops"])
    #expect(
      steps[1].reason
        == "the image \"localhost/no/such:1\" is not on this machine, and a run fetches none")
  }

  @Test("a timeout and an interruption leave no container")
  func ended() async throws {
    let result = try await go(
      Fixture.stage("a: {run: \"trap '' TERM; touch a; sleep 300\", timeout: 3s, \(Self.executor)}")
    )
    #expect(fixture.state(result, "s/a") == .timedOut)
    #expect(fixture.text("a") != nil)
    #expect(try await left() == "")
    let yaml = Fixture.stage("b: {run: \"trap '' TERM; touch b; sleep 300\", \(Self.executor)}")
    let task = Task { try await go(yaml) }
    try await fixture.waitFor("b")
    #expect(try await left() != "")
    task.cancel()
    #expect(try await task.value.outcome.word == .cancelled)
    #expect(try await left() == "")
    #expect(RunCookie(value: fixture.run).processes() == [])
  }

  @Test("a service in a container has its name on the network, and a port of this machine")
  func service() async throws {
    let result = try await go(
      Fixture.stage(
        """
        inside: {run: "echo $WEB_HOST $WEB_PORT", services: [web], \(Self.executor)}
        outside: {run: "echo $WEB_HOST $WEB_PORT", services: [web]}
        """,
        services: """
          web:
            run: "echo up > /tmp/state; trap 'exit 0' TERM; while :; do sleep 0.1; done"
            ports: {WEB_PORT: 8000}
            ready: {run: "cat /tmp/state", interval: 50ms}
            \(Self.executor)
          """))
    #expect(result.outcome.word == .succeeded, "\(result.summary.text)")
    #expect(fixture.log("s.inside.1") == "web 8000\n")
    let words = fixture.log("s.outside.1").split(whereSeparator: \.isWhitespace)
    #expect(words.first == "127.0.0.1")
    #expect((Int(words.last ?? "") ?? 0) > 1023)
    #expect(try await left() == "")
  }

  @Test("leftovers of a killed run are found by their label")
  func leftovers() async throws {
    _ = try await Containers.podman(
      "run", "--detach", "--label", "pratique.run=\(fixture.run)", "--network", "none",
      Containers.image, "sleep", "300")
    #expect(try await left() != "")
    let count = await Leftovers.end(
      run: fixture.run, environment: Containers.environment, usesContainers: true, commands: .live)
    #expect(count == 1)
    #expect(try await left() == "")
  }
}
