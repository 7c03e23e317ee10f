import Foundation
import Model
import Pipeline
import Synchronization
import Testing

@Suite("A run that goes on")
struct ResumeTests {
  private let fixture: Fixture
  init() throws { fixture = try Fixture() }

  private static let yaml = Fixture.stage(
    """
    a: {run: "echo a >> ran; echo out > a.txt", outputs: a.txt}
    b: {run: "echo b >> ran; [ -e ok ]", needs: a}
    c: {run: "echo c >> ran", needs: b}
    d: {run: "echo d >> ran", inputs: in.txt}
    """)

  private func resume(
    _ yaml: String = yaml, _ actions: [StepAction] = [],
    change: (inout RunRequest) -> Void = { _ in }
  ) async throws -> RunResult {
    let completed = fixture.recorder.completed()
    return try await fixture.go(yaml, actions: actions) {
      $0.isResumed = true
      $0.completed = completed
      change(&$0)
    }
  }

  private func first() async throws {
    try fixture.write("in.txt", "1")
    let result = try await fixture.go(Self.yaml) { $0.concurrency = 1 }
    #expect(result.outcome.word == .failed)
    try fixture.write("ok", "")
    try FileManager.default.removeItem(atPath: fixture.workspace + "/ran")
  }

  @Test("does what is left, and nothing twice")
  func ordinary() async throws {
    try await first()
    let result = try await resume()
    #expect(result.outcome.word == .succeeded)
    #expect(result.summary.steps.map(\.state) == [.alreadyDone, .passed, .passed, .alreadyDone])
    #expect(fixture.text("ran") == "b\nc\n")
    #expect(fixture.recorder.step("s/a").count == 1)
    #expect(fixture.recorder.runs.map(\.state) == [.started, .failed, .resumed, .succeeded])
    try FileManager.default.removeItem(atPath: fixture.workspace + "/ran")
    let again = try await resume()
    #expect(again.summary.steps.allSatisfy { $0.state == .alreadyDone })
    #expect(fixture.text("ran") == nil)
  }

  @Test("does again what lost an output, and all that rests on it", arguments: ["", "changed"])
  func lostOutput(text: String) async throws {
    try await first()
    _ = try await resume()
    try FileManager.default.removeItem(atPath: fixture.workspace + "/ran")
    try FileManager.default.removeItem(atPath: fixture.workspace + "/a.txt")
    if !text.isEmpty { try fixture.write("a.txt", text) }
    let result = try await resume()
    #expect(result.summary.steps.map(\.state) == [.passed, .passed, .passed, .alreadyDone])
    #expect(fixture.text("ran") == "a\nb\nc\n")
  }

  @Test("does again a step whose input, definition, subject or environment changed")
  func changed() async throws {
    try await first()
    _ = try await resume()
    try fixture.write("in.txt", "2")
    #expect(fixture.state(try await resume(), "s/d") == .passed)
    let defined = Self.yaml.replacing("echo d >>", with: "echo  d >>")
    #expect(fixture.state(try await resume(defined), "s/d") == .passed)
    let environment = Self.yaml.replacing(
      "inputs: in.txt", with: "inputs: in.txt, environment: {pass: [LANGUAGE]}")
    #expect(fixture.state(try await resume(environment), "s/d") == .passed)
    let subject = Subject(name: "commit", digest: .sha256([1]))
    let other = try await resume { $0.subjects = [subject] }
    #expect(other.summary.steps.allSatisfy { $0.state == .passed })
    #expect(fixture.state(try await resume(), "s/d") == .alreadyDone)
  }

  @Test("never skips a gate")
  func gate() async throws {
    let count = Mutex(0)
    let gate = action("gate") { _ in
      count.withLock { $0 += 1 }
      return ActionOutcome(.passed)
    }
    let yaml = Fixture.stage(
      "g: {uses: gate, with: {environment: p}}\nb: {run: echo b >> ran, needs: g}")
    _ = try await fixture.go(yaml, actions: [gate])
    let result = try await resume(yaml, [gate])
    #expect(count.withLock { $0 } == 2)
    // What came after the gate is judged anew with it.
    #expect(result.summary.steps.map(\.state) == [.passed, .passed])
  }

  @Test("an action that was done is asked for what it added, and runs when that is gone")
  func restore() async throws {
    let image = Subject(name: "image", digest: .sha256([7]))
    let count = Mutex(0)
    let isThere = Mutex(true)
    let build = StepAction(
      ActionSignature("image/build", parameters: []),
      restore: { _, report in
        #expect(report.action == "image/build")
        return isThere.withLock { $0 } ? [image] : nil
      },
      run: { _ in
        count.withLock { $0 += 1 }
        return ActionOutcome(.passed, subjects: [image])
      })
    let yaml = Fixture.stage("i: {uses: image/build}\nb: {run: \"[ -e ok ]\", needs: i}")
    _ = try await fixture.go(yaml, actions: [build])
    _ = try await resume(yaml, [build])
    #expect(count.withLock { $0 } == 1)
    let evidence = fixture.recorder.evidence.last { $0.kind == .step }
    #expect(evidence?.subjects == [Fixture.subject, image])
    isThere.withLock { $0 = false }
    _ = try await resume(yaml, [build])
    #expect(count.withLock { $0 } == 2)
  }
}
