import Attestation
import Compliance
import Foundation
import Model
import Reading

/// A gate's decision about one release with much evidence and many controls.
///
/// The controls ask in twenty ways, each of its own kind, suite, tool and threshold, as catalogs of
/// several frameworks do that map to the same evidence.
struct GateBench {
  private let evidence: Int
  private let controls: Int
  private let time = Instant("2026-06-01T12:00:00Z") ?? Instant(milliseconds: 0)
  private let commit = Subject(
    name: "commit",
    digest: Digest(.gitCommit, hex: String(repeating: "c", count: 40)) ?? .sha256([]))
  private let image = Subject(name: "portal", digest: .sha256([1]))

  static func run(evidence: Int, controls: Int) throws {
    try GateBench(evidence: evidence, controls: controls).run()
  }

  private func run() throws {
    let input = try input()
    let clock = ContinuousClock()
    var best = Double.infinity
    var decision: Decision?
    for _ in 0..<max(3, min(20, 100_000 / evidence)) {
      let spent = try clock.measure { decision = try Gate.decide(input) }
      best = min(best, PolicyBench.nanoseconds(spent))
    }
    let report: JSONValue = .object([
      "evidence": .integer(Int64(evidence)), "controls": .integer(Int64(controls)),
      "milliseconds": .number(best / 1e6),
      "met": .integer(Int64(decision?.controls.count { $0.state == .met } ?? 0)),
      "outcome": .string(decision?.outcome.rawValue ?? ""),
      "reason": .string(String(decision?.reasons.first?.prefix(300) ?? "")),
    ])
    print(String(decoding: try CanonicalJSON.write(report), as: UTF8.self))
  }

  private func input() throws -> Gate.Input {
    let release = Release(
      application: "portal", version: "1", origin: .built, commit: commit, image: image,
      imageConfig: .sha256([2]))
    let bundle = try bundle()
    let trust = TrustRoot(
      organisation: "bench", version: 1, people: [],
      machines: [.init(id: "runner", onBehalfOf: "ada", roles: [.pipeline])], keys: [],
      changeApproval: [], policies: [try bundle.reference()], recovery: nil)
    var all = [
      try admitted(
        .trustRoot, [Subject(name: "bench", digest: .sha256([3]))], JSONValue(encoding: trust), 0),
      try admitted(.release, [image], JSONValue(encoding: release), 1),
    ]
    for index in 0..<evidence { all.append(try piece(index)) }
    return Gate.Input(
      release: release, environment: "production", bundle: bundle, evidence: all, refused: [],
      trust: trust, live: nil,
      position: LedgerPosition(
        origin: "bench", size: Int64(all.count), root: .sha256([4])), time: time,
      timeSource: "given")
  }

  private func piece(_ number: Int) throws -> AdmittedEvidence {
    let index = Int64(number + 2)
    let source = ReportSource(
      tool: "tool-\(number % 4)", toolVersion: "1", format: "f", report: .sha256([5]), feed: nil)
    guard number % 2 == 0 else {
      let scan = ScanResult(
        application: "portal", run: "run-\(number)", time: time, scope: "vulnerability",
        findings: [], componentsScanned: 40, source: source)
      return try admitted(.vulnerabilityScan, [commit, image], JSONValue(encoding: scan), index)
    }
    let tests = TestResult(
      application: "portal", run: "run-\(number)", time: time, suite: "suite-\(number % 10)",
      totals: TestTotals(passed: 2, failed: 0, errors: 0, skipped: 0),
      passedTests: ["suite.test_one", "suite.test_two"], failedTests: [], source: source)
    return try admitted(.testResult, [commit], JSONValue(encoding: tests), index)
  }

  private func admitted(
    _ kind: EvidenceKind, _ subjects: [Subject], _ predicate: JSONValue, _ index: Int64
  ) throws -> AdmittedEvidence {
    AdmittedEvidence(
      statement: try Statement(
        subjects: subjects, predicateType: kind.predicateType, predicate: predicate),
      kind: kind, signer: "runner", index: index, envelope: .sha256(Array("\(index)".utf8)),
      time: time)
  }

  private func bundle() throws -> PolicyBundle {
    let list = (0..<controls).map { number in
      let way = number % 20
      let check =
        way < 10
        ? "kind: test-result, about: 'evidence.suite == \"suite-\(way / 2 * 2)\"',"
          + " series: evidence.source.tool, each: 'failures(evidence) == 0 && \(way) >= 0'"
        : "kind: vulnerability-scan, about: 'evidence.source.tool == \"tool-\(way % 2 * 2 + 1)\"',"
          + " each: 'findings(evidence, \"high\") <= \(way)'"
      return "  - {id: c\(number), citation: B \(number), title: t, scope: release, automation:"
        + " evidence, producer: p, text-checked: true, checks: [{id: a, \(check), fix: f}]}"
    }
    let catalog =
      "catalog: b\nversion: \"1\"\nframework: f\ncontrols:\n"
      + list.joined(separator: "\n") + "\n"
    let names = (0..<controls).map { "c\($0)" }.joined(separator: ", ")
    let policy =
      "policy: b\nversion: \"1\"\ncatalogs: [c]\nenvironments:\n"
      + "  production: {required: [\(names)]}\n"
    return try PolicyBundle(
      policy: Policy.read(Array(policy.utf8), file: "p").0,
      catalogs: [Catalog.read(Array(catalog.utf8), file: "c")])
  }
}
