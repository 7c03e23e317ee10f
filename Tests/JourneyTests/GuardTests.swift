import Attestation
import Foundation
import Ledger
import Model
import Reading
import TestKit
import Testing

@testable import Journey

/// Nothing that may be PHI enters the ledger, whichever way it comes.
@Suite("PHI at the ledger's door")
struct GuardTests {
  /// Made up: labelled as a hospital's record number, and nobody's.
  static let value = "MRN: 00482917"

  private static func statement(_ text: String) -> PersonStatement {
    PersonStatement(
      topic: "risk-analysis", text: text, application: nil, documents: [], facts: [:],
      person: "ana", role: Role(rawValue: "developer"), time: SmallLedger.now,
      expires: SmallLedger.now)
  }

  private static func evidence(
    _ kind: EvidenceKind, _ predicate: any Encodable & Sendable
  ) -> Evidence {
    Evidence(kind: kind, subjects: [.init(name: "a", digest: .sha256([1]))], predicate: predicate)
  }

  @Test("what a person writes with a patient's number in it is refused, with its place")
  func personStatement() async throws {
    let small = try await SmallLedger()
    let size = try await small.home.ledger.read { try $0.size() }
    let recorder = try await small.home.recorder(role: .pipeline, time: .system)
    do {
      try await recorder.record(
        Self.evidence(.personStatement, Self.statement("Looked at \(Self.value) with the ward.")))
      Issue.record("it was recorded")
    } catch let problem as Problem {
      #expect(problem.code == .phiFound)
      #expect(problem.location == "/text")
      #expect(!problem.description.contains("482917"))
    }
    #expect(try await small.home.ledger.read { try $0.size() } == size)
  }

  @Test("what the program did is recorded, with a marker in the value's place")
  func account() async throws {
    let report = RunReport(
      run: "r", application: "portal", state: .failed, definition: .sha256([1]),
      time: SmallLedger.now, reason: "it said: \(Self.value)")
    let passed = try StatementGuard.pass(Statement(Self.evidence(.run, report)), kind: .run)
    #expect(passed.predicate["reason"]?.string == "it said: MRN: [PHI: record-number]")
    // What was replaced once is found no second time.
    #expect(try StatementGuard.pass(passed, kind: .run) == passed)
  }

  @Test("a field's name tells what its value is; what the program writes itself is no finding")
  func names() throws {
    let facts = ["mrn": "00482917"]
    #expect(throws: Problem(.phiFound, "")) {
      try StatementGuard.pass(
        Statement(Self.evidence(.personStatement, ["facts": facts])), kind: .personStatement)
    }
    let own: [String: String] = [
      "time": "2026-06-01T12:00:00.000Z", "digest": Digest.sha256([1]).description,
      "package": "pkg:deb/debian/libssl3@3.0.11-1~deb12u2?arch=amd64",
      "reason": "Scan and access tests of 2026-11-20 reviewed by the ward, ticket 48213377.",
      "step": "test/unit", "address": "urn:pratique:builder:podman",
    ]
    let statement = try Statement(Self.evidence(.personStatement, own))
    #expect(try StatementGuard.pass(statement, kind: .personStatement) == statement)
  }

  @Test("a report with a patient's number is not kept")
  func report() async throws {
    let small = try await SmallLedger()
    let before = try await small.home.blobs.digests()
    let report = """
      <testsuite name="s" tests="1"><testcase name="reads one"><system-out>
      \(Self.value)</system-out></testcase></testsuite>
      """
    do {
      _ = try await small.home.keep(report: Array(report.utf8), at: "junit.xml")
      Issue.record("it was kept")
    } catch let problem as Problem {
      #expect(problem.code == .phiFound)
      #expect(problem.message.contains("line 2"))
      #expect(!problem.description.contains("482917"))
    }
    #expect(try await small.home.blobs.digests() == before)
  }

  @Test("a report that cannot be looked at whole is not kept either")
  func unreadable() async throws {
    let small = try await SmallLedger()
    await #expect(throws: Problem(.phiFound, "")) {
      try await small.home.keep(report: [0x28, 0xb5, 0x2f, 0xfd] + Array("zstd".utf8), at: "r")
    }
  }
}
