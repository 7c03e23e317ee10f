import Attestation
import Foundation
import Model
import TestKit
import Testing

@testable import Journey

/// None of these gets an approval through that a person did not give for this.
@Suite("Attacks on approvals")
struct ApprovalAttackTests {
  private let clinical = PeopleLedger.clinical
  private let official = PeopleLedger.official

  @Test("approvals by SSH signatures and bare ones open the gate, with what they mean")
  func works() async throws {
    let ledger = try await PeopleLedger()
    try await ledger.approve("ben", official, key: PersonalSignature.signer(ledger.key("ben")))
    #expect(try await ledger.judge().outcome == .waiting)
    let approval = try await ledger.approve("cleo", clinical)
    #expect(approval.meaning == "reviewed for clinical safety")
    let decision = try await ledger.judge()
    #expect(decision.outcome == .allowed, "\(decision.reasons)")
    // An approval of production opens nothing else.
    #expect(try await ledger.judge(in: "staging").outcome == .waiting)
  }

  @Test("one person with two keys counts once, in two roles and under two names of a key too")
  func twoKeys() async throws {
    let ledger = try await PeopleLedger(
      trust: PeopleLedger.trust.replacing(
        "roles: [security-official], keys: [ben.pub",
        with:
          "roles: [security-official, clinical-lead], keys: [ben.pub"))
    try await ledger.approve("ben", official)
    try await ledger.approve("ben-2", clinical)
    let decision = try await ledger.judge()
    #expect(decision.outcome == .waiting)
    #expect(decision.approvals.map(\.counted.count).reduce(0, +) == 1)
  }

  @Test("a key id that names somebody else, and a person who did not sign, change nothing")
  func keyIDs() async throws {
    let ledger = try await PeopleLedger()
    try await ledger.approve("ben", official)
    let statement = try await ledger.statement(of: "cleo", clinical)
    let lying = Signer(publicKey: ledger.key("cleo").publicKey, sign: ledger.key("ben").sign)
    for signer in [lying, PersonalSignature.signer(lying.publicKey) { _ in [] }] {
      guard let envelope = try? Envelope(signing: statement.json(), by: [signer]) else { continue }
      #expect(envelope.signatures[0].keyID == ledger.key("cleo").publicKey.id.description)
      _ = try await ledger.smuggle(envelope.json(), by: "cleo")
    }
    let decision = try await ledger.judge()
    #expect(decision.outcome == .waiting)
    #expect(
      decision.rejectedApprovals.map(\.reason) == ["it names cleo, but ben signed it"])
  }

  @Test("keys that stand twice in a statement make it unreadable, whichever a reader would take")
  func duplicateKeys() async throws {
    let ledger = try await PeopleLedger()
    try await ledger.approve("ben", official)
    let text = String(
      decoding: try await ledger.statement(of: "cleo", clinical).json(), as: UTF8.self)
    for double in [
      "\"person\":\"cleo\",\"person\":\"cleo\"", "\"person\":\"dana\",\"person\":\"cleo\"",
    ] {
      let bytes = Array(text.replacing("\"person\":\"cleo\"", with: double).utf8)
      let envelope = try Envelope(signing: bytes, by: [ledger.key("cleo")])
      let index = try await ledger.smuggle(envelope.json(), by: "cleo")
      let decision = try await ledger.judge()
      #expect(decision.outcome == .waiting)
      #expect(decision.refused.contains { $0.index == index })
    }
  }

  @Test("a replayed approval counts as the one that it repeats, and not after a later no")
  func replay() async throws {
    let ledger = try await PeopleLedger()
    try await ledger.approve("ben", official)
    let statement = try await ledger.statement(of: "cleo", clinical)
    let envelope = try Envelope(signing: statement.json(), by: [ledger.key("cleo")]).json()
    _ = try await ledger.smuggle(envelope, by: "cleo")
    #expect(try await ledger.judge().outcome == .allowed)
    try await ledger.approve("cleo", clinical, at: 20, verdict: .rejected)
    #expect(try await ledger.judge().outcome == .refused)
    _ = try await ledger.smuggle(envelope, by: "cleo", at: 30)
    let decision = try await ledger.judge()
    #expect(decision.outcome == .refused)
    #expect(decision.rejectedApprovals.contains { $0.reason.hasPrefix("it repeats entry") })
  }

  @Test("a yes that was held back does not take back a later no")
  func heldBack() async throws {
    let ledger = try await PeopleLedger()
    try await ledger.approve("ben", official)
    let held = try await ledger.statement(of: "cleo", clinical, at: 5)
    try await ledger.approve("cleo", clinical, at: 20, verdict: .rejected)
    let envelope = try Envelope(signing: held.json(), by: [ledger.key("cleo")]).json()
    _ = try await ledger.smuggle(envelope, by: "cleo", at: 30)
    #expect(try await ledger.judge().outcome == .refused)
    // A yes that is signed after it does.
    try await ledger.approve("cleo", clinical, at: 40)
    #expect(try await ledger.judge().outcome == .allowed)
  }

  @Test(
    "a key that has ended, is for another application or environment, or kind, approves nothing")
  func limits() async throws {
    for limit in [
      "to: \"2026-06-01T08:05:00Z\"", "from: \"2026-06-02\"", "applications: [billing]",
      "environments: [staging]", "kinds: [commit, trust-root]",
    ] {
      let ledger = try await PeopleLedger(
        trust: PeopleLedger.trust.replacing(
          "keys: [cleo.pub]", with: "keys: [{file: cleo.pub, \(limit)}]"))
      try await ledger.approve("ben", official)
      await #expect(throws: Problem(.notTrusted, ""), "\(limit)") {
        try await ledger.approve("cleo", clinical)
      }
      let statement = try await ledger.statement(of: "cleo", clinical)
      let envelope = try Envelope(signing: statement.json(), by: [ledger.key("cleo")]).json()
      let index = try await ledger.smuggle(envelope, by: "cleo")
      let decision = try await ledger.judge()
      #expect(decision.outcome == .waiting, "\(limit)")
      #expect(decision.refused.map(\.index) == [index], "\(limit)")
    }
  }

  @Test("a policy that is swapped after the people saw it voids what they signed, and says so")
  func swappedPolicy() async throws {
    let ledger = try await PeopleLedger()
    let shown = try await ledger.judge(1)
    try await ledger.approve("ben", official)
    try await ledger.approve("cleo", clinical)
    try ledger.write(
      PeopleLedger.policy.replacing("version: \"1\"", with: "version: \"2\""), "policy.yaml")
    // Not by the file alone: the policy in force is the one that the trust root pins.
    #expect(try await ledger.judge().outcome == .allowed)
    #expect(try await ledger.judge().policy == shown.policy)
    try await ledger.changeTrust(PeopleLedger.trust, at: 30)
    let decision = try await ledger.judge()
    #expect(decision.outcome == .waiting)
    #expect(decision.policy != shown.policy)
    #expect(decision.rejectedApprovals.count == 2)
    #expect(
      decision.rejectedApprovals.allSatisfy { $0.reason.hasPrefix("the policy has changed since") })
  }

  @Test("approvals of another release and another environment count for neither")
  func elsewhere() async throws {
    let ledger = try await PeopleLedger()
    try await ledger.approve("ben", official, in: "staging")
    #expect(try await ledger.judge(in: "staging").outcome == .allowed)
    let decision = try await ledger.judge()
    #expect(decision.approvals.allSatisfy { $0.counted.isEmpty })
    #expect(
      decision.rejectedApprovals.map(\.reason) == ["it is for the environment \"staging\""])
    let other = Release(
      application: "portal", version: "2.0.0", origin: .built, commit: PeopleLedger.commit,
      image: Subject(name: "portal", digest: .sha256("other".utf8)),
      imageConfig: .sha256("c".utf8))
    let recorder = try await ledger.home.recorder(role: .pipeline, time: PeopleLedger.time(20))
    try await recorder.record(
      Evidence(kind: .release, subjects: other.subjects, predicate: other))
    let second = try await ledger.home.judge(
      other, environment: "staging", time: PeopleLedger.time(60))
    #expect(second.approvals.allSatisfy { $0.counted.isEmpty })
    #expect(second.outcome == .waiting)
  }
}
