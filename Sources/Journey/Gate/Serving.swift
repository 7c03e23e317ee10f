import Attestation
import Compliance
import Ledger
import LedgerSQLite
import Model

extension LedgerHome {
  /// What serves in an environment, as admitted rollouts have it: the release that went live last
  /// and was not rolled back, of another commit than the one that is asked about.
  ///
  /// Read from the newest rollout backwards, page by page, so that the usual answer costs one page.
  /// A rollout that was not admitted counts for nothing.
  ///
  /// - Parameters:
  ///   - commit: the commit that would come; releases of it are passed over.
  ///   - size: only the ledger's first so many entries are looked at.
  func serving(
    _ application: String, in environment: String, besides commit: Digest?, size: Int64 = .max
  ) async throws -> LiveRelease? {
    let history = try await trustHistory(size: size)
    var indices = try await ledger.read { try $0.indices(kind: .rollout) }.filter { $0 < size }
    while !indices.isEmpty {
      let page = Array(indices.suffix(64))
      indices.removeLast(page.count)
      for entry in try await ledger.entries(page).reversed() {
        guard let report = rollout(entry, history),
          report.application.utf8.elementsEqual(application.utf8),
          report.environment.utf8.elementsEqual(environment.utf8),
          let live = report.live
        else { continue }
        let bound = try await self.commit(of: live.image, application, history, size)
        if bound == nil || bound != commit {
          return LiveRelease(version: live.version, commit: bound)
        }
      }
    }
    return nil
  }

  private func rollout(_ entry: StoredEntry, _ history: TrustHistory) -> RolloutReport? {
    guard let leaf = try? Leaf(bytes: entry.leaf),
      let statement = try? EntryReader.statement(entry, leaf: leaf, history: history)
    else { return nil }
    return try? statement.predicate(as: RolloutReport.self)
  }

  /// The commit that the latest admitted release binds to an image.
  private func commit(
    of image: Digest, _ application: String, _ history: TrustHistory, _ size: Int64
  ) async throws -> Digest? {
    let indices = try await ledger.read { snapshot in
      try snapshot.indices(subjects: [image]).filter { index in
        try index < size && snapshot.leaf(index).map { try Leaf(bytes: $0).kind } == .release
      }
    }
    for entry in try await ledger.entries(indices).reversed() {
      guard let leaf = try? Leaf(bytes: entry.leaf),
        let statement = try? EntryReader.statement(entry, leaf: leaf, history: history),
        let release = try? statement.predicate(as: Release.self),
        release.application.utf8.elementsEqual(application.utf8)
      else { continue }
      return release.commitID
    }
    return nil
  }
}

extension RolloutReport {
  /// What served when it had ended, where it says so.
  var live: (image: Digest, version: String)? {
    switch outcome {
    case .released: (image, version)
    case .rolledBack: previousImage.map { ($0, previousVersion ?? $0.short) }
    // Nothing serves after it was taken down; what served last is still what was last approved.
    case .refused, .failed, .takenDown: nil
    }
  }
}

extension Release {
  /// The commit's id, for a release that was built from one.
  var commitID: Digest? { commit?.digests.first { $0.algorithm == .gitCommit } }
}
