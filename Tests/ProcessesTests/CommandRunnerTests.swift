import Foundation
import Model
import Processes
import Testing

private let environment = ["PATH": ExecutableSearch.defaultPath]

private func shell(
  _ script: String, environment given: [String: String] = environment, input: [UInt8]? = nil,
  timeout: Int64 = 20_000, limit: Int = 1 << 20
) -> Command {
  Command(
    "sh", ["-euc", script], environment: given, input: input, timeoutMilliseconds: timeout,
    outputLimit: limit)
}

@Suite("Running commands")
struct CommandRunnerTests {
  @Test("output, error output and exit code come back apart")
  func streams() async throws {
    let result = try await CommandRunner.live.run(shell("echo out; echo err >&2; exit 3"))
    #expect(result.status == .exited(3))
    #expect(result.text == "out\n")
    #expect(result.errorOutput == Array("err\n".utf8))
  }

  @Test("the environment is exactly what was given")
  func environmentIsExact() async throws {
    setenv("PRATIQUE_PLANTED", "secret", 1)
    let result = try await CommandRunner.live.run(
      Command("env", environment: ["PATH": "/usr/bin:/bin", "ONLY": "this=that"]))
    #expect(
      Set(result.text.split(separator: "\n")) == ["PATH=/usr/bin:/bin", "ONLY=this=that"])
  }

  @Test(
    "a missing program is told before anything runs", arguments: ["no-such-program", "/no/such"])
  func missing(name: String) async {
    let problem = await #expect(throws: Problem.self) {
      try await CommandRunner.live.run(Command(name, environment: environment))
    }
    #expect(problem?.code == .toolMissing)
    #expect(problem?.message.contains("\"\(name)\"") == true)
  }

  @Test("a working directory that is not there is told")
  func directory() async {
    let problem = await #expect(throws: Problem.self) {
      try await CommandRunner.live.run(
        Command("true", environment: environment, directory: "/no/such/folder"))
    }
    #expect(problem?.code == .badInput)
    #expect(problem?.message.contains("/no/such/folder") == true)
  }

  @Test("input reaches the child")
  func input() async throws {
    let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0) }
    let result = try await CommandRunner.live.run(shell("cat", input: bytes))
    #expect(result.output == bytes)
  }

  @Test("a child that does not read its input ends with its own code, and does not end us")
  func unreadInput() async throws {
    let input = [UInt8](repeating: 0x61, count: 4 << 20)
    for _ in 0..<5 {
      let result = try await CommandRunner.live.run(shell("exec <&-; exit 4", input: input))
      #expect(result.status == .exited(4))
    }
  }

  @Test("invalid UTF-8 comes through byte for byte")
  func invalidText() async throws {
    let result = try await CommandRunner.live.run(shell(#"printf '\377\376\000\303'"#))
    #expect(result.output == [0xff, 0xfe, 0x00, 0xc3])
  }

  @Test("too much output is an error, and the child is ended")
  func outputLimit() async {
    let problem = await #expect(throws: Problem.self) {
      try await CommandRunner.live.run(shell("yes", limit: 100_000))
    }
    #expect(problem?.message.contains("100000 bytes") == true)
  }

  @Test("a child that is killed is told as such")
  func signalled() async throws {
    let result = try await CommandRunner.live.run(shell("kill -9 $$"))
    #expect(result.status == .signalled(9))
  }

  @Test("a child that outlives its time is ended")
  func timeout() async throws {
    let result = try await CommandRunner.live.run(shell("echo begun; sleep 60", timeout: 300))
    #expect(result.status == .timedOut)
    #expect(result.text == "begun\n")
  }

  @Test("a name with a zero byte is refused")
  func zeroByte() async {
    await #expect(throws: Problem.self) {
      try await CommandRunner.live.run(Command("echo", ["a\0b"], environment: environment))
    }
  }
}
