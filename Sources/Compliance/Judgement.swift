import Attestation
import Model
import Reading

/// Judges evidence by one rule.
struct Judgement {
  let release: Release
  let policy: Policy
  let reference: PolicyReference
  let time: Instant

  /// What a rule says of evidence: met, not met or stale, and why.
  struct Answer {
    let state: ControlState
    let reason: String

    static func met(_ reason: String) -> Answer { Answer(state: .met, reason: reason) }
    static func notMet(_ reason: String) -> Answer { Answer(state: .notMet, reason: reason) }
    static func stale(_ reason: String) -> Answer { Answer(state: .stale, reason: reason) }
  }

  /// Evidence of which a later piece replaces an earlier one.
  struct Series: Hashable {
    var stage = ""
    var step = ""
    var tool = ""
  }

  /// Actions of steps that judge or deliver: decisions and rollouts are evidence of their own, and a
  /// rollout that failed must not keep the mended environment shut.
  private static let judgingActions = ["gate", "environment/deploy"]

  /// Whether a rule speaks of this piece at all: of this suite, scope or environment.
  func concerns(_ rule: Rule, _ evidence: AdmittedEvidence) throws -> Bool {
    switch rule {
    case .testsPassed(let suite, _, _):
      return try evidence.predicate(as: TestResult.self).suite.isSame(as: suite)
    case .findingsAtMost(let scope, _, _, _):
      return try evidence.predicate(as: ScanResult.self).scope.isSame(as: scope)
    case .rolledOut(let environment):
      // That it was taken down later says nothing of whether it became healthy there.
      let rollout: RolloutReport = try evidence.predicate()
      return rollout.environment.isSame(as: environment) && rollout.outcome != .takenDown
    case .stepsPassed:
      let action = try evidence.predicate(as: StepReport.self).action ?? ""
      return !Self.judgingActions.contains { $0.isSame(as: action) }
    default: return true
    }
  }

  /// Where a piece stands among others: a later one replaces an earlier one of the same series.
  func series(_ rule: Rule, _ evidence: AdmittedEvidence) throws -> Series {
    switch rule {
    case .stepsPassed:
      let step: StepReport = try evidence.predicate()
      return Series(stage: step.stage, step: step.step)
    case .testsPassed:
      return Series(tool: try evidence.predicate(as: TestResult.self).source.tool)
    case .findingsAtMost:
      return Series(tool: try evidence.predicate(as: ScanResult.self).source.tool)
    default: return Series()
    }
  }

  /// What a rule says of one piece.
  func answer(_ rule: Rule, _ evidence: AdmittedEvidence) throws -> Answer {
    switch rule {
    case .present:
      try Self.checkReadable(evidence)
      return .met("recorded at \(evidence.time)")
    case .commitSigned: return commitSigned(try evidence.predicate())
    case .builtFromCommit: return builtFromCommit(evidence)
    case .testsPassed: return try noTestFailed(evidence)
    case .findingsAtMost(_, let severity, let maximum, let feedAge):
      return try findings(evidence, severity, maximum, feedAge)
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
      let holders = Set(root.people.filter { $0.roles.contains(role) }.map(\.id)).count
      let words = "\(holders) hold the role \"\(role.rawValue)\""
      return holders == count ? .met(words) : .notMet("\(words), \(count) are asked for")
    case .policyPinned:
      let root: TrustRoot = try evidence.predicate()
      return root.policies.contains { $0.digest == reference.digest }
        ? .met(
          "it pins policy \"\(reference.name)\" version \"\(reference.version)\" by its digest")
        : .notMet("it does not pin the policy that is asked, \(reference.digest)")
    case .stepsPassed(let skipped): return stepPassed(try evidence.predicate(), skipped)
    case .rolledOut(let environment):
      return rolledOut(try evidence.predicate(), environment)
    }
  }

  /// What a rule says of all pieces that decide, none of which fails by itself.
  func together(_ rule: Rule, _ evidence: [AdmittedEvidence]) throws -> Answer {
    switch rule {
    case .testsPassed(_, let minimum, let named): return try enoughTests(evidence, minimum, named)
    case .stepsPassed: return try stepsPassed(evidence.map { try $0.predicate() })
    default:
      return .met(try evidence.map { try answer(rule, $0).reason }.joined(separator: "; "))
    }
  }

  /// Whether an instant lies more than so many days back.
  func isOlder(_ instant: Instant, thanDays days: Int) -> Bool {
    instant < time.advanced(byMilliseconds: -Int64(days) * 86_400_000)
  }

  private func commitSigned(_ check: SourceCheck) -> Answer {
    guard commits.contains(where: { $0.isSame(as: check.commit) }) else {
      return .notMet("the check is of another commit, \(check.commit.prefix(12))")
    }
    guard check.isSigned, let signer = check.signer else { return .notMet(check.reason) }
    guard check.isCommitterMatched else {
      return .notMet("the commit is signed by \(signer), but its committer is somebody else")
    }
    return .met("the commit is signed by \(signer) with a trusted key")
  }

  private var commits: [String] {
    release.commit?.digests.filter { $0.algorithm == .gitCommit }.map(\.hex) ?? []
  }

  /// SLSA provenance v1: the image's provenance names the release's commit as its only source.
  private func builtFromCommit(_ evidence: AdmittedEvidence) -> Answer {
    let dependencies =
      evidence.statement.predicate["buildDefinition"]?["resolvedDependencies"]?.array ?? []
    let sources = dependencies.compactMap { $0["digest"]?["gitCommit"]?.string }
    guard evidence.statement.subjects.contains(where: { $0.isSame(as: release.image) }) else {
      return .notMet("the provenance is of another image")
    }
    guard let source = sources.first, sources.count == 1,
      commits.contains(where: { $0.isSame(as: source) })
    else {
      return .notMet("the provenance does not name the release's commit as its one source")
    }
    return .met("the image was built from commit \(source.prefix(12))")
  }

  private func rolledOut(_ rollout: RolloutReport, _ environment: String) -> Answer {
    guard rollout.application.isSame(as: release.application),
      release.image.digests.contains(rollout.image)
    else {
      return .notMet(
        "the rollout is of \(rollout.application) \(rollout.version), image \(rollout.image.short)")
    }
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

extension String {
  /// Byte by byte: `==` would take canonically equivalent texts as one.
  func isSame(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
