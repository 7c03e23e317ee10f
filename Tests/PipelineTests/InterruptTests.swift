import Foundation
import Model
import Pipeline
import Processes
import Synchronization
import Testing

@Suite("Interrupting a run")
struct InterruptTests {
  private let fixture: Fixture
  init() throws { fixture = try Fixture() }

  private var left: [Int32] { RunCookie(value: fixture.run).processes() }

  @Test("ends every child, whatever it did, stops services, and is recorded")
  func cancel() async throws {
    let yaml = Fixture.stage(
      """
      a: {run: "trap '' TERM; touch a; while :; do sleep 0.05; done", services: [web]}
      b: {run: "(setsid sh -c 'trap \\"\\" TERM; touch b; sleep 300' >/dev/null 2>&1 &); sleep 300"}
      c: {run: touch c, needs: a}
      d: {run: touch d, needs: a, when: always}
      """, services: "web: {run: \"touch web; sleep 300\"}")
    let fixture = fixture
    let task = Task { try await fixture.go(yaml) }
    for name in ["a", "b", "web"] { try await fixture.waitFor(name) }
    #expect(left.count >= 3)
    task.cancel()
    let result = try await task.value
    #expect(result.outcome.word == .cancelled)
    #expect(left == [])
    #expect(fixture.text("c") == nil && fixture.text("d") == nil)
    #expect(fixture.recorder.runs.map(\.state) == [.started, .cancelled])
    #expect(fixture.recorder.step("s/a").map(\.outcome) == [.cancelled])
    #expect(fixture.recorder.step("s/b").map(\.outcome) == [.cancelled])
    #expect(
      result.summary.steps.map(\.state) == [.cancelled, .cancelled, .blocked, .blocked])
  }

  @Test("an action is cancelled too, and is not taken for a failure")
  func cancelAction() async throws {
    let started = Mutex(false)
    let deploy = action("environment/deploy") { _ in
      started.withLock { $0 = true }
      try await Task.sleep(for: .seconds(300))
      return ActionOutcome(.passed)
    }
    let fixture = fixture
    let task = Task {
      try await fixture.go(
        Fixture.stage("a: {uses: environment/deploy, with: {environment: p}, retries: 3}"),
        actions: [deploy])
    }
    while !started.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(5)) }
    task.cancel()
    #expect(try await task.value.outcome.word == .cancelled)
    #expect(fixture.recorder.step("s/a").map(\.outcome) == [.cancelled])
  }

  @Test("a service that is not ready yet does not hold it up")
  func cancelService() async throws {
    let fixture = fixture
    let task = Task {
      try await fixture.go(
        Fixture.stage(
          "a: {run: touch a, services: [web]}",
          services: "web: {run: \"touch web; sleep 300\", ready: {run: \"false\", timeout: 1h}}"))
    }
    try await fixture.waitFor("web")
    task.cancel()
    #expect(try await task.value.outcome.word == .cancelled)
    #expect(left == [])
    #expect(fixture.text("a") == nil)
  }

  @Test("a run that goes on ends first what the killed one left")
  func leftovers() async throws {
    var stray = ProcessRun(
      Command(
        "sh", ["-c", "setsid sleep 300 >/dev/null 2>&1 & sleep 0.1"],
        environment: ["PATH": ExecutableSearch.defaultPath]),
      cookie: RunCookie(value: fixture.run).part("s/a/1"))
    stray.endsLeftovers = false
    _ = try await stray.run { _, _ in }
    #expect(left.count == 1)
    let result = try await fixture.go(Fixture.stage("a: {run: \"true\"}")) { $0.isResumed = true }
    #expect(result.outcome.word == .succeeded)
    #expect(left == [])
    #expect(fixture.events.withLock { $0 }.map(\.kind).contains(.leftoversEnded(1)))
  }

  @Test("a daemon that a step leaves is ended with the run")
  func daemon() async throws {
    let result = try await fixture.go(
      Fixture.stage("a: {run: \"setsid sleep 300 >/dev/null 2>&1 &\"}"))
    #expect(result.outcome.word == .succeeded)
    #expect(left == [])
  }
}
