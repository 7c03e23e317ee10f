import Foundation
import Model
import Pipeline
import Processes
import Synchronization
import Testing

@Suite("Services")
struct ServiceTests {
  private let fixture: Fixture
  init() throws { fixture = try Fixture() }

  private var left: [Int32] { RunCookie(value: fixture.run).processes() }

  @Test("are ready before the first step that needs them, one for all, and stop after the last")
  func ordinary() async throws {
    let yaml = Fixture.stage(
      """
      a: {run: "grep -q up state", services: [web]}
      b: {run: "grep -q up state", services: [web], needs: a}
      c: {run: "[ ! -e state ]", needs: b}
      d: {run: "true"}
      """,
      services: """
        web:
          run: "trap 'rm state; exit 0' TERM; echo one >> starts; sleep 0.3; echo up > state; while :; do sleep 0.02; done"
          ready: {run: "grep -q up state", interval: 20ms, timeout: 20s}
        """)
    let result = try await fixture.go(yaml)
    #expect(result.outcome.word == .succeeded, "\(result.summary.text)")
    #expect(fixture.text("starts") == "one\n")
    #expect(left == [])
    let kinds = fixture.events.withLock { $0 }.map(\.kind)
    #expect(kinds.filter { $0 == .serviceStarted("web") }.count == 1)
    #expect(kinds.filter { $0 == .serviceStopped("web") }.count == 1)
  }

  @Test("get a free port of their own, which steps are told")
  func ports() async throws {
    let yaml = Fixture.stage(
      "a: {run: \"echo $PORT $WEB_HOST; [ $PORT = $(cat port) ]\", services: [web]}",
      services: """
        web:
          run: "echo $PORT > port; sleep 300"
          ports: {PORT: auto}
          ready: {run: "[ -s port ]", interval: 20ms}
        """)
    let result = try await fixture.go(yaml)
    #expect(result.outcome.word == .succeeded)
    let words = fixture.log("s.a.1").split(whereSeparator: \.isWhitespace)
    #expect((Int(words.first ?? "") ?? 0) > 1023)
    #expect(words.last == "127.0.0.1")
    let names = fixture.recorder.step("s/a").first?.variables ?? []
    #expect(names.contains("PORT") && names.contains("WEB_HOST"))
  }

  @Test(
    "that end, or are never ready, fail the step with their own words",
    arguments: [
      (
        "echo no disk; exit 4", "30s",
        "the service \"web\" is not ready: it ended with exit code 4; it said: no disk"
      ),
      ("sleep 300", "1s", "the service \"web\" was not ready within 1 seconds"),
    ])
  func notReady(script: String, timeout: String, message: String) async throws {
    let result = try await fixture.go(
      Fixture.stage(
        "a: {run: touch a, services: [web]}\nb: {run: touch b}",
        services:
          "web: {run: \"\(script)\", ready: {run: \"false\", interval: 50ms, timeout: \(timeout)}}")
    )
    #expect(result.outcome.problem?.description == "s/a: \(message)")
    #expect(fixture.text("a") == nil)
    #expect(fixture.text("b") != nil)
    #expect(left == [])
    #expect(fixture.recorder.step("s/a").map(\.outcome) == [.failed])
  }

  @Test("are not started for steps that do not run, and stop when what needs them is held back")
  func unused() async throws {
    let yaml = Fixture.stage(
      """
      a: {run: "true", services: [idle], when: {branch: main}}
      b: {run: "exit 1", services: [web]}
      c: {run: "true", services: [web], needs: b}
      d: {run: "[ ! -e web ]", needs: b, when: always, timeout: 20s}
      """,
      services: """
        idle: {run: touch idle}
        web: {run: "trap 'rm web; exit' TERM; touch web; while :; do sleep 0.02; done", ready: {run: "[ -e web ]"}}
        """)
    let result = try await fixture.go(yaml) { $0.concurrency = 1 }
    #expect(result.summary.steps.map(\.state) == [.skipped, .failed, .blocked, .passed])
    #expect(fixture.text("idle") == nil)
    #expect(left == [])
  }

  @Test("have their output masked in a log of their own")
  func log() async throws {
    let yaml = Fixture.stage(
      "a: {run: \"while [ ! -e said ]; do sleep 0.01; done\", services: [web], timeout: 20s}",
      services: """
        web:
          run: "echo pass $TOKEN; sleep 0.1; touch said; sleep 300"
          secrets: {TOKEN: {environment: T}}
        """)
    _ = try await fixture.go(yaml) { $0.environment["T"] = "planted-token" }
    #expect(fixture.log("service.web") == "pass ***\n")
  }
}
