public import Model

/// The release that serves in an environment, as rollouts in the ledger have it.
public struct LiveRelease: Hashable, Sendable, Codable {
  /// Its version, for people.
  public let version: String
  /// Its commit; `nil` for one that was not built from a commit.
  public let commit: Digest?

  /// Names what serves.
  public init(version: String, commit: Digest?) {
    self.version = version
    self.commit = commit
  }
}

/// Who made what a release brings into an environment: they may not approve it.
struct ChangeJudging {
  let environment: String
  /// What serves there, of another commit than the release's.
  let live: LiveRelease?
  /// All checks of the release's commit, by ascending index.
  let checks: [SourceCheck]

  /// What was found.
  struct Outcome {
    /// People who may not approve, and why.
    var barred: [String: String] = [:]
    var changes: Changes?
    /// Why nobody can tell who may approve.
    var obstacles: [String] = []

    var people: [BarredPerson] {
      barred.map { BarredPerson(person: $0.key, reason: $0.value) }
        .sorted { $0.person.utf8.lexicographicallyPrecedes($1.person.utf8) }
    }
  }

  /// Finds it; where nobody need approve, only who wrote and signed the commit itself.
  func outcome(isApprovalAsked: Bool) -> Outcome {
    var outcome = Outcome()
    let authors = checks.flatMap { [$0.author, $0.signer] }.compactMap(\.self)
    guard isApprovalAsked else {
      outcome.bar(authors, Self.own)
      return outcome
    }
    guard let latest = checks.last else {
      outcome.obstacles = [
        "no check of the commit says who wrote it, so nobody can tell who may approve it"
      ]
      return outcome
    }
    if latest.author == nil {
      outcome.obstacles.append(
        "the commit's author is in no registry, so nobody can tell who may approve it")
    }
    if let changes = checks.reversed().lazy.flatMap(\.changes).first(where: fits) {
      outcome.changes = changes
      outcome.bar(changes.people, words(changes))
      outcome.obstacles += gaps(changes)
    } else {
      outcome.obstacles.append(
        "no check of the commit says who wrote the commits that it brings into"
          + " \"\(environment)\"\(live.map { ", where \($0.version) serves" } ?? "")"
          + " — begin a new run: pratique run")
    }
    outcome.bar(authors, Self.own)
    return outcome
  }

  private static let own = "wrote or signed the commit"

  /// Whether a list of changes holds at least what the release brings now. One that was made when
  /// something else served there might lack commits.
  private func fits(_ changes: Changes) -> Bool {
    guard changes.environment.isSame(as: environment) else { return false }
    guard let live else { return changes.since == nil }
    return changes.since == nil ? changes.isComplete : changes.since == live.commit
  }

  private func words(_ changes: Changes) -> String {
    "wrote or signed one of the \(changes.commits) commits"
      + (changes.since.map { " since \($0.hex.prefix(12))" } ?? " behind the release")
  }

  /// What nobody knows of the commits since a release that serves. Of the first release into an
  /// environment the older history is looked at as far as it goes.
  private func gaps(_ changes: Changes) -> [String] {
    guard let live else { return [] }
    var gaps: [String] = []
    if !changes.isComplete {
      gaps.append(
        "only the latest \(changes.commits) of the commits since \(live.version) were looked at, so"
          + " nobody can tell who wrote the others — fetch the whole history, or release in"
          + " smaller steps")
    }
    if changes.unknownAuthors > 0 {
      gaps.append(
        "\(changes.unknownAuthors) of the \(changes.commits) commits since \(live.version) have an"
          + " author who is in no registry, so nobody can tell who may approve them — add the"
          + " addresses to the registry, and begin a new run")
    }
    return gaps
  }
}

extension ChangeJudging.Outcome {
  fileprivate mutating func bar(_ people: [String], _ reason: String) {
    for person in people { barred[person] = reason }
  }
}
