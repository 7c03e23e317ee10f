public import Model

/// Commits that lie behind a commit, newest first.
public struct CommitHistory: Sendable {
  /// The ids.
  public let commits: [Digest]
  /// Whether those are all: no limit was met, and the repository is no shallow clone.
  public let isComplete: Bool
}

extension GitRepository {
  /// The commits that are reachable from one and not from another, or all that are reachable.
  ///
  /// - Parameter limit: no more than so many, the newest.
  /// - Returns: `nil` when the repository does not have the commit `base`.
  /// - Throws: `Problem`.
  public func history(
    of head: Digest, since base: Digest?, limit: Int
  ) async throws -> CommitHistory? {
    if let base {
      let known = try await run(["cat-file", "-e", "\(base.hex)^{commit}"])
      guard known.status.isSuccess else { return nil }
    }
    let result = try await run(
      ["rev-list", "--max-count=\(limit + 1)", head.hex] + (base.map { ["^\($0.hex)"] } ?? []))
    guard result.status.isSuccess else { throw failure("rev-list", result) }
    let commits = try result.text.split(separator: "\n").map { line in
      guard let id = Digest(.gitCommit, hex: String(line)) else {
        throw failure("rev-list", result)
      }
      return id
    }
    let shallow = try await run(["rev-parse", "--is-shallow-repository"])
    return CommitHistory(
      commits: Array(commits.prefix(limit)),
      isComplete: commits.count <= limit && shallow.text.hasPrefix("false"))
  }
}
