import Attestation
import Model
import Reading

/// Tests, scans, and what evidence says of its own time.
extension Judgement {
  /// When evidence says that it was made; `nil` for kinds that do not say it.
  static func statedTime(_ evidence: AdmittedEvidence) -> Instant? {
    let predicate = evidence.statement.predicate
    let text =
      switch evidence.kind {
      case .step, .rollout: predicate["finishedAt"]?.string
      case .sourceCheck, .vulnerabilityScan, .staticAnalysis, .inventory, .coverage,
        .exploitability, .infrastructurePlan:
        predicate["time"]?.string
      case .testResult: predicate["urn:pratique:time"]?.string
      case .provenance: predicate["runDetails"]?["metadata"]?["finishedOn"]?.string
      default: nil as String?
      }
    return text.flatMap { Instant($0) }
  }

  /// Evidence whose presence is asked must still be what it says it is.
  static func checkReadable(_ evidence: AdmittedEvidence) throws {
    switch evidence.kind {
    case .trustRoot: _ = try evidence.predicate(as: TrustRoot.self)
    case .sourceCheck: _ = try evidence.predicate(as: SourceCheck.self)
    case .testResult: _ = try evidence.predicate(as: TestResult.self)
    case .vulnerabilityScan, .staticAnalysis: _ = try evidence.predicate(as: ScanResult.self)
    case .inventory: _ = try evidence.predicate(as: InventoryResult.self)
    case .coverage: _ = try evidence.predicate(as: CoverageResult.self)
    case .exploitability: _ = try evidence.predicate(as: ExploitabilityResult.self)
    case .infrastructurePlan: _ = try evidence.predicate(as: InfrastructurePlan.self)
    case .step: _ = try evidence.predicate(as: StepReport.self)
    default:
      guard evidence.statement.predicate.object?.members.isEmpty == false else {
        throw Problem(
          .judgingFailed,
          "entry \(evidence.index) of kind \"\(evidence.kind.rawValue)\" says nothing")
      }
    }
  }

  func noTestFailed(_ evidence: AdmittedEvidence) throws -> Answer {
    let result: TestResult = try evidence.predicate()
    let totals = result.totals
    try Self.checkCounts(
      [totals.passed, totals.failed, totals.errors, totals.skipped], of: evidence)
    let failed = max(totals.failed + totals.errors, result.failedTests.count)
    guard failed == 0, result.result.isSame(as: "PASSED") else {
      return .notMet(
        "\(totals.passed) passed, \(failed) failed: "
          + result.failedTests.prefix(5).joined(separator: ", "))
    }
    return .met("\(totals.passed) passed, none failed")
  }

  func enoughTests(
    _ evidence: [AdmittedEvidence], _ minimum: Int, _ named: [String]
  ) throws -> Answer {
    let results = try evidence.map { try $0.predicate(as: TestResult.self) }
    let passed = results.reduce(0) { $0 + $1.totals.passed }
    guard passed >= minimum else {
      return .notMet("\(passed) passed, none failed; at least \(minimum) are asked for")
    }
    let missing = named.filter { name in
      !results.contains { $0.passedTests.contains { Self.isTest($0, named: name) } }
    }
    guard missing.isEmpty else {
      return .notMet(
        "these tests are asked for and did not pass: " + missing.joined(separator: ", "))
    }
    return .met(
      "\(passed) passed, none failed"
        + (named.isEmpty ? "" : ", those asked for by name among them"))
  }

  /// Whether a test's full name is the name, or ends with a dot and the name. The name without
  /// brackets stands for all variants of a test, `name[variant]`.
  private static func isTest(_ test: String, named name: String) -> Bool {
    let family = String(test.prefix { $0 != "[" })
    return [test, family].contains {
      $0.isSame(as: name) || $0.utf8.reversed().starts(with: ".\(name)".utf8.reversed())
    }
  }

  func findings(
    _ evidence: AdmittedEvidence, _ severity: Severity, _ maximum: Int, _ feedAge: Int?
  ) throws -> Answer {
    let scan: ScanResult = try evidence.predicate()
    let (count, names) = try counted(scan, severity, evidence)
    let words = "\(count) findings of severity \(severity.rawValue) or worse, or unknown"
    var faults: [Answer] = []
    if count > maximum { faults.append(.notMet("\(words): \(names.joined(separator: ", "))")) }
    if let components = scan.componentsScanned, components < 1 {
      faults.append(.notMet("the scan looked at no component"))
    }
    if let fault = feedFault(scan, evidence, feedAge) { faults.append(fault) }
    guard faults.isEmpty else {
      return Answer(
        state: faults.allSatisfy { $0.state == .stale } ? .stale : .notMet,
        reason: faults.map(\.reason).joined(separator: "; "))
    }
    let feed = scan.source.feed.map {
      ", by the feed of \($0.updatedAt.date)\($0.isExample ? " (an EXAMPLE feed)" : "")"
    }
    return .met(words + (feed ?? ""))
  }

  /// How many findings count, and the worst by name. Where totals and list contradict each other,
  /// the worse of the two; where a finding's severity and its CVSS score do, the worse of the two.
  private func counted(
    _ scan: ScanResult, _ severity: Severity, _ evidence: AdmittedEvidence
  ) throws -> (Int, names: [String]) {
    try Self.checkCounts(Severity.allCases.map { scan.totals[$0] }, of: evidence)
    func counts(_ found: Severity) -> Bool { found == .unknown || found >= severity }
    let total = Severity.allCases.filter(counts).reduce(0) { $0 + scan.totals[$1] }
    let listed = scan.findings.count { counts($0.severity) }
    let raised = scan.findings.count { !counts($0.severity) && counts($0.worstSeverity) }
    let names = scan.findings.filter { counts($0.worstSeverity) }.prefix(5).map {
      "\($0.rule)\($0.package.map { " in \($0)" } ?? "") (\($0.worstSeverity.rawValue))"
    }
    return (max(total, listed) + raised, names)
  }

  private func feedFault(
    _ scan: ScanResult, _ evidence: AdmittedEvidence, _ feedAge: Int?
  ) -> Answer? {
    guard let feed = scan.source.feed else {
      return evidence.kind == .vulnerabilityScan || feedAge != nil
        ? .notMet("the scan does not say which feed it rests on") : nil
    }
    if feed.isExample, !policy.acceptsExampleFeeds {
      return .notMet("the scan rests on the example feed \"\(feed.name)\", which proves nothing")
    }
    if feed.updatedAt > evidence.time {
      return .notMet("the feed is of \(feed.updatedAt), younger than the scan that rests on it")
    }
    if let feedAge, isOlder(feed.updatedAt, thanDays: feedAge) {
      return .stale("the feed is of \(feed.updatedAt.date), older than \(feedAge) days")
    }
    return nil
  }

  /// Counts are neither negative nor beyond what a sum of them can hold.
  private static func checkCounts(_ counts: [Int], of evidence: AdmittedEvidence) throws {
    guard counts.allSatisfy((0...1_000_000_000).contains) else {
      throw Problem(
        .judgingFailed, "entry \(evidence.index) states a count that cannot be: \(counts)")
    }
  }
}

extension Finding {
  /// The worse of what the tool says and what its CVSS score says (bands of CVSS 3.1). A severity
  /// that the tool did not say stays unknown, which always counts.
  var worstSeverity: Severity {
    guard severity != .unknown, let cvssTenths else { return severity }
    let byScore: Severity =
      switch cvssTenths {
      case 90...: .critical
      case 70...: .high
      case 40...: .medium
      case 1...: .low
      default: .none
      }
    return max(severity, byScore)
  }
}
