import Attestation
import Compliance
import Foundation
import Ledger
import LedgerSQLite
import Model
import TestKit
import Testing

@testable import Journey

/// What people do beside the way through a gate, with a ledger below it.
@Suite("Exceptions in a ledger")
struct ExceptionTests {
  private func wish(days: Int = 14, control: String = "tested") -> WaiverWish {
    WaiverWish(
      name: "w-1", control: control, application: "portal", environment: "production",
      reason: "the bench burnt down", measure: "two people tried it", owner: "clin", days: days)
  }

  /// Expects that nothing was recorded.
  private func refuses(
    _ code: Problem.Code, _ words: String, _ ledger: ExceptionLedger,
    _ body: () async throws -> Void
  ) async throws {
    let size = try await ledger.size()
    let problem = await #expect(throws: Problem.self) { try await body() }
    #expect(
      problem?.code == code && problem?.description.contains(words) == true,
      "\(words): \(String(describing: problem))")
    #expect(try await ledger.size() == size)
  }

  @Test("a waiver: who may not is told so and nothing is recorded; who may excuses until withdrawn")
  func waiver() async throws {
    let ledger = try await ExceptionLedger()
    let home = ledger.home
    #expect(try await ledger.judge(1).outcome == .refused)
    let later = ExceptionLedger.time(1)
    try await refuses(.notTrusted, "as clinical-lead clin may not waive", ledger) {
      _ = try await home.waive(wish(), by: ledger.person("clin"), time: later)
    }
    try await refuses(.notTrusted, "does not hold the role", ledger) {
      _ = try await home.waive(
        wish(), by: ledger.person("clin", as: "security-official"), time: later)
    }
    try await refuses(.notTrusted, "is not in the trust root", ledger) {
      _ = try await home.waive(wish(), by: ledger.person("mallory"), time: later)
    }
    try await refuses(.badInput, "from 1 to 30", ledger) {
      _ = try await home.waive(wish(days: 31), by: ledger.person("sec"), time: later)
    }
    try await refuses(.notFound, "Did you mean \"tested\"?", ledger) {
      _ = try await home.waive(wish(control: "testet"), by: ledger.person("sec"), time: later)
    }
    let granted = try await home.waive(wish(), by: ledger.person("sec"), time: later)
    #expect(granted.value.person == "sec" && granted.value.owner == "clin")
    let decision = try await ledger.judge(2)
    #expect(decision.outcome == .allowed)
    #expect(decision.controls.map(\.state) == [.excepted])
    #expect(decision.bypasses.first?.evidence?.index == granted.entry.index)
    #expect(try await home.replay(decision) == decision)
    _ = try await home.withdraw(
      "w-1", application: "portal", environment: "production", reason: "it is back",
      by: ledger.person("clin"), time: ExceptionLedger.time(3))
    #expect(try await ledger.judge(4).outcome == .refused)
    // Asked as of then, it says what it said then.
    #expect(try await home.replay(decision) == decision)
    try await refuses(.notFound, "in force", ledger) {
      _ = try await home.withdraw(
        "w-1", application: "portal", environment: "production", reason: "again",
        by: ledger.person("sec"), time: later)
    }
  }

  @Test("the author of the commit signs a waiver that does not count for it")
  func author() async throws {
    let ledger = try await ExceptionLedger()
    _ = try await ledger.home.waive(
      wish(), by: ledger.person("dev"), time: ExceptionLedger.time(1))
    let decision = try await ledger.judge(2)
    #expect(decision.outcome == .refused)
    #expect(decision.reasons.contains { $0.contains("dev wrote or signed the commit") })
  }

  @Test("what the machine's key signs as a waiver is not admitted")
  func forged() async throws {
    let ledger = try await ExceptionLedger()
    let now = ExceptionLedger.start
    let waiver = Waiver(
      granting: "w", control: "tested", application: "portal", environment: "production",
      release: nil, reason: "r", measure: "m", owner: "sec",
      expires: now.advanced(byMilliseconds: 864_000_000), person: "sec",
      role: Role(rawValue: "security-official"), time: now)
    let recorder = try await ledger.home.recorder(role: .pipeline, time: .fixed(now))
    let entry = try await recorder.record(
      Evidence(kind: .waiver, subjects: waiver.subjects, predicate: waiver))
    let decision = try await ledger.judge(1)
    #expect(decision.outcome == .refused)
    #expect(decision.refused.map(\.index) == [entry?.index])
    #expect(decision.refused.first?.reason.contains("may not sign") == true)
  }

  @Test("out of scope for the organisation, by a pattern, and in scope again")
  func scope() async throws {
    let ledger = try await ExceptionLedger()
    let home = ledger.home
    let said = try await home.stateScope(
      .outOfScope, controls: ["te*"], application: nil, environment: "production", days: 100,
      reason: "nothing to test", by: ledger.person("sec"), time: ExceptionLedger.time(1))
    #expect(said.value.controls == ["tested"])
    #expect(try await ledger.judge(2).controls.map(\.state) == [.outOfScope])
    _ = try await home.stateScope(
      .inScope, controls: ["tested"], application: "portal", environment: "production", days: 0,
      reason: "there is now", by: ledger.person("clin"), time: ExceptionLedger.time(3))
    #expect(try await ledger.judge(4).controls.map(\.state) == [.missing])
  }

  @Test("break-glass: the release goes, a review is due, overdue it shuts, another's review opens")
  func breakGlass() async throws {
    let ledger = try await ExceptionLedger()
    let home = ledger.home
    let emergency = EmergencyWish(
      environment: "production", incident: "outage-7", reason: "the wrong patient is shown")
    try await refuses(.notTrusted, "may not break the glass", ledger) {
      _ = try await home.breakGlass(
        for: ledger.release, emergency, by: ledger.person("sec"), time: ExceptionLedger.time(1))
    }
    let act = try await home.breakGlass(
      for: ledger.release, emergency, by: ledger.person("call"), time: ExceptionLedger.time(1))
    let decision = try await ledger.judge(2)
    #expect(decision.outcome == .allowed && decision.bypasses.first?.kind == .breakGlass)
    #expect(decision.problem == nil && !decision.reasons.isEmpty)
    #expect(try await home.replay(decision) == decision)
    // Eight hours later it is shut again.
    #expect(try await ledger.judge(9).outcome == .refused)
    // Three days later the review is overdue, and a release that is excused elsewise waits too.
    _ = try await home.waive(wish(), by: ledger.person("sec"), time: ExceptionLedger.time(10))
    #expect(try await ledger.judge(72).outcome == .allowed)
    let overdue = try await ledger.judge(73)
    #expect(overdue.outcome == .refused)
    #expect(overdue.reasons.first?.contains("\"outage-7\" is overdue") == true)
    func review(_ id: String) async throws {
      _ = try await home.review(
        "outage-7", application: "portal", environment: "production", verdict: .justified,
        reason: "it was one", by: ledger.person(id), time: ExceptionLedger.time(74))
    }
    try await refuses(.notTrusted, "somebody else must review it", ledger) {
      try await review("call")
    }
    try await refuses(.notTrusted, "may not review", ledger) { try await review("sec") }
    try await review("clin")
    #expect(try await ledger.judge(75).outcome == .allowed)
    #expect(try await home.emergencies(of: "portal").acts.map(\.entry) == [act.entry])
  }

  @Test(
    "observe-only: reports with a baseline, no longer than the policy lets it from the first day")
  func observation() async throws {
    let ledger = try await ExceptionLedger()
    let home = ledger.home
    func begin(_ days: Int, at hours: Int64) async throws -> Observation {
      try await home.observe(
        ledger.release, environment: "production", days: days, reason: "we begin",
        by: ledger.person("sec"), time: ExceptionLedger.time(hours)
      ).value
    }
    #expect(
      try await begin(30, at: 1).baseline
        == [.init(control: "tested", state: .missing, findings: [])])
    let decision = try await ledger.judge(2)
    #expect(decision.outcome == .allowed && decision.bypasses.first?.kind == .observation)
    #expect(decision.reasons.contains { $0.hasPrefix("there before") })
    try await refuses(.badInput, "at the latest", ledger) { _ = try await begin(60, at: 25) }
    _ = try await home.endObservation(
      of: "portal", environment: "production", reason: "green", by: ledger.person("clin"),
      time: ExceptionLedger.time(3))
    #expect(try await ledger.judge(4).outcome == .refused)
  }

  @Test("a freeze is expanded for the gate, and a zone that is unknown never gets into a ledger")
  func freeze() async throws {
    let ledger = try await ExceptionLedger(
      environment: """
            freezes: [{from: "2026-06-01T12:00", to: "2026-06-01T13:00", zone: Europe/Berlin, reason: the move}]
        """)
    _ = try await ledger.home.waive(
      wish(), by: ledger.person("sec"), time: ExceptionLedger.time(1))
    // 12:00 in Berlin is 10:00 in UTC, two hours after the start.
    let frozen = try await ledger.judge(2)
    #expect(frozen.outcome == .refused && frozen.reasons.contains { $0.contains("the move") })
    #expect(try await ledger.judge(3).outcome == .allowed)
    #expect(try await ledger.home.replay(frozen) == frozen)
    let problem = await #expect(throws: Problem.self) {
      _ = try await ExceptionLedger(
        environment:
          "    windows: [{days: [monday], from: \"09:00\", to: \"10:00\", zone: Europe/Berlln}]")
    }
    #expect(problem?.code == .badInput && problem?.message.contains("Europe/Berlln") == true)
  }

  @Test("going back, taking down and what a target does by itself know no gate")
  func wayBack() throws {
    let sources = Repository.root.appending(path: "Sources")
    var files = ["Journey/EnvironmentActs.swift", "Journey/EnvironmentAccess.swift"]
    let delivery = sources.appending(path: "Delivery").path
    files += try FileManager.default.subpathsOfDirectory(atPath: delivery)
      .filter { $0.hasSuffix(".swift") }.map { "Delivery/\($0)" }
    #expect(files.count > 10)
    for file in files {
      let text = try String(contentsOf: sources.appending(path: file), encoding: .utf8)
      for word in ["import Compliance", "judge(", "Gate.decide"] {
        #expect(!text.contains(word), "\(file) asks a gate")
      }
    }
  }
  @Test("what waits in the spool shuts the gate; break-glass opens it, and the answer names it")
  func spooled() async throws {
    let ledger = try await ExceptionLedger()
    let (home, release) = (ledger.home, ledger.release)
    _ = try await home.waive(wish(), by: ledger.person("sec"), time: ExceptionLedger.time(1))
    #expect(try await ledger.judge(2).outcome == .allowed)
    // A failed test that the store did not take, under a name that the flush refuses.
    let result = TestResult(
      application: release.application, run: "run-2", time: ExceptionLedger.start, suite: "unit",
      totals: TestTotals(passed: 0, failed: 1, errors: 0, skipped: 0), passedTests: [],
      failedTests: ["a"],
      source: ReportSource(
        tool: "t", toolVersion: "1", format: "junit", report: .sha256([]), feed: nil))
    let statement = try Statement(
      Evidence(kind: .testResult, subjects: release.subjects, predicate: result))
    let envelope = try Envelope(
      signing: statement.json(), by: [home.signer(machine: "runner")]
    ).json()
    let draft = EntryDraft(
      kind: .testResult, envelope: envelope, subjects: statement.subjects.flatMap(\.digests),
      actor: "dev", role: .pipeline, time: ExceptionLedger.start, facts: EntryFacts(statement))
    _ = try home.spool.keep([draft], reason: "the store was away", checkpoint: nil)

    let shut = try await ledger.judge(2)
    #expect(shut.outcome == .refused && shut.problem?.code == .gateRefused)
    let digest = Digest.sha256(envelope)
    #expect(shut.reasons.first?.contains("test-result sha256:\(digest.short)") == true)
    #expect(shut.inputs.contains { $0.what == .unrecorded && $0.digest == digest })
    try await refuses(.notTrusted, "in the spool cannot be recorded", ledger) {
      _ = try await home.recorder(role: .pipeline, time: ExceptionLedger.time(2))
    }
    try await refuses(.busy, "spool", ledger) {
      _ = try await home.waive(wish(), by: ledger.person("sec"), time: ExceptionLedger.time(2))
    }

    let emergency = EmergencyWish(
      environment: "production", incident: "outage-7", reason: "the wrong patient is shown")
    _ = try await home.breakGlass(
      for: release, emergency, by: ledger.person("call"), time: ExceptionLedger.time(2))
    let opened = try await ledger.judge(3)
    #expect(opened.outcome == .allowed)
    #expect(opened.bypasses.first?.kind == .breakGlass)
    #expect(opened.bypasses.contains { $0.sentence.contains("waits in the spool") })
    // A run records again, its decision is replayed without the spool, and what waits still waits.
    let recorder = try await home.recorder(role: .pipeline, time: ExceptionLedger.time(3))
    _ = try await recorder.record([home.evidence(of: opened)])
    #expect(try home.spool.names().count == 1)
    let name = try #require(try home.spool.names().first)
    try home.spool.remove(name)
    #expect(try await home.replay(opened) == opened)
    #expect(try await home.replay(shut) == shut)
  }
}
