import Foundation
import Model
import Pipeline
import Processes
import Reading
import Synchronization
import Testing

/// The actions of the program, as the file may use them.
let vocabulary = PipelineVocabulary(actions: [
  ActionSignature("source/commit"),
  ActionSignature("image/build", parameters: [ActionParameter("containerfile")]),
  ActionSignature(
    "image/scan",
    parameters: [
      ActionParameter("severity", .choice(["low", "high"])),
      ActionParameter("limit", .integer(1...9)),
      ActionParameter("strict", .flag), ActionParameter("ignore", .list),
    ]),
  ActionSignature("release/bind"),
  ActionSignature(
    "environment/deploy", parameters: [ActionParameter("environment", isRequired: true)]),
  ActionSignature(
    "gate", parameters: [ActionParameter("environment", isRequired: true)], isGate: true),
  ActionSignature("phi/scan"), ActionSignature("phi/scan-image"),
])

/// Remembers evidence; can refuse to.
final class MemoryRecorder: Recorder {
  struct Refusal: Error {}
  private let batches = Mutex<[[Evidence]]>([])
  let refusesAfter: Int
  /// What passes before evidence is durable.
  let flush: @Sendable ([Evidence]) async throws -> Void

  init(
    refusesAfter: Int = .max,
    flush: @escaping @Sendable ([Evidence]) async throws -> Void = { _ in }
  ) {
    self.refusesAfter = refusesAfter
    self.flush = flush
  }

  func record(_ evidence: [Evidence]) async throws -> [RecordedEvidence] {
    try Task.checkCancellation()
    try await flush(evidence)
    try batches.withLock {
      guard $0.count < refusesAfter else { throw Refusal() }
      $0.append(evidence)
    }
    return evidence.map { RecordedEvidence(kind: $0.kind, index: 0, envelope: .sha256([])) }
  }

  var all: [[Evidence]] { batches.withLock { $0 } }
  var evidence: [Evidence] { all.flatMap { $0 } }
  var steps: [StepReport] { evidence.compactMap { $0.predicate as? StepReport } }
  var runs: [RunReport] { evidence.compactMap { $0.predicate as? RunReport } }
  var intents: [Intent] { evidence.compactMap { $0.predicate as? Intent } }
  func step(_ id: String) -> [StepReport] { steps.filter { "\($0.stage)/\($0.step)" == id } }
  func completed() -> [Digest: StepReport] {
    Dictionary(steps.filter { $0.outcome == .passed }.map { ($0.stepKey, $0) }) { $1 }
  }
}

/// A workspace and everything around it, removed at the end.
final class Fixture: Sendable {
  let root: String
  let recorder: MemoryRecorder
  let events = Mutex<[ProgressEvent]>([])
  let run = "test-" + UUID().uuidString.lowercased()
  static let subject = Subject(
    name: "commit", digest: .sha256(Array("commit".utf8)))

  init(recorder: MemoryRecorder = MemoryRecorder()) throws {
    self.recorder = recorder
    root =
      FileManager.default.temporaryDirectory.appending(path: "pratique-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(
      atPath: workspace, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  var workspace: String { root + "/workspace" }
  var scratch: String { root + "/scratch" }

  func write(_ path: String, _ text: String) throws {
    let url = URL(filePath: "\(workspace)/\(path)")
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  func text(_ path: String) -> String? {
    try? String(contentsOfFile: "\(workspace)/\(path)", encoding: .utf8)
  }

  func log(_ name: String) -> String {
    (try? String(contentsOfFile: "\(scratch)/logs/\(name).log", encoding: .utf8)) ?? ""
  }

  /// A pipeline of one stage `s`.
  static func stage(_ steps: String, services: String = "") -> String {
    """
    version: 1
    application: {name: app}
    \(services.isEmpty ? "" : "services:\n" + indented(services, 2))
    stages:
      s:
        steps:
    \(indented(steps, 6))
    """
  }

  static func indented(_ text: String, _ count: Int) -> String {
    let margin = String(repeating: " ", count: count)
    return text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "" : margin + $0 }.joined(separator: "\n")
  }

  func request(_ yaml: String) throws -> RunRequest {
    var request = RunRequest(
      run: run,
      definition: try PipelineDefinition.read(
        Array(yaml.utf8), file: "pratique.yaml", vocabulary: vocabulary),
      subjects: [Self.subject], workspace: workspace, scratch: scratch,
      environment: ProcessInfo.processInfo.environment)
    request.graceMilliseconds = 200
    return request
  }

  func services(_ actions: [StepAction] = []) -> RunServices {
    var services = RunServices(recorder: recorder) { report in
      if report.bytes.starts(with: Array("broken".utf8)) {
        throw Problem(.badInput, "it is broken")
      }
      let totals = TestTotals(passed: 1, failed: 0, errors: 0, skipped: 0)
      let source = ReportSource(
        tool: "test", toolVersion: "1", format: report.definition.format,
        report: .sha256(report.bytes), feed: nil)
      return [
        Evidence(
          kind: report.definition.kind, subjects: report.subjects,
          predicate: TestResult(
            application: report.application, run: report.run,
            time: Instant(milliseconds: 0), suite: report.definition.suite ?? "", totals: totals,
            passedTests: [], failedTests: [],
            source: source))
      ]
    }
    services.actions = actions
    services.progress = { event in self.events.withLock { $0.append(event) } }
    return services
  }

  func go(
    _ yaml: String, actions: [StepAction] = [], _ change: (inout RunRequest) -> Void = { _ in }
  ) async throws -> RunResult {
    var request = try request(yaml)
    change(&request)
    return await Runner(request, services(actions)).run()
  }

  func state(_ result: RunResult, _ step: String) -> StepSummary.State? {
    result.summary.steps.first { $0.step == step }?.state
  }

  func waitFor(_ path: String) async throws {
    for _ in 0..<4_000 where !FileManager.default.fileExists(atPath: "\(workspace)/\(path)") {
      try await Task.sleep(for: .milliseconds(5))
    }
    try #require(FileManager.default.fileExists(atPath: "\(workspace)/\(path)"))
  }
}

func action(
  _ name: String, effect: String? = nil,
  _ run: @escaping @Sendable (StepContext) async throws -> ActionOutcome
) -> StepAction {
  let signature = vocabulary.actions.first { $0.name == name } ?? ActionSignature(name)
  return StepAction(
    signature, effect: effect.map { text in { @Sendable _ in text } }, run: run)
}
