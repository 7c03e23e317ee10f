import Foundation
import Model
import Pipeline
import Synchronization
import Testing

@Suite("Built-in actions")
struct ActionTests {
  private let fixture: Fixture
  init() throws { fixture = try Fixture() }

  private static let image = Subject(name: "image", digest: .sha256(Array("image".utf8)))
  private static let gate = "a: {uses: gate, with: {environment: production}}\n"
  private static let deploy = "a: {uses: environment/deploy, with: {environment: production}}\n"

  @Test("an action's evidence, tools, outputs, log and subjects are kept")
  func ordinary() async throws {
    let build = action("image/build") { context in
      #expect(context.text("containerfile") == "Containerfile")
      #expect(context.subjects == [Fixture.subject])
      #expect(FileManager.default.fileExists(atPath: context.scratch))
      context.log("live line")
      return ActionOutcome(
        .passed,
        evidence: [Evidence(kind: .provenance, subjects: [Self.image], predicate: "provenance")],
        log: "at the end\n", tools: [.init(name: "podman", version: "4")], subjects: [Self.image])
    }
    let result = try await fixture.go(
      Fixture.stage(
        "a: {uses: image/build, with: {containerfile: Containerfile}}\nb: {run: x=1, needs: a}"),
      actions: [build])
    #expect(result.outcome.word == .succeeded)
    let report = try #require(fixture.recorder.step("s/a").first)
    #expect(report.action == "image/build")
    #expect(report.command == [])
    #expect(report.executor == "built-in")
    #expect(report.tools.map(\.name) == ["podman"])
    #expect(fixture.log("s.a.1") == "live line\nat the end\n")
    #expect(fixture.recorder.all[1].map(\.kind) == [.step, .provenance])
    // What needs the build speaks of the image too.
    #expect(fixture.recorder.all[2].first?.subjects == [Fixture.subject, Self.image])
  }

  @Test("an intent is recorded before each attempt of what cannot be repeated")
  func intent() async throws {
    let seen = Mutex<[Bool]>([])
    let recorder = fixture.recorder
    let deploy = action("environment/deploy", effect: "switch the traffic") { context in
      seen.withLock { $0.append(context.hasOpenIntent) }
      #expect(recorder.intents.count == context.attempt)
      return ActionOutcome(
        context.attempt == 1 ? .failed(Problem(.rolledBack, "unhealthy")) : .passed)
    }
    let yaml = Fixture.stage(Self.deploy.replacing("}}", with: "}, retries: 1}"))
    #expect(try await fixture.go(yaml, actions: [deploy]).outcome.word == .succeeded)
    #expect(recorder.intents.map(\.effect) == ["switch the traffic", "switch the traffic"])
    #expect(recorder.all.map { $0.map(\.kind) }[1...4] == [[.intent], [.step], [.intent], [.step]])
    #expect(seen.withLock { $0 } == [false, true])
  }

  @Test("when the intent cannot be recorded the effect does not happen")
  func intentRefused() async throws {
    let fixture = try Fixture(recorder: MemoryRecorder(refusesAfter: 1))
    let hasRun = Mutex(false)
    let deploy = action("environment/deploy", effect: "switch") { _ in
      hasRun.withLock { $0 = true }
      return ActionOutcome(.passed)
    }
    #expect(
      try await fixture.go(Fixture.stage(Self.deploy), actions: [deploy]).outcome.word == .failed)
    #expect(!hasRun.withLock { $0 })
  }

  @Test("an open intent of an earlier run is told to the action")
  func openIntent() async throws {
    let seen = Mutex<[Bool]>([])
    let deploy = action("environment/deploy", effect: "switch") { context in
      seen.withLock { $0.append(context.hasOpenIntent) }
      return ActionOutcome(.passed)
    }
    _ = try await fixture.go(Fixture.stage(Self.deploy), actions: [deploy])
    let key = try #require(fixture.recorder.intents.first?.stepKey)
    _ = try await fixture.go(Fixture.stage(Self.deploy), actions: [deploy]) {
      $0.isResumed = true
      $0.openIntents = [key]
    }
    #expect(seen.withLock { $0 } == [false, true])
  }

  @Test("a gate that waits makes the run wait, and records its decision alone")
  func waiting() async throws {
    let gate = action("gate") { context in
      ActionOutcome(
        .waiting(Problem(.waitingForApproval, "two approvals are missing")),
        evidence: [Evidence(kind: .decision, subjects: context.subjects, predicate: "waiting")])
    }
    let result = try await fixture.go(
      Fixture.stage(
        Self.gate + "b: {run: touch b, needs: a}\nc: {run: touch c, needs: a, when: on-failure}"),
      actions: [gate])
    guard case .waiting(let problem) = result.outcome else { return #expect(Bool(false)) }
    #expect(problem.code == .waitingForApproval)
    #expect(result.summary.steps.map(\.state) == [.waiting, .blocked, .blocked])
    #expect(fixture.recorder.all.map { $0.map(\.kind) } == [[.run], [.decision], [.run]])
    #expect(fixture.recorder.runs.last?.state == .waiting)
    #expect(fixture.text("b") == nil && fixture.text("c") == nil)
  }

  @Test("a gate that refuses fails the run with its own code, and is not tried again")
  func refused() async throws {
    let count = Mutex(0)
    let gate = action("gate") { _ in
      count.withLock { $0 += 1 }
      return ActionOutcome(.failed(Problem(.gateRefused, "a finding is critical")))
    }
    let result = try await fixture.go(Fixture.stage(Self.gate), actions: [gate])
    #expect(result.outcome.problem?.code == .gateRefused)
    #expect(count.withLock { $0 } == 1)
  }

  @Test("what an action throws is the reason of its failure")
  func throwing() async throws {
    struct Planted: Error {}
    let gate = action("gate") { _ in throw Planted() }
    let result = try await fixture.go(Fixture.stage(Self.gate), actions: [gate])
    #expect(result.outcome.problem?.description == "s/a: Planted()")
    #expect(fixture.recorder.step("s/a").first?.outcome == .failed)
  }

  @Test("an action beyond its time is cancelled and told so")
  func timeout() async throws {
    let deploy = action("environment/deploy") { _ in
      try await Task.sleep(for: .seconds(60))
      return ActionOutcome(.passed)
    }
    let result = try await fixture.go(
      Fixture.stage(Self.deploy.replacing("}}", with: "}, timeout: 100ms}")), actions: [deploy])
    #expect(fixture.state(result, "s/a") == .timedOut)
    #expect(
      result.outcome.problem?.message
        == "the action was ended because it took longer than 0.1 seconds")
  }

  @Test("an action that nobody performs stops the run before it begins")
  func unknown() async throws {
    let result = try await fixture.go(Fixture.stage("b: {run: touch b}\n" + Self.gate))
    #expect(result.outcome.problem?.message == "nothing performs the action \"gate\"")
    #expect(fixture.text("b") == nil)
  }
}
