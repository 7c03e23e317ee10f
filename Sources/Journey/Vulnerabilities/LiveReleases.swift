import Attestation
import Ledger
import LedgerSQLite
import Model

/// A release that serves in an environment, as the ledger has it.
struct ServingRelease {
  let environment: String
  let application: String
  let release: Release
  /// When it went live.
  let since: Instant
}

extension LedgerHome {
  /// What serves in every environment, by admitted rollouts, the newest of each environment first.
  ///
  /// - Throws: `Problem` with `ledgerDamaged` where what serves was bound by no release.
  func servingReleases() async throws -> [ServingRelease] {
    let history = try await trustHistory()
    var settled: Set<String> = []
    var serving: [ServingRelease] = []
    var indices = try await ledger.read { try $0.indices(kind: .rollout) }
    while !indices.isEmpty {
      let page = Array(indices.suffix(64))
      indices.removeLast(page.count)
      for entry in try await ledger.entries(page).reversed() {
        guard let leaf = try? Leaf(bytes: entry.leaf),
          let statement = try? EntryReader.statement(entry, leaf: leaf, history: history),
          let report = try? statement.predicate(as: RolloutReport.self),
          !settled.contains("\(report.application)/\(report.environment)")
        else { continue }
        switch report.outcome {
        // What served before serves on.
        case .refused, .failed: continue
        case .takenDown: settled.insert("\(report.application)/\(report.environment)")
        case .released, .rolledBack:
          settled.insert("\(report.application)/\(report.environment)")
          guard let live = report.live else { continue }
          let release = try await boundRelease(of: live.image, report.application, history)
          serving.append(
            ServingRelease(
              environment: report.environment, application: report.application, release: release,
              since: report.finishedAt))
        }
      }
    }
    return serving.sorted { ($0.application, $0.environment) < ($1.application, $1.environment) }
  }

  private func boundRelease(
    of image: Digest, _ application: String, _ history: TrustHistory
  ) async throws -> Release {
    let indices = try await ledger.read { snapshot in
      try snapshot.indices(subjects: [image]).filter { index in
        try snapshot.leaf(index).map { try Leaf(bytes: $0).kind } == .release
      }
    }
    for entry in try await ledger.entries(indices).reversed() {
      guard let leaf = try? Leaf(bytes: entry.leaf),
        let statement = try? EntryReader.statement(entry, leaf: leaf, history: history),
        let release = try? statement.predicate(as: Release.self),
        release.application.utf8.elementsEqual(application.utf8)
      else { continue }
      return release
    }
    throw Problem(
      .ledgerDamaged, "the image \(image) serves, and no release of \(application) binds it")
  }
}
