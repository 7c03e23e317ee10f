import Model

/// The entries that bind a release: the ledger, not the caller, says what travels together.
struct ReleaseBinding {
  let release: Release
  /// All admitted evidence of kind `release`, by ascending index.
  let pieces: [AdmittedEvidence]

  /// The entries that bind just these digests.
  ///
  /// - Throws: `Problem` with `judgingFailed` for one that cannot be read.
  func entries() throws -> [AdmittedEvidence] {
    try pieces.filter { try $0.predicate(as: Release.self) == release }
  }

  /// What to say where there is none.
  var absence: String {
    "no entry binds release \(release.version) of \(release.application) with these digests — bind"
      + " it with the pipeline's release/bind"
  }
}
