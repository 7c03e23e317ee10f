import Foundation
import Model
import Pipeline
import Reading
import Synchronization
import Testing

@Suite("Reports and recording")
struct ReportTests {
  private let fixture: Fixture
  init() throws { fixture = try Fixture() }

  private static let report = "{path: out.xml, format: junit, kind: test-result, suite: unit}"

  @Test("a report becomes evidence in the same call as its step")
  func collected() async throws {
    let result = try await fixture.go(
      Fixture.stage("a: {run: echo fine > out.xml, reports: [\(Self.report)]}"))
    #expect(result.outcome.word == .succeeded)
    #expect(fixture.recorder.all.map { $0.map(\.kind) } == [[.run], [.step, .testResult], [.run]])
  }

  @Test("a failed step's report is evidence too")
  func failed() async throws {
    _ = try await fixture.go(
      Fixture.stage("a: {run: echo fine > out.xml; exit 1, reports: [\(Self.report)]}"))
    #expect(fixture.recorder.all[1].map(\.kind) == [.step, .testResult])
    #expect(fixture.recorder.step("s/a").first?.outcome == .failed)
  }

  @Test(
    "a report that is missing, wrong or a link fails a step that passed",
    arguments: [
      ("true", "no file matches \"out.xml\""), ("echo broken > out.xml", "it is broken"),
      ("ln -s /etc/passwd out.xml", "\"out.xml\" is a symbolic link, which is not followed"),
    ])
  func wrong(script: String, reason: String) async throws {
    let result = try await fixture.go(
      Fixture.stage("a: {run: \"\(script)\", reports: [\(Self.report)]}"))
    #expect(
      result.outcome.problem?.message == "the report \"out.xml\" is wrong: \(reason)")
    #expect(fixture.recorder.step("s/a").first?.outcome == .failed)
  }

  @Test("a report that lay there before the step, or before its second attempt, is none")
  func stale() async throws {
    try fixture.write("out.xml", "fine")
    let result = try await fixture.go(
      Fixture.stage("a: {run: \"true\", reports: [\(Self.report)]}"))
    #expect(
      result.outcome.problem?.message == "the report \"out.xml\" is wrong: it lay there before the "
        + "step, which did not write it")
    #expect(fixture.recorder.evidence.allSatisfy { $0.kind != .testResult })
    let again = try await fixture.go(
      Fixture.stage(
        "a: {run: \"[ -e once ] || { echo x > out.xml; touch once; exit 1; }\", retries: 1, reports: [\(Self.report)]}"
      ))
    #expect(again.outcome.word == .failed)
    #expect(fixture.recorder.evidence.count { $0.kind == .testResult } == 1)
    let rewritten = try await fixture.go(
      Fixture.stage("a: {run: cp out.xml o; cat o > out.xml, reports: [\(Self.report)]}"))
    #expect(rewritten.outcome.word == .succeeded)
  }

  @Test("report.json beside a report goes with it, when the step wrote it")
  func statements() async throws {
    let collected = Mutex<[String: String?]>([:])
    var services = fixture.services()
    services.collect = { report in
      let text = report.statement.map { String(decoding: $0, as: UTF8.self) }
      collected.withLock { $0[report.path] = text }
      #expect(report.application == "app" && !report.run.isEmpty)
      return []
    }
    for folder in ["a", "b", "c"] {
      try FileManager.default.createDirectory(
        atPath: "\(fixture.workspace)/\(folder)", withIntermediateDirectories: true)
    }
    try fixture.write("b/report.json", "old")
    let script =
      "echo 1 > a/r.xml; printf new > a/report.json; echo 1 > b/r.xml; echo 1 > c/report.json"
    let kind = "format: junit, kind: test-result, suite: unit"
    let request = try fixture.request(
      Fixture.stage(
        "a: {run: \"\(script)\", reports: [{path: a/*, \(kind)}, {path: b/r.xml, \(kind)},"
          + " {path: c/report.json, \(kind)}]}"))
    #expect(await Runner(request, services).run().outcome.word == .succeeded)
    #expect(
      collected.withLock { $0 } == ["a/r.xml": "new", "b/r.xml": nil, "c/report.json": nil])
    // A link is followed nowhere.
    let link = try fixture.request(
      Fixture.stage(
        "l: {run: \"echo 1 > r.xml; ln -s a/report.json report.json\","
          + " reports: [{path: r.xml, \(kind)}]}"))
    #expect(
      await Runner(link, services).run().outcome.problem?.message.contains("symbolic link") == true)
  }

  @Test("a step is announced only after its evidence is durable")
  func order() async throws {
    let recorder = fixture.recorder
    var services = fixture.services()
    let fixture = fixture
    services.progress = { event in
      if case .stepFinished(let summary) = event.kind {
        #expect(recorder.step(summary.step).count == 1)
      }
      fixture.events.withLock { $0.append(event) }
    }
    let request = try fixture.request(Fixture.stage("a: {run: \"true\"}\nb: {run: \"true\"}"))
    #expect(await Runner(request, services).run().outcome.word == .succeeded)
    #expect(fixture.events.withLock { $0.count } == 6)
  }

  @Test("when evidence cannot be recorded nothing goes on, and nothing is called done")
  func refusal() async throws {
    let fixture = try Fixture(recorder: MemoryRecorder(refusesAfter: 2))
    let result = try await fixture.go(
      Fixture.stage("a: {run: touch a}\nb: {run: touch b, needs: a}\nc: {run: touch c, needs: b}"))
    #expect(result.outcome.word == .failed)
    #expect(result.summary.steps.map(\.state) == [.passed, .failed, .blocked])
    #expect(fixture.text("c") == nil)
  }

  @Test("when the beginning cannot be recorded nothing begins")
  func refusalAtOnce() async throws {
    let fixture = try Fixture(recorder: MemoryRecorder(refusesAfter: 0))
    let result = try await fixture.go(Fixture.stage("a: {run: touch a}"))
    #expect(result.outcome.word == .failed)
    #expect(fixture.text("a") == nil)
  }

  @Test("a log that cannot be kept fails its step")
  func keepLog() async throws {
    var services = fixture.services()
    services.keepLog = { _, _ in throw Problem(.badInput, "the log holds health information") }
    let request = try fixture.request(Fixture.stage("a: {run: echo x}"))
    let result = await Runner(request, services).run()
    #expect(result.outcome.problem?.message == "the log holds health information")
    #expect(fixture.recorder.step("s/a").first?.outcome == .failed)
  }

  @Test("progress is plain lines; the summary fits one screen and is JSON")
  func words() async throws {
    let many = (0..<60).map { "t\($0): {run: \"true\"}" } + ["bad: {run: echo last words; exit 1}"]
    let result = try await fixture.go(Fixture.stage(many.joined(separator: "\n")))
    #expect(
      result.summary.text.split(separator: "\n", omittingEmptySubsequences: false).count <= 24)
    #expect(result.summary.text.contains("s/bad  failed"))
    #expect(result.summary.text.hasSuffix("61 steps: 1 failed, 60 passed"))
    let json = try CanonicalJSON.write(result.summary)
    let back = try JSONReader.read(json)
    #expect(back["outcome"] == .string("failed"))
    #expect(back["steps"]?[60]?["lastLines"] == .array([.string("last words")]))
    let failed = try #require(
      fixture.events.withLock { $0 }.map(ProgressLine.text).first { $0.contains("FAILED") })
    #expect(failed.split(separator: "\n").count == 3)
    #expect(failed.contains("s/bad FAILED after"))
    #expect(failed.contains("    | last words"))
  }
}
