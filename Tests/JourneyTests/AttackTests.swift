import Attestation
import Compliance
import Foundation
import Ledger
import Model
import Reading
import TestKit
import Testing

@testable import Journey

/// Evidence that lies, in a real ledger with real signatures: none of it opens the gate of
/// production, which asks that the release was staged.
@Suite struct AttackTests {
  private let time = TimeSource(name: "given time") { SmallLedger.now }
  private let release = SmallLedger.release(1)

  /// A ledger that binds the release and holds nothing else about it.
  private func bound() async throws -> SmallLedger {
    let ledger = try await SmallLedger()
    try await ledger.record(.release, release, of: release)
    return ledger
  }

  private func outcome(_ ledger: SmallLedger) async throws -> Decision {
    try await ledger.home.judge(release, environment: "production", time: time)
  }

  private func staged(_ outcome: RolloutReport.Outcome = .released) throws -> Statement {
    try Statement(
      Evidence(
        kind: .rollout, subjects: release.subjects,
        predicate: SmallLedger.rollout(1, outcome, in: "staging")))
  }

  /// Records an envelope as it is, whatever it says.
  private func append(
    _ ledger: SmallLedger, _ envelope: [UInt8], kind: EvidenceKind = .rollout,
    subjects: [Subject]? = nil
  ) async throws {
    _ = try await ledger.home.ledger.append(
      [
        EntryDraft(
          kind: kind, envelope: envelope,
          subjects: (subjects ?? release.subjects).flatMap(\.digests), actor: "runner",
          role: .pipeline, time: SmallLedger.now)
      ], logSigner: ledger.log.signer)
  }

  private func expectShut(
    _ ledger: SmallLedger, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let decision = try await outcome(ledger)
    #expect(
      decision.outcome == .refused || decision.outcome == .error, "\(decision.outcome)",
      sourceLocation: sourceLocation)
    #expect(
      decision.controls.allSatisfy { $0.state != .met }, sourceLocation: sourceLocation)
  }

  @Test func theTrueEvidenceOpensIt() async throws {
    let ledger = try await bound()
    try await expectShut(ledger)
    try await append(
      ledger, Envelope(signing: staged().json(), by: [ledger.runner.signer]).json())
    #expect(try await outcome(ledger).outcome == .allowed)
  }

  @Test func forgedEvidence() async throws {
    let ledger = try await bound()
    let stranger = PrivateKey.generate()
    let bytes = try Envelope(signing: staged().json(), by: [stranger.signer]).json()
    try await append(ledger, bytes)
    try await expectShut(ledger)
  }

  @Test func aKeyIdThatLies() async throws {
    let ledger = try await bound()
    let stranger = PrivateKey.generate()
    let bytes = try Envelope(signing: staged().json(), by: [stranger.signer]).json()
    let lie = String(decoding: bytes, as: UTF8.self).replacing(
      stranger.publicKey.id.hex, with: ledger.runner.publicKey.id.hex)
    #expect(Array(lie.utf8) != bytes)
    try await append(ledger, Array(lie.utf8))
    try await expectShut(ledger)
  }

  @Test func aKeyThatMayNotSignTheKind() async throws {
    let ledger = try await bound()
    try await append(ledger, Envelope(signing: staged().json(), by: [ledger.ana.signer]).json())
    try await expectShut(ledger)
  }

  @Test func aSignatureOverOtherBytes() async throws {
    let ledger = try await bound()
    let failed = try Envelope(signing: staged(.failed).json(), by: [ledger.runner.signer]).json()
    let passed = try Envelope(signing: staged().json(), by: [PrivateKey.generate().signer]).json()
    var wrong = try #require(JSONReader.read(failed).object)
    wrong["payload"] = try JSONReader.read(passed)["payload"]
    try await append(ledger, CanonicalJSON.write(.object(wrong)))
    try await expectShut(ledger)
  }

  @Test func truncatedEvidence() async throws {
    let ledger = try await bound()
    let bytes = try Envelope(signing: staged().json(), by: [ledger.runner.signer]).json()
    for length in [0, 1, bytes.count / 2, bytes.count - 1] {
      try await append(ledger, Array(bytes.prefix(length)))
    }
    try await expectShut(ledger)
  }

  @Test func namesThatStandTwiceInOneObject() async throws {
    let ledger = try await bound()
    let text = String(decoding: try staged(.failed).json(), as: UTF8.self)
    let double = text.replacing(
      #""outcome":"failed""#, with: #""outcome":"failed","outcome":"released""#)
    #expect(double != text)
    try await append(
      ledger, Envelope(signing: Array(double.utf8), by: [ledger.runner.signer]).json())
    try await expectShut(ledger)
  }

  @Test func aSubjectOfTheSameNameAndAnotherDigest() async throws {
    let ledger = try await bound()
    let other = release.subjects.map {
      Subject(name: $0.name, digest: .sha256(Array("another \($0.name)".utf8)))
    }
    let statement = try Statement(
      Evidence(
        kind: .rollout, subjects: other, predicate: SmallLedger.rollout(1, in: "staging")))
    let bytes = try Envelope(signing: statement.json(), by: [ledger.runner.signer]).json()
    // Once under its own digests, once under those of the release.
    try await append(ledger, bytes, subjects: other)
    try await append(ledger, bytes)
    try await expectShut(ledger)
  }

  @Test func evidenceOfAnotherRelease() async throws {
    let ledger = try await bound()
    let other = SmallLedger.release(2)
    let statement = try Statement(
      Evidence(
        kind: .rollout, subjects: other.subjects,
        predicate: SmallLedger.rollout(2, in: "staging")))
    let bytes = try Envelope(signing: statement.json(), by: [ledger.runner.signer]).json()
    try await append(ledger, bytes, subjects: other.subjects)
    try await expectShut(ledger)
    // Entered under this release's digests it is refused, and one of another kind likewise.
    try await append(ledger, bytes)
    try await append(ledger, bytes, kind: .testResult)
    try await expectShut(ledger)
  }

  @Test func evidenceOfAnotherApplicationOnTheSameImage() async throws {
    let ledger = try await bound()
    try await ledger.record(
      .rollout, SmallLedger.rollout(1, in: "staging", application: "other"), of: release)
    try await expectShut(ledger)
  }

  @Test func anOldPassRecordedAgainAfterAFailure() async throws {
    let ledger = try await bound()
    let pass = try Envelope(signing: staged().json(), by: [ledger.runner.signer]).json()
    try await append(ledger, pass)
    #expect(try await outcome(ledger).outcome == .allowed)
    try await append(
      ledger, Envelope(signing: staged(.failed).json(), by: [ledger.runner.signer]).json())
    try await expectShut(ledger)
    // The same bytes, and the same statement signed again by the same key.
    try await append(ledger, pass)
    try await append(
      ledger,
      Envelope(signing: staged().json(), by: [ledger.runner.signer, ledger.stager.signer]).json())
    try await expectShut(ledger)
  }

  @Test func aPolicySwappedBetweenExplainingAndDeciding() async throws {
    let ledger = try await bound()
    try await append(
      ledger, Envelope(signing: staged().json(), by: [ledger.runner.signer]).json())
    let explained = try await ledger.home.explain(release, environment: "production", time: time)
    #expect(explained.decision.outcome == .allowed)
    // Other bytes in the place of the pinned policy: neither is judged by them.
    let digest = explained.decision.policy.digest
    let folder = "\(ledger.home.path)/blobs"
    let file = try #require(
      FileManager.default.subpathsOfDirectory(atPath: folder).first {
        $0.replacing("/", with: "").contains(digest.hex)
      })
    try Data("{}".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(file)"))
    do {
      let decided = try await outcome(ledger)
      #expect(decided.outcome == .error, "\(decided.outcome)")
    } catch let problem as Problem {
      #expect(problem.code == .ledgerDamaged || problem.code == .judgingFailed)
    }
  }
}
