import Attestation
import Blobs
import Compliance
public import Delivery
import Dossier
import Foundation
import Ledger
import LedgerSQLite
public import Model

extension LedgerHome {
  /// Writes the report about a release: one HTML file, whole or not at all.
  ///
  /// - Parameter observed: what was found in environments just now; what runs this release there
  ///   ends the chain of digests.
  /// - Throws: `Problem` with `badInput` when there is a file already and it may not be replaced.
  public func report(
    on release: Release, to path: String, replacing: Bool, time: Instant,
    observed: [EnvironmentStatus] = []
  ) async throws {
    guard replacing || !FileManager.default.fileExists(atPath: path) else {
      throw Problem(
        .badInput, "there is a file already", at: path, advice: "Replace it with --force.")
    }
    var dossier = try await dossier(on: release, time: time)
    dossier.running = observed.compactMap { status in
      guard let serving = status.serving, serving.state == .running, serving.isAsReleased,
        release.image.digests.contains(serving.image)
      else { return nil }
      return RunningImage(
        environment: status.environment, imageConfig: release.imageConfig, observedAt: time)
    }
    let registry = registry
    let known = Set(registry.people.map(\.id))
    let page = ReleaseReport(dossier) { known.contains($0) ? registry.name(of: $0) : nil }.html()
    try DurableFile.write(Array(page.utf8), to: path, mode: 0o644)
  }

  /// Gathers all that the ledger says about a release.
  func dossier(on release: Release, time: Instant) async throws -> ReleaseDossier {
    let found = try await evidence(on: release)
    let recorded = try recorded(found.evidence, .release, Release.self)
      .last { $0.value == release }
    guard let recorded else {
      throw Problem(.notFound, "the release \(release.version) has no entry in the ledger")
    }
    var dossier = ReleaseDossier(
      organisation: found.trust.organisation, madeAt: time, release: recorded,
      ledger: found.position)
    dossier.decisions = try self.recorded(found.evidence, .decision, VerificationSummary.self)
      .map { Recorded($0.value.decision, $0.entry) }
    dossier.approvals = try self.recorded(found.evidence, .approval, Approval.self)
    dossier.sources = try self.recorded(found.evidence, .sourceCheck, SourceCheck.self)
    dossier.steps = try self.recorded(found.evidence, .step, StepReport.self)
    dossier.runs = try self.recorded(found.evidence, .run, RunReport.self)
    dossier.tests = try self.recorded(found.evidence, .testResult, TestResult.self)
    dossier.scans =
      try
      (self.recorded(found.evidence, .vulnerabilityScan, ScanResult.self)
      + self.recorded(found.evidence, .staticAnalysis, ScanResult.self))
    dossier.inventories = try self.recorded(found.evidence, .inventory, InventoryResult.self)
    dossier.rollouts = try self.recorded(found.evidence, .rollout, RolloutReport.self)
    dossier.notes = found.refused.map { refused in
      let note = found.erased.first { $0.entry == refused.index }
      return "Entry \(refused.index) of kind \"\(refused.kind.rawValue)\" "
        + (note.map { "was \($0.words)." } ?? "does not count: \(refused.reason).")
    }
    for entry in dossier.entries {
      dossier.receipts.append(
        EntryReceipt(index: entry.index, text: try await receipt(entry.index).description))
    }
    return dossier
  }

  private func recorded<Value: Decodable & Sendable & Hashable>(
    _ evidence: [AdmittedEvidence], _ kind: EvidenceKind, _ type: Value.Type
  ) throws -> [Recorded<Value>] {
    try evidence.filter { $0.kind == kind }.map {
      Recorded(try $0.statement.predicate(as: type), $0.reference)
    }
  }
}
