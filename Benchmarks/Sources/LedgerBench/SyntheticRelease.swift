import Foundation
import Model

/// What one run records, from the commit to production; every tenth ends with a failed test.
struct SyntheticRelease {
  /// One fact that waits to be signed.
  struct Fact {
    let kind: EvidenceKind
    let subjects: [Subject]
    let actor: String
    let time: Instant
    let predicate: any Encodable & Sendable
  }

  static let steps = 84
  /// Entries of a run that reaches production.
  static let entries = steps + 15

  let number: Int
  let begun: Instant
  private let commit: Subject
  private let image: Subject
  private let release: Release
  private let run: String

  init(number: Int, begun: Instant) {
    self.number = number
    self.begun = begun
    let hex = Digest.sha256("\(number)".utf8).hex
    commit = Subject(
      name: "commit",
      digest: Digest(.gitCommit, hex: hex.prefix(40)) ?? .sha256("commit \(number)".utf8))
    image = Subject(name: "image", digest: .sha256("image \(number)".utf8))
    release = Release(
      application: "application-\(number % AuditLedger.applications)",
      version: "1.\(number).0-\(hex.prefix(7))", origin: .built, commit: commit, image: image,
      imageConfig: .sha256("config \(number)".utf8))
    run = "\(begun.date.filter { $0 != "-" })-\(number)"
  }

  var isFailed: Bool { number % 10 == 9 }

  /// The facts, in the order in which they are recorded.
  var facts: [Fact] {
    var facts: [Fact] = []
    func add(
      _ kind: EvidenceKind, _ predicate: any Encodable & Sendable, _ subjects: [Subject],
      by actor: String = "pipeline"
    ) {
      facts.append(
        Fact(
          kind: kind, subjects: subjects, actor: actor,
          time: begun.advanced(byMilliseconds: Int64(facts.count) * 2_000), predicate: predicate))
    }
    add(.run, report(.started), [commit])
    add(.sourceCheck, source, [commit])
    for step in 0..<Self.steps {
      add(.step, self.step(step), step < 40 ? [commit] : [image, commit])
    }
    add(.testResult, tests("unit", failed: 0), [commit])
    add(.testResult, tests("integration", failed: isFailed ? 3 : 0), [commit])
    guard !isFailed else {
      add(.run, report(.failed), [commit])
      return facts
    }
    add(.vulnerabilityScan, scan("vulnerability", tool: "trivy", high: number % 3), [image])
    add(.staticAnalysis, scan("code", tool: "semgrep", high: 0), [commit])
    add(.inventory, ["application": release.application, "run": run], [image])
    add(.release, release, release.subjects)
    add(.decision, decision("staging"), release.subjects)
    add(.rollout, rollout("staging"), release.subjects)
    for person in ["ana", "ben"] { add(.approval, approval(person), release.subjects, by: person) }
    add(.decision, decision("production"), release.subjects)
    add(.rollout, rollout("production"), release.subjects)
    add(.run, report(.succeeded), [commit])
    return facts
  }

  private func report(_ state: RunReport.State) -> RunReport {
    RunReport(
      run: run, application: release.application, state: state, definition: .sha256("yaml".utf8),
      time: begun, reason: state == .failed ? "a test failed" : nil)
  }

  private func step(_ step: Int) -> [String: JSONText] {
    [
      "application": .text(release.application), "attempt": .number(1),
      "command": .list([.text("make"), .text("check-\(step)")]), "executor": .text("process"),
      "exitCode": .number(0), "finishedAt": .text(begun.description), "inputs": .list([]),
      "isolation": .text("isolated"),
      "log": .members([
        "bytes": .number(120), "digest": .text(Digest.sha256("log".utf8).description),
        "path": .text("log"),
      ]), "outcome": .text("passed"), "outputs": .list([]), "run": .text(run),
      "stage": .text("stage-\(step / 12)"), "startedAt": .text(begun.description),
      "step": .text("step-\(step)"),
      "stepKey": .text(Digest.sha256("\(number) \(step)".utf8).description),
      "tools": .list([.members(["name": .text("make"), "version": .text("4.3")])]),
      "variables": .list([.text("HOME"), .text("LANG"), .text("PATH")]),
    ]
  }

  private var source: [String: JSONText] {
    [
      "application": .text(release.application), "author": .text("ana"),
      "commit": .text(commit.digests[0].hex),
      "export": .text(Digest.sha256("tree".utf8).description),
      "isCommitterMatched": .flag(true), "isSigned": .flag(true),
      "reason": .text("the signature verifies"), "run": .text(run), "signer": .text("ana"),
    ]
  }

  private func tests(_ suite: String, failed: Int) -> [String: JSONText] {
    let passed = (0..<120).map { JSONText.text("suite.\(suite).test-\($0)") }
    return [
      "configuration": .list([]), "failedTests": .list(passed.suffix(failed)),
      "passedTests": .list(Array(passed.dropLast(failed))),
      "result": .text(failed == 0 ? "PASSED" : "FAILED"),
      "urn:pratique:application": .text(release.application), "urn:pratique:run": .text(run),
      "urn:pratique:source": toolSource("junit"), "urn:pratique:suite": .text(suite),
      "urn:pratique:totals": .members([
        "errors": .number(0), "failed": .number(failed), "passed": .number(120 - failed),
        "skipped": .number(0),
      ]), "warnedTests": .list([]),
    ]
  }

  private func scan(_ scope: String, tool: String, high: Int) -> [String: JSONText] {
    [
      "application": .text(release.application), "findings": .list([]), "run": .text(run),
      "scope": .text(scope), "source": toolSource(tool),
      "totals": .members([
        "critical": .number(0), "high": .number(high), "low": .number(4), "medium": .number(2),
        "none": .number(0), "unknown": .number(0),
      ]),
    ]
  }

  private func toolSource(_ tool: String) -> JSONText {
    .members([
      "format": .text(tool), "report": .text(Digest.sha256(tool.utf8).description),
      "tool": .text(tool), "toolVersion": .text("1.0"),
    ])
  }

  private func decision(_ environment: String) -> [String: Decision] {
    let reference = EvidenceReference(
      kind: .testResult, index: 0, envelope: .sha256("envelope".utf8), signer: "pipeline",
      time: begun)
    let controls = (0..<24).map { place in
      ControlResult(
        control: "hipaa.164.312.\(place)", citation: "45 CFR 164.312(\(place))",
        title: "A control of the catalog", scope: "release", isRequired: true,
        producer: "the pipeline", state: .met,
        checks: [
          CheckResult(
            check: "check-\(place)", state: .met, reason: "the evidence shows it, passed entirely",
            fix: nil, evidence: [reference, reference], earlierFailures: [])
        ])
    }
    return [
      "urn:pratique:decision:v1": Decision(
        environment: environment, release: release,
        policy: PolicyReference(name: "hospital", version: "3", digest: .sha256("policy".utf8)),
        ledger: LedgerPosition(origin: "bench.audit", size: 1, root: .sha256("root".utf8)),
        time: begun, timeSource: "system clock", outcome: .allowed, reasons: [],
        controls: controls, approvals: [], rejectedApprovals: [],
        evidenceSet: (0..<20).map { .sha256("\($0)".utf8) })
    ]
  }

  private func approval(_ person: String) -> [String: JSONText] {
    [
      "application": .text(release.application), "environment": .text("production"),
      "evidenceSet": .list((0..<20).map { .text(Digest.sha256("\($0)".utf8).description) }),
      "person": .text(person), "policy": .text(Digest.sha256("policy".utf8).description),
      "reason": .text("reviewed with the ward"),
      "release": .list(release.digests.map { .text($0.description) }),
      "role": .text("clinical-lead"), "time": .text(begun.description),
      "verdict": .text("approved"),
    ]
  }

  private func rollout(_ environment: String) -> RolloutReport {
    RolloutReport(
      environment: environment, application: release.application, version: release.version,
      image: image.digests[0], previousImage: nil, previousVersion: nil, strategy: "blue-green",
      outcome: number % 40 == 7 ? .rolledBack : .released, reason: nil, startedAt: begun,
      finishedAt: begun, requests: .init(served: 1_000, lost: 0, serverErrors: 0),
      events: (0..<10).map { .init(time: begun, message: "event \($0)") }, translations: [])
  }
}

/// A JSON value that predicates are made of.
indirect enum JSONText: Encodable, Sendable {
  case text(String)
  case number(Int)
  case flag(Bool)
  case list([JSONText])
  case members([String: JSONText])

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let text): try container.encode(text)
    case .number(let number): try container.encode(number)
    case .flag(let flag): try container.encode(flag)
    case .list(let list): try container.encode(list)
    case .members(let members): try container.encode(members)
    }
  }
}
