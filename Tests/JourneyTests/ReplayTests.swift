import Attestation
import Compliance
import Foundation
import Ledger
import Model
import Reading
import TestKit
import Testing

@testable import Journey

/// Past decisions, asked again in one going through the ledger.
@Suite struct ReplayTests {
  private let time = TimeSource(name: "given time") { SmallLedger.now }

  /// Binds a release, stages it, and records the gate's signed answer.
  @discardableResult
  private func decide(_ ledger: SmallLedger, _ number: Int, stage: Bool = true) async throws
    -> Int64
  {
    let release = SmallLedger.release(number)
    try await ledger.record(.release, release, of: release)
    if stage {
      try await ledger.record(.rollout, SmallLedger.rollout(number, in: "staging"), of: release)
    }
    return try await record(ledger, number)
  }

  private func record(_ ledger: SmallLedger, _ number: Int) async throws -> Int64 {
    let release = SmallLedger.release(number)
    let decision = try await ledger.home.judge(release, environment: "production", time: time)
    return try await ledger.record(
      .decision, VerificationSummary(decision, verifier: "urn:pratique:gate"), of: release)
  }

  @Test func everyDecisionIsGivenAgainByteByByte() async throws {
    let ledger = try await SmallLedger()
    var entries: [Int64] = []
    for number in 1...6 {
      entries.append(try await decide(ledger, number, stage: number % 3 != 0))
      try await ledger.record(
        .rollout, SmallLedger.rollout(number, before: number > 1 ? number - 1 : nil),
        of: SmallLedger.release(number))
    }
    // Asked once more, when more is known of it.
    entries.append(try await record(ledger, 3))
    entries.append(try await record(ledger, 1))
    let report = try await ledger.home.replay(ReplayRequest(.all))
    #expect(report.decisions.map(\.entry) == entries)
    #expect(report.changed == 0, "\(report.decisions.flatMap(\.changes))")
    #expect(Set(report.decisions.map(\.was)) == [.allowed, .refused])
    // The same as asking about each by itself.
    for (_, decision) in try await ledger.home.decisions(on: SmallLedger.release(1)) {
      #expect(try await ledger.home.replay(decision) == decision)
    }
    let one = try await ledger.home.replay(ReplayRequest(.entry(entries[2])))
    #expect(one.decisions.map(\.isSame) == [true])
    let release = try await ledger.home.replay(ReplayRequest(.release(SmallLedger.release(3))))
    #expect(release.decisions.map(\.entry) == [entries[2], entries[6]])
  }

  @Test func aDecisionThatIsNotTheGatesIsSeen() async throws {
    let ledger = try await SmallLedger()
    try await decide(ledger, 1)
    let release = SmallLedger.release(2)
    try await ledger.record(.release, release, of: release)
    let refused = try await ledger.home.judge(release, environment: "production", time: time)
    let forged = Decision(
      environment: refused.environment, release: release, policy: refused.policy,
      ledger: refused.ledger, time: refused.time, timeSource: refused.timeSource,
      outcome: .allowed, reasons: [], controls: [], approvals: [], rejectedApprovals: [],
      evidenceSet: [], inputs: refused.inputs)
    let lie = try await ledger.record(
      .decision, VerificationSummary(forged, verifier: "urn:pratique:gate"), of: release)
    // One that a key signed which may not, and one about a ledger that never was.
    let foreign = try await ledger.record(
      .decision, VerificationSummary(refused, verifier: "urn:pratique:gate"), of: release,
      by: [ledger.stager])
    let elsewhere = Decision(
      environment: refused.environment, release: release, policy: refused.policy,
      ledger: LedgerPosition(origin: "small.ledger", size: 2, root: .sha256([1])),
      time: refused.time, timeSource: refused.timeSource, outcome: .refused, reasons: [],
      controls: [], approvals: [], rejectedApprovals: [], evidenceSet: [])
    let other = try await ledger.record(
      .decision, VerificationSummary(elsewhere, verifier: "urn:pratique:gate"), of: release)
    let report = try await ledger.home.replay(ReplayRequest(.all))
    let changes = Dictionary(
      uniqueKeysWithValues: report.decisions.map { ($0.entry, $0.changes.joined(separator: "\n")) })
    #expect(changes[lie]?.contains("allowed → refused") == true)
    #expect(changes[foreign]?.contains("the decision itself does not count") == true)
    #expect(changes[other]?.contains("do not have the root") == true)
    #expect(report.changed == 3 && report.decisions.count == 4)
  }

  @Test func anotherPolicyAndAnotherTimeAreAskedWithoutTouchingWhatWas() async throws {
    let ledger = try await SmallLedger()
    for number in 1...4 { try await decide(ledger, number) }
    let strict = """
      catalog: small
      version: "2"
      framework: what the tests ask
      controls:
        - {id: staged, citation: S 2, title: staging, scope: release, automation: evidence, producer: p, text-checked: true, checks: [{id: a, kind: rollout, maximum-age-days: 30, about: 'evidence.environment == "staging"', each: 'evidence.outcome == "released"', fix: stage it}]}
        - {id: tested, citation: S 1, title: tests, scope: release, automation: evidence, producer: p, text-checked: true, checks: [{id: a, kind: test-result, each: failures(evidence) == 0, fix: test it}]}
      """
    func bundle(_ required: String) throws -> PolicyBundle {
      let policy = """
        policy: next
        version: "2"
        catalogs: [c.yaml]
        environments:
          production: {required: [\(required)]}
        """
      return try PolicyBundle(
        policy: Policy.read(Array(policy.utf8), file: "p").0,
        catalogs: [Catalog.read(Array(strict.utf8), file: "c")])
    }
    let size = try await ledger.home.ledger.read { try $0.size() }
    let tested = try await ledger.home.replay(
      ReplayRequest(.all, bundle: try bundle("staged, tested")))
    #expect(tested.isWhatIf && tested.decisions.map(\.now) == Array(repeating: .refused, count: 4))
    #expect(
      tested.decisions[0].changes.contains(
        "S 1 is asked: missing: there is no evidence of kind \"test-result\" on the release"))
    let staged = try bundle("staged")
    let now = try await ledger.home.replay(ReplayRequest(.all, bundle: staged))
    #expect(now.decisions.map(\.now) == Array(repeating: .allowed, count: 4))
    let later = try await ledger.home.replay(
      ReplayRequest(
        .all, bundle: staged, time: SmallLedger.now.advanced(byMilliseconds: 40 * 86_400_000)))
    #expect(later.decisions.map(\.now) == Array(repeating: .refused, count: 4))
    #expect(later.decisions[0].changes.contains { $0.contains("met → stale") })
    #expect(try await ledger.home.ledger.read { try $0.size() } == size)
  }

  @Test func whatIsNoDecisionIsNotFound() async throws {
    let ledger = try await SmallLedger()
    await #expect(throws: Problem(.notFound, "")) {
      try await ledger.home.replay(ReplayRequest(.all))
    }
    await #expect(throws: Problem(.notFound, "")) {
      try await ledger.home.replay(ReplayRequest(.entry(0)))
    }
  }

  /// `PRATIQUE_REPLAY_COUNT=10000 swift test --filter manyDecisions` measures.
  @Test func manyDecisionsShareOneReading() async throws {
    let wanted = ProcessInfo.processInfo.environment["PRATIQUE_REPLAY_COUNT"].flatMap { Int($0) }
    let ledger = try await SmallLedger()
    for number in 1...9 { try await decide(ledger, number) }
    let release = SmallLedger.release(9)
    for _ in 0..<(wanted ?? 30) {
      let decision = try await ledger.home.judge(release, environment: "production", time: time)
      try await ledger.record(
        .decision, VerificationSummary(decision, verifier: "urn:pratique:gate"),
        of: SmallLedger.release(Int.random(in: 1...8)))
    }
    let clock = ContinuousClock()
    var report: ReplayReport?
    let spent = try await clock.measure {
      report = try await ledger.home.replay(ReplayRequest(.all))
    }
    #expect(report?.changed == 0)
    if wanted != nil {
      print(
        "replay: \(report?.decisions.count ?? 0) decisions over \(report?.entries ?? 0) entries in \(spent)"
      )
    }
  }
}
