import Foundation
import Journey
import Ledger
import Model
import TestKit
import Testing

/// A decision whose evidence was erased afterwards.
@Suite("Decisions on erased evidence")
struct ErasedEvidenceEndToEnd {
  private static let subject = Subject(name: "commit:ward-app", digest: .sha256([1]))
  private static let image = Subject(name: "image:ward-app", digest: .sha256([2]))

  private func check(
    _ release: Release, _ privacy: PrivacyWard, _ name: String
  ) async throws -> (Program.Result, line: Substring) {
    let result = try await privacy.ward.pratique().run(
      ["verify", release.version, "--ledger", privacy.ward.ledger])
    let line = result.output.split(separator: "\n").first { $0.contains(name) }
    return (result, try #require(line, "\(result.output)"))
  }

  @Test("verify says that it cannot be asked again, and by whom and why the evidence was erased")
  func decision() async throws {
    let privacy = try await PrivacyWard()
    let home = try LedgerHome.open(at: privacy.ward.ledger)
    let recorder = try await home.recorder(role: .pipeline, time: .system)
    let release = Release(
      application: "ward-app", version: "1.0.0", origin: .built, commit: Self.subject,
      image: Self.image, imageConfig: .sha256([3]))
    let source = ReportSource(
      tool: "unit", toolVersion: "1", format: "junit", report: .sha256([4]), feed: nil)
    let now = TimeSource.system.now()
    let test = TestResult(
      application: "ward-app", run: "run-1", time: now, suite: "unit",
      totals: TestTotals(passed: 1, failed: 0, errors: 0, skipped: 0),
      passedTests: ["a"], failedTests: [], source: source)
    let inventory = InventoryResult(
      application: "ward-app", run: "run-1", time: now, components: [], source: source)
    let recorded = try await recorder.record([
      Evidence(kind: .testResult, subjects: [Self.subject], predicate: test),
      Evidence(kind: .inventory, subjects: [Self.image], predicate: inventory),
      Evidence(kind: .release, subjects: release.subjects, predicate: release),
    ])
    let decision = try await home.judge(release, environment: "production", time: .system)
    let entry = try await recorder.record(home.evidence(of: decision))
    let name = "decision #\(try #require(entry).index)"
    try home.ledger.close()

    let before = try await check(release, privacy, name)
    #expect(before.line.hasPrefix("holds"), "\(before.line)")
    // No control asks for the bill of materials: the decision did not rest on it.
    let aside = try await privacy.ledger(
      ["erase", "\(recorded[1].index)", "--reason", "aside"], as: "ana")
    #expect(aside.exitCode == 0, "\(aside.errorOutput)")
    let still = try await check(release, privacy, name)
    #expect(still.line.hasPrefix("holds") && still.line.contains("did not rest on"))

    let erased = try await privacy.ledger(
      ["erase", "\(recorded[0].index)", "--reason", "a name in it", "--basis", "spill"], as: "ana")
    #expect(erased.exitCode == 0, "\(erased.errorOutput)")
    let after = try await check(release, privacy, name)
    #expect(after.line.hasPrefix("ERASED"), "\(after.line)")
    #expect(after.line.contains("cannot be asked again"))
    #expect(after.line.contains("erased by ana as developer"))
    #expect(after.line.contains("a name in it"))
    #expect(after.0.exitCode != 0, "what cannot be shown is not shown")
    try await privacy.ward.pratique().check([
      "report", release.version, "--to", privacy.ward.file("report.html"), "--ledger",
      privacy.ward.ledger,
    ])
    let page = FileManager.default.contents(atPath: privacy.ward.file("report.html")) ?? Data()
    #expect(String(decoding: page, as: UTF8.self).contains("was erased by ana as developer"))
    // A new decision does not pass silently either.
    let gate = try await privacy.ward.pratique().run(
      ["gate", release.version, "--environment", "production", "--ledger", privacy.ward.ledger])
    #expect(gate.exitCode == 20 && gate.errorOutput.contains("was erased"), "\(gate.errorOutput)")
  }
}
