import Attestation
import Model
import Reading

/// Judges one piece of evidence by one rule.
struct Judgement {
  let release: Release
  let policy: Policy
  let time: Instant

  /// What a rule says of evidence.
  enum Answer {
    case met(String)
    case notMet(String)
    case stale(String)
  }

  /// Whether a rule speaks of this piece at all: of this suite, scope or environment.
  func concerns(_ rule: Rule, _ evidence: AdmittedEvidence) throws -> Bool {
    switch rule {
    case .testsPassed(let suite, _, _):
      return try evidence.predicate(as: TestResult.self).suite.isSame(as: suite)
    case .findingsAtMost(let scope, _, _, _):
      return try evidence.predicate(as: ScanResult.self).scope.isSame(as: scope)
    case .rolledOut(let environment):
      return try evidence.predicate(as: RolloutReport.self).environment.isSame(as: environment)
    case .stepsPassed:
      // A gate's own steps judge; they are not part of what is judged.
      return try evidence.predicate(as: StepReport.self).action != "gate"
    default: return true
    }
  }

  /// What a rule says of one piece.
  func answer(_ rule: Rule, _ evidence: AdmittedEvidence) throws -> Answer {
    switch rule {
    case .present: return .met("recorded at \(evidence.time)")
    case .commitSigned: return commitSigned(try evidence.predicate())
    case .builtFromCommit: return try builtFromCommit(evidence)
    case .testsPassed(_, let minimum, let named):
      return testsPassed(try evidence.predicate(), minimum, named)
    case .findingsAtMost(_, let severity, let maximum, let feedAge):
      return findings(try evidence.predicate(), severity, maximum, feedAge)
    case .inventoryComplete(let minimum):
      let inventory: InventoryResult = try evidence.predicate()
      if inventory.count < minimum {
        return .notMet("it names \(inventory.count) components, \(minimum) are asked for")
      }
      return inventory.withoutVersion == 0
        ? .met("it names \(inventory.count) components, each with a version")
        : .notMet("\(inventory.withoutVersion) of \(inventory.count) components have no version")
    case .roleHeld(let role, let count):
      let root: TrustRoot = try evidence.predicate()
      let holders = root.people.count { $0.roles.contains(role) }
      let words = "\(holders) hold the role \"\(role.rawValue)\""
      return holders == count ? .met(words) : .notMet("\(words), \(count) are asked for")
    case .stepsPassed:
      let step: StepReport = try evidence.predicate()
      return step.outcome == .passed
        ? .met("the step \(step.stage)/\(step.step) passed")
        : .notMet("the step \(step.stage)/\(step.step) ended as \(step.outcome.rawValue)")
    case .rolledOut(let environment):
      let rollout: RolloutReport = try evidence.predicate()
      guard rollout.outcome == .released else {
        return .notMet(
          "the rollout to \(environment) ended as \(rollout.outcome.rawValue)"
            + (rollout.reason.map { ": \($0)" } ?? ""))
      }
      return .met(
        "released to \(environment), \(rollout.requests.served) requests served,"
          + " \(rollout.requests.lost) lost")
    }
  }

  private func commitSigned(_ check: SourceCheck) -> Answer {
    guard check.isSigned, let signer = check.signer else { return .notMet(check.reason) }
    guard check.isCommitterMatched else {
      return .notMet("the commit is signed by \(signer), but its committer is somebody else")
    }
    return .met("the commit is signed by \(signer) with a trusted key")
  }

  /// SLSA provenance v1: the image's provenance names the release's commit as its only source.
  private func builtFromCommit(_ evidence: AdmittedEvidence) throws -> Answer {
    let dependencies =
      evidence.statement.predicate["buildDefinition"]?["resolvedDependencies"]?.array ?? []
    let sources = dependencies.compactMap { $0["digest"]?["gitCommit"]?.string }
    let commits = release.commit?.digests.filter { $0.algorithm == .gitCommit }.map(\.hex) ?? []
    guard evidence.statement.subjects.contains(where: { $0.isSame(as: release.image) }) else {
      return .notMet("the provenance is of another image")
    }
    guard let source = sources.first, sources.count == 1, commits.contains(source) else {
      return .notMet("the provenance does not name the release's commit as its one source")
    }
    return .met("the image was built from commit \(source.prefix(12))")
  }

  private func testsPassed(_ result: TestResult, _ minimum: Int, _ named: [String]) -> Answer {
    let totals = result.totals
    let words = "\(totals.passed) passed, \(totals.failed + totals.errors) failed"
    guard totals.failed == 0, totals.errors == 0, result.result == "PASSED" else {
      return .notMet("\(words): \(result.failedTests.prefix(5).joined(separator: ", "))")
    }
    guard totals.passed >= minimum else {
      return .notMet("\(words); at least \(minimum) are asked for")
    }
    let missing = named.filter { name in
      !result.passedTests.contains { $0.isSame(as: name) || $0.hasSuffix(".\(name)") }
    }
    guard missing.isEmpty else {
      return .notMet(
        "these tests are asked for and did not pass: " + missing.joined(separator: ", "))
    }
    return .met(words + (named.isEmpty ? "" : ", those asked for by name among them"))
  }

  private func findings(
    _ scan: ScanResult, _ severity: Severity, _ maximum: Int, _ feedAge: Int?
  ) -> Answer {
    let worse = Severity.allCases.filter { $0 >= severity }
    let counted = worse.reduce(scan.totals.unknown) { $0 + scan.totals[$1] }
    let names = scan.findings.filter { $0.severity >= severity || $0.severity == .unknown }
      .prefix(5)
      .map { "\($0.rule)\($0.package.map { " in \($0)" } ?? "") (\($0.severity.rawValue))" }
    if let feedAge {
      guard let feed = scan.source.feed else {
        return .notMet("the scan does not say which feed it rests on")
      }
      if feed.isExample, !policy.acceptsExampleFeeds {
        return .notMet("the scan rests on the example feed \"\(feed.name)\", which proves nothing")
      }
      if time.milliseconds(since: feed.updatedAt) > Int64(feedAge) * 86_400_000 {
        return .stale("the feed is of \(feed.updatedAt.date), older than \(feedAge) days")
      }
    }
    let words = "\(counted) findings of severity \(severity.rawValue) or worse, or unknown"
    guard counted <= maximum else {
      return .notMet("\(words): \(names.joined(separator: ", "))")
    }
    let feed = scan.source.feed.map {
      ", by the feed of \($0.updatedAt.date)\($0.isExample ? " (an EXAMPLE feed)" : "")"
    }
    return .met(words + (feed ?? ""))
  }
}

extension String {
  /// Byte by byte: `==` would take canonically equivalent texts as one.
  func isSame(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
