import Compliance
import Ledger
import Model
import TestKit
import Testing

@testable import Journey

/// What people say lies in PostgreSQL as it lies in a file, and the gate answers by it in the same way.
@Suite("A gate on a ledger in PostgreSQL", .enabled(if: PostgreSQLServer.isWanted))
struct RealPostgreSQLGateTests {
  /// An answer, without what differs from ledger to ledger: root, salts, envelopes.
  private struct Answer: Equatable {
    let outcome: Decision.Outcome
    let states: [ControlState]
    let bypasses: [Bypass.Kind]
    let reasons: [String]

    init(_ decision: Decision) {
      outcome = decision.outcome
      states = decision.controls.map(\.state)
      bypasses = decision.bypasses.map(\.kind)
      reasons = decision.reasons
    }
  }

  /// A waiver, its end, an emergency and its review; a decision is recorded after each.
  private func story(_ ledger: ExceptionLedger) async throws -> [Answer] {
    let home = ledger.home
    var answers: [Answer] = []
    func judge(_ hours: Int64) async throws {
      let decision = try await ledger.judge(hours)
      answers.append(Answer(decision))
      let recorder = try await home.recorder(role: .pipeline, time: ExceptionLedger.time(hours))
      _ = try await recorder.record([home.evidence(of: decision)])
      #expect(try await home.replay(decision) == decision)
    }
    try await judge(1)
    _ = try await home.waive(
      WaiverWish(
        name: "w-1", control: "tested", application: "portal", environment: "production",
        reason: "the bench burnt down", measure: "two people tried it", owner: "clin", days: 14),
      by: ledger.person("sec"), time: ExceptionLedger.time(2))
    try await judge(3)
    _ = try await home.withdraw(
      "w-1", application: "portal", environment: "production", reason: "it is back",
      by: ledger.person("clin"), time: ExceptionLedger.time(4))
    try await judge(5)
    _ = try await home.breakGlass(
      for: ledger.release,
      EmergencyWish(environment: "production", incident: "outage-7", reason: "the wrong patient"),
      by: ledger.person("call"), time: ExceptionLedger.time(6))
    try await judge(7)
    try await judge(100)
    _ = try await home.review(
      "outage-7", application: "portal", environment: "production", verdict: .justified,
      reason: "it was one", by: ledger.person("clin"), time: ExceptionLedger.time(101))
    try await judge(102)
    return answers
  }

  @Test("waivers, emergencies, reviews and decisions come to the same as in a file")
  func same() async throws {
    let server = try await PostgreSQLServer()
    let file = try await ExceptionLedger()
    let served = try await ExceptionLedger(store: server.address(schema: "gate"))
    let answers = try await story(served)
    #expect(
      answers.map(\.outcome) == [.refused, .allowed, .refused, .allowed, .refused, .refused])
    #expect(answers.map(\.bypasses) == [[], [.waiver], [], [.breakGlass], [], []])
    #expect(answers[4].reasons.contains { $0.contains("is overdue since") })
    #expect(!answers[5].reasons.contains { $0.contains("is overdue since") })
    #expect(try await story(file) == answers)
    // All of them asked again in one going through what the server holds.
    let report = try await served.home.replay(ReplayRequest(.all))
    #expect(report.decisions.count == answers.count && report.changed == 0)
    // Opened anew, by somebody who only reads.
    let again = try LedgerHome.open(
      at: served.folder.file("ledger"), readOnly: true)
    #expect(try await again.waivers(of: "portal").count == 2)
    #expect(
      try await again.responsibilities(of: "clin", at: ExceptionLedger.start).roles.count == 1)
  }
}
