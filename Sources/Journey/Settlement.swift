import Model

/// Asks a store again where nobody can say whether it did what it was asked: it was busy, or broke
/// off during the commit. The drafts keep their entry ids, so that what was recorded is found and
/// not recorded twice.
struct Settlement {
  /// How long to wait before each further try.
  var pauses: [Duration] = [.milliseconds(20), .milliseconds(200)]
  /// A store that itself waited longer than this is not asked again.
  var patience: Duration = .seconds(20)

  /// Appends.
  ///
  /// - Throws: what the last try threw; whether the drafts were recorded is then still open when it
  ///   is `busy` or `inputOutput`, and sending them once more settles it.
  func append(
    isolation: isolated (any _Concurrency.Actor)? = #isolation, _ once: () async throws -> [Int64]
  ) async throws -> [Int64] {
    let begun = ContinuousClock.now
    for pause in pauses {
      do {
        return try await once()
      } catch let problem as Problem where problem.code == .busy || problem.code == .inputOutput {
        guard ContinuousClock.now - begun < patience else { throw problem }
        try await Task.sleep(for: pause)
      }
    }
    return try await once()
  }
}
