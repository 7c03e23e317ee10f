/// The commits that a commit would bring into an environment, and who made them.
///
/// They are all that are reachable from it and not from the commit of the release that serves there;
/// where none serves, or its commit is not in the repository, all that are reachable.
public struct Changes: Hashable, Sendable, Codable {
  /// The environment.
  public let environment: String
  /// The commit of the release that served there; `nil` when all reachable commits were looked at.
  public let since: Digest?
  /// How many commits were looked at.
  public let commits: Int
  /// Pseudonyms of their authors and committers, and of the holders of the keys that signed them,
  /// sorted.
  public let people: [String]
  /// How many of the commits have an author who is in no registry.
  public let unknownAuthors: Int
  /// Whether those were all: no limit was met, and the repository holds its whole history.
  public let isComplete: Bool

  /// States who made which changes.
  public init(
    environment: String, since: Digest?, commits: Int, people: [String], unknownAuthors: Int,
    isComplete: Bool
  ) {
    self.environment = environment
    self.since = since
    self.commits = commits
    self.people = people
    self.unknownAuthors = unknownAuthors
    self.isComplete = isComplete
  }
}

/// What was checked about a commit: the predicate of kind `source-check`.
public struct SourceCheck: Hashable, Sendable, Codable {
  /// The application's name.
  public let application: String
  /// Id of the run that checked it.
  public let run: String
  /// When it was checked.
  public let time: Instant
  /// The full commit id.
  public let commit: String
  /// Digest of the exported tree's archive.
  public let export: Digest
  /// Whether the signature verifies with a key of the trust root in force.
  public let isSigned: Bool
  /// Why, in one sentence.
  public let reason: String
  /// The key that signed, by its id in the trust root.
  public let key: String?
  /// Pseudonym of the key's holder.
  public let signer: String?
  /// Pseudonym of the author; `nil` when the author is not in the registry.
  public let author: String?
  /// Whether the committer's e-mail address is one of the signer's, as the registry has it.
  public let isCommitterMatched: Bool
  /// For each environment whose gate asks for approvals, the commits that this one would bring.
  public let changes: [Changes]

  /// States what was checked about a commit.
  public init(
    application: String, run: String, time: Instant, commit: String, export: Digest,
    isSigned: Bool, reason: String, key: String?, signer: String?, author: String?,
    isCommitterMatched: Bool, changes: [Changes] = []
  ) {
    self.application = application
    self.run = run
    self.time = time
    self.commit = commit
    self.export = export
    self.isSigned = isSigned
    self.reason = reason
    self.key = key
    self.signer = signer
    self.author = author
    self.isCommitterMatched = isCommitterMatched
    self.changes = changes
  }
}
