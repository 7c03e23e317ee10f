import Attestation
import Compliance
import Model

/// What serves where, kept up to date while the ledger is gone through in its order: the same answer
/// as `serving` gives, without reading any rollout twice.
struct ServingState {
  private struct Place: Hashable {
    let application: String
    let environment: String
  }

  private struct Image: Hashable {
    let application: String
    let digest: Digest
  }

  private var live: [Place: [(image: Digest, version: String)]] = [:]
  private var commits: [Image: Digest?] = [:]

  /// Takes in an admitted entry; what cannot be read counts for nothing, as there.
  mutating func add(_ piece: AdmittedEvidence) {
    if piece.kind == .rollout,
      let report = try? piece.statement.predicate(as: RolloutReport.self), let now = report.live
    {
      let place = Place(application: report.application, environment: report.environment)
      // Going back and forth between releases must not make the list long.
      live[place, default: []].removeAll { $0.image == now.image && $0.version == now.version }
      live[place, default: []].append(now)
    }
    if piece.kind == .release, let release = try? piece.statement.predicate(as: Release.self) {
      for digest in release.image.digests {
        let image = Image(application: release.application, digest: digest)
        commits[image] = .some(release.commitID)
      }
    }
  }

  /// The release that went live last, of another commit.
  func serving(
    _ application: String, in environment: String, besides commit: Digest?
  ) -> LiveRelease? {
    let place = Place(application: application, environment: environment)
    for release in (live[place] ?? []).reversed() {
      let bound = commits[Image(application: application, digest: release.image)] ?? nil
      if bound == nil || bound != commit {
        return LiveRelease(version: release.version, commit: bound)
      }
    }
    return nil
  }
}
