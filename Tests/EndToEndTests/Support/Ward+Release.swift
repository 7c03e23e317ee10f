import Journey
import Ledger
import LedgerSQLite
import Model
import TestKit

extension Ward {
  /// Records a release as `release/bind` records it, of an image that exists in name only.
  func recordRelease() async throws -> Release {
    let home = try LedgerHome.open(at: ledger)
    let release = Release(
      application: "ward-app", version: "1.0-abc", origin: .built,
      commit: Subject(name: "commit:ward-app", digest: .sha256(Array("commit".utf8))),
      image: Subject(name: "image:ward-app", digest: .sha256(Array("image".utf8))),
      imageConfig: .sha256(Array("config".utf8)))
    let evidence = Evidence(kind: .release, subjects: release.subjects, predicate: release)
    let recorder = try await home.recorder(role: .pipeline, time: .system)
    _ = try await recorder.record([evidence])
    try home.ledger.close()
    return release
  }
}
