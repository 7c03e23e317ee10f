/// Where a wrapped command ran, by the word of the CI system around it.
///
/// Nothing here was verified: whoever sets the environment can claim anything. It tells where to
/// look, and what contradicts what is known from elsewhere.
public struct Surroundings: Hashable, Sendable, Codable {
  /// The CI systems that are recognised.
  public enum Platform: String, Sendable, Codable, CaseIterable {
    case githubActions = "github-actions"
    case gitlabCI = "gitlab-ci"
    case jenkins
    case buildkite
    case azurePipelines = "azure-pipelines"
    case circleCI = "circleci"
    /// No CI system showed itself.
    case none
  }

  /// What the words of the environment are worth: there is one value, so that nobody can take them
  /// for more.
  public enum Standing: String, Sendable, Codable { case claimed }

  /// What the environment claims.
  public struct Claims: Hashable, Sendable, Codable {
    /// Who set it off, by the name under which the platform knows them.
    public var actor: String?
    /// The platform's id of the run.
    public var run: String?
    /// Which try of the run it is.
    public var attempt: String?
    /// The job.
    public var job: String?
    /// The definition that the job comes from.
    public var workflow: String?
    /// The repository.
    public var repository: String?
    /// The branch, tag or merge request.
    public var ref: String?
    /// The commit, 40 hexadecimal characters.
    public var commit: String?
    /// What set it off, such as a push.
    public var event: String?
    /// Where the run can be looked at.
    public var url: String?
    /// The machine, or the agent on it.
    public var runner: String?

    /// Claims nothing.
    public init() {}
  }

  /// The CI system that showed itself.
  public let platform: Platform
  /// Always `claimed`.
  public let standing: Standing
  /// What it claims.
  public let claims: Claims
  /// Where the claims contradict each other or what git says; whoever wrapped the command went on
  /// all the same.
  public let contradictions: [String]
  /// How many tracked files of the working tree differ from the commit; `nil` where nobody could
  /// tell.
  public let changedFiles: Int?

  /// States what an environment claims.
  public init(
    platform: Platform, claims: Claims, contradictions: [String], changedFiles: Int? = nil
  ) {
    self.platform = platform
    standing = .claimed
    self.claims = claims
    self.contradictions = contradictions
    self.changedFiles = changedFiles
  }
}
