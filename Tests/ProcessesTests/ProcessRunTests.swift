import Foundation
import Model
import Processes
import Synchronization
import Testing

private final class Collected: Sendable {
  let bytes = Mutex<[UInt8]>([])
  @Sendable func take(_ stream: ProcessRun.Stream, _ more: [UInt8]) {
    bytes.withLock { $0 += more }
  }
  var text: String { String(decoding: bytes.withLock { $0 }, as: UTF8.self) }
  func waitFor(_ word: String) async throws {
    for _ in 0..<2_000 where !text.contains(word) { try await Task.sleep(for: .milliseconds(5)) }
    try #require(text.contains(word), "the child never said \(word)")
  }
}

private struct PlantedError: Error {}

/// Tests that end processes; each has a cookie of its own and counts what is left of it.
@Suite("Ending processes")
struct ProcessRunTests {
  private let cookie = RunCookie.random()

  private func run(
    _ script: String, timeout: Int64 = 30_000, grace: Int64 = 200
  ) -> ProcessRun {
    ProcessRun(
      Command(
        "sh", ["-uc", script], environment: ["PATH": ExecutableSearch.defaultPath],
        timeoutMilliseconds: timeout),
      cookie: cookie, graceMilliseconds: grace)
  }

  /// A child says `ready` when it stands, so that what is tested is there when it is ended.
  private static let stubborn = "trap '' TERM; echo ready; while :; do sleep 0.05; done"
  private static let daemon =
    "(setsid sh -c 'trap \"\" TERM; sleep 300' </dev/null >/dev/null 2>&1 &); sleep 0.1; "
    + "echo ready; sleep 300"
  private static let session = "setsid sh -c 'trap \"\" TERM HUP; echo ready; sleep 300' & wait"

  @Test(
    "what ignores SIGTERM, forks twice or takes a session of its own is ended by a timeout",
    arguments: [stubborn, daemon, session])
  func timeout(script: String) async throws {
    let collected = Collected()
    let status = try await run(script, timeout: 1_500).run(collected.take)
    #expect(status == .timedOut)
    #expect(collected.text == "ready\n")
    #expect(cookie.processes() == [])
  }

  @Test("the same by cancelling", arguments: [stubborn, daemon, session])
  func cancel(script: String) async throws {
    let collected = Collected()
    let task = Task { try await run(script).run(collected.take) }
    try await collected.waitFor("ready")
    #expect(!cookie.processes().isEmpty)
    task.cancel()
    let problem = await #expect(throws: Problem.self) { try await task.value }
    #expect(problem?.code == .cancelled)
    #expect(cookie.processes() == [])
  }

  @Test("last words after SIGTERM are heard")
  func lastWords() async throws {
    let collected = Collected()
    let task = Task {
      try await run("trap 'echo bye; exit' TERM; echo ready; sleep 60 & wait", grace: 5_000)
        .run(collected.take)
    }
    try await collected.waitFor("ready")
    task.cancel()
    _ = await task.result
    #expect(collected.text == "ready\nbye\n")
  }

  @Test("a task that is cancelled already starts nothing")
  func cancelledBefore() async throws {
    let marker = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await run("touch \(marker)").run { _, _ in }
    }
    await #expect(throws: Problem.self) { try await task.value }
    #expect(!FileManager.default.fileExists(atPath: marker))
  }

  @Test("background children of a step that ended are ended with it")
  func background() async throws {
    let status = try await run("sleep 300 & exit 0").run { _, _ in }
    #expect(status == .exited(0))
    for _ in 0..<200 where !cookie.processes().isEmpty {
      try await Task.sleep(for: .milliseconds(5))
    }
    #expect(cookie.processes() == [])
  }

  @Test("a stranger who holds the pipe and writes for ever does not hold us")
  func endlessWriter() async throws {
    let status = try await run("setsid yes & sleep 0.1; exit 7", timeout: 20_000).run { _, _ in }
    #expect(status == .exited(7))
    await cookie.endLeftovers()
    #expect(cookie.processes() == [])
  }

  @Test("100 MB come through whole, in the order written")
  func large() async throws {
    let sum = Mutex<(count: Int, last: UInt8)>((0, 0))
    let status = try await run("head -c 100000000 /dev/zero; printf x").run { _, bytes in
      sum.withLock { $0 = ($0.count + bytes.count, bytes.last ?? $0.last) }
    }
    #expect(status == .exited(0))
    #expect(sum.withLock { $0.count } == 100_000_001)
    #expect(sum.withLock { $0.last } == 0x78)
  }

  @Test("merged streams keep the order of writing")
  func merged() async throws {
    let collected = Collected()
    _ = try await run("for i in 1 2 3; do echo o$i; echo e$i >&2; done").run(collected.take)
    #expect(collected.text == "o1\ne1\no2\ne2\no3\ne3\n")
  }

  @Test("a receiver that throws ends the child at once, and its error comes out")
  func receiverThrows() async throws {
    await #expect(throws: PlantedError.self) {
      try await run("echo x; trap '' TERM; sleep 300", grace: 60_000).run { _, _ in
        throw PlantedError()
      }
    }
    #expect(cookie.processes() == [])
  }

  @Test("a child that closes its output and goes on is waited for")
  func closedOutput() async throws {
    let status = try await run("exec >&- 2>&-; sleep 0.3; exit 9").run { _, _ in }
    #expect(status == .exited(9))
  }

  @Test("a resumed run finds what a killed one left, parts included, and nothing else")
  func leftovers() async throws {
    let other = RunCookie(value: cookie.value + "x")
    func leave(_ cookie: RunCookie) async throws {
      var run = run("setsid sleep 300 >/dev/null 2>&1 & sleep 0.1")
      run.cookie = cookie
      run.endsLeftovers = false
      _ = try await run.run { _, _ in }
    }
    try await leave(cookie.part("build/unit"))
    try await leave(other)
    #expect(cookie.processes().count == 1)
    #expect(await RunCookie(value: cookie.value).endLeftovers() == 1)
    #expect(other.processes().count == 1)
    #expect(await other.endLeftovers() == 1)
  }

  @Test("one run's timeout leaves its neighbour alone")
  func neighbours() async throws {
    async let slow = run("sleep 1; echo done").run { _, _ in }
    var short = run("sleep 60", timeout: 200)
    short.cookie = cookie.part("short")
    #expect(try await short.run { _, _ in } == .timedOut)
    #expect(try await slow == .exited(0))
  }
}
