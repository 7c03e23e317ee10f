public import Model

/// What the ledger answers an auditor, and the head of the log from which it answers.
public struct AuditAnswer: Sendable, Encodable {
  /// What was asked.
  public let request: AuditRequest
  /// The log's name, size and root: the answer is about these entries and no later ones.
  public let ledger: LedgerPosition
  /// The signed checkpoint of that size, as the log's operator must keep to it.
  public let checkpoint: String
  /// Releases that were bound, decided on, approved or rolled out in the period, oldest first.
  public let releases: [AuditedChange]
  /// What was recorded about the application in the period and belongs to no release, by commit.
  public let unreleased: [AuditedChange]
  /// What could not be read or does not count, one sentence each; an answer with such a note is not
  /// whole.
  public let notes: [String]
}

/// What is known of one release, or of a commit that was not released, before the period's end.
public struct AuditedChange: Sendable, Encodable {
  /// Where a fact stands in the ledger, and who recorded it when.
  public struct Place: Sendable, Encodable {
    /// Index of the entry.
    public let index: Int64
    /// Pseudonym of the actor.
    public let actor: String
    /// The actor's name, as the registry has it; otherwise the pseudonym.
    public let name: String
    /// The role in which the actor acted.
    public let role: Role
    /// When it was recorded.
    public let time: Instant
  }

  /// A fact and its place.
  public struct Fact<Value: Sendable & Encodable>: Sendable, Encodable {
    /// What was recorded.
    public let value: Value
    /// Where it stands.
    public let entry: Place
  }

  /// A change of an environment, or the try.
  public struct Rollout: Sendable, Codable {
    /// The environment.
    public let environment: String
    /// How it ended.
    public let outcome: RolloutReport.Outcome
    /// Why it did not succeed.
    public let reason: String?
    /// Version that served before.
    public let previousVersion: String?
    /// When it began.
    public let startedAt: Instant
    /// When it had ended.
    public let finishedAt: Instant
    /// Requests served and lost meanwhile.
    public let requests: RolloutReport.Requests
  }

  /// A gate's answer.
  public struct Decision: Sendable, Codable {
    /// The state of one control.
    public struct Control: Sendable, Codable {
      /// The control's id.
      public let control: String
      /// What the gate said of it.
      public let state: ControlState
    }

    /// The environment.
    public let environment: String
    /// The answer.
    public let outcome: Model.Decision.Outcome
    /// The policy that was asked.
    public let policy: PolicyReference
    /// Why it was not allowed.
    public let reasons: [String]
    /// Every control that was asked.
    public let controls: [Control]
  }

  /// A person's verdict.
  public struct Approval: Sendable, Codable {
    /// Yes or no.
    public let verdict: Model.Approval.Verdict
    /// The environment that it speaks of.
    public let environment: String
    /// Pseudonym of the person.
    public let person: String
    /// In which role.
    public let role: Role
    /// Why, in the person's words.
    public let reason: String
  }

  /// Totals of one test report.
  public struct Tests: Sendable, Encodable {
    /// The suite.
    public let suite: String
    /// Counts by outcome.
    public let totals: TestTotals
    /// Names of the tests that failed; the first twenty.
    public let failed: [String]
  }

  /// Totals of one scan.
  public struct Scan: Sendable, Encodable {
    /// What was looked for.
    public let scope: String
    /// The tool.
    public let tool: String
    /// Findings by severity.
    public let totals: FindingTotals
  }

  /// What was checked about the commit.
  public struct Source: Sendable, Codable {
    /// Whether its signature verified.
    public let isSigned: Bool
    /// Pseudonym of the signing key's holder.
    public let signer: String?
    /// Pseudonym of the author.
    public let author: String?
    /// Why, in one sentence.
    public let reason: String
  }

  /// Where a run of the pipeline stood.
  public struct Run: Sendable, Codable {
    /// The run's id.
    public let run: String
    /// Where it stood.
    public let state: RunReport.State
    /// Why it ended so, where it did not succeed.
    public let reason: String?
  }

  /// The subjects that the facts share: image and commit.
  public let subjects: [Digest]
  /// The release; `nil` for a commit without one, or when its payload is gone.
  public internal(set) var release: Fact<Release>?
  /// What was checked about the commit.
  public internal(set) var sources: [Fact<Source>] = []
  /// What was tested, in the ledger's order.
  public internal(set) var tests: [Fact<Tests>] = []
  /// What was scanned, in the ledger's order.
  public internal(set) var scans: [Fact<Scan>] = []
  /// Approvals and rejections, in the ledger's order.
  public internal(set) var approvals: [Fact<Approval>] = []
  /// Gates' answers, in the ledger's order.
  public internal(set) var decisions: [Fact<Decision>] = []
  /// Changes of environments, in the ledger's order.
  public internal(set) var rollouts: [Fact<Rollout>] = []
  /// Where runs of the pipeline stood, in the ledger's order.
  public internal(set) var runs: [Fact<Run>] = []
  /// How many further entries there are of each kind, such as steps.
  public internal(set) var further: [String: Int] = [:]
  /// Whether something was recorded after the change of a clock that went back: times then do not
  /// follow the ledger's order.
  public internal(set) var isOutOfOrder = false

  /// The commit, where one of the subjects is one.
  public var commit: Digest? {
    release.map { $0.value.commit?.digests.first } ?? subjects.first { $0.algorithm == .gitCommit }
  }
  /// The image, where one of the subjects is one.
  public var image: Digest? {
    release?.value.image.digests.first ?? subjects.first { $0.algorithm != .gitCommit }
  }

  init(subjects: [Digest]) { self.subjects = subjects }
}
