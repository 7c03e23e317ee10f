import Attestation
public import Delivery
import Foundation
import Ledger
public import Model

extension LedgerHome {
  /// Goes back to the release that served before, and records it: a way back needs no gate.
  ///
  /// - Throws: `Problem` with `notFound` when there is none.
  public func goBack(
    _ access: EnvironmentAccess, environment: Delivery.EnvironmentDefinition, reason: String,
    time: TimeSource
  ) async throws -> RolloutReport {
    let recorder = try await recorder(role: .pipeline, time: time)
    let report = try await access.rollout(environment, time: time).rollBack(
      reason: reason, identifier: "back.\(UUID().uuidString.lowercased())")
    let subject = Subject(name: "image:\(report.application)", digest: report.image)
    try await recorder.record(
      Evidence(kind: .rollout, subjects: [subject], predicate: report))
    return report
  }
}
