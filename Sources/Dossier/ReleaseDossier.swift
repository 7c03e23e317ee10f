public import Model

/// A fact and where the ledger holds it.
public struct Recorded<Value: Sendable & Hashable>: Sendable, Hashable {
  /// The fact.
  public let value: Value
  /// Kind, index, envelope, signer and time of its entry.
  public let entry: EvidenceReference

  /// A fact with its entry.
  public init(_ value: Value, _ entry: EvidenceReference) {
    self.value = value
    self.entry = entry
  }
}

/// What was seen to run, by its digest.
public struct RunningImage: Hashable, Sendable {
  /// The environment.
  public let environment: String
  /// The image's config digest as the target reports it.
  public let imageConfig: Digest
  /// When it was looked at.
  public let observedAt: Instant

  /// States what was seen.
  public init(environment: String, imageConfig: Digest, observedAt: Instant) {
    self.environment = environment
    self.imageConfig = imageConfig
    self.observedAt = observedAt
  }
}

/// The proof that an entry is in the ledger.
public struct EntryReceipt: Hashable, Sendable {
  /// Index of the entry.
  public let index: Int64
  /// The receipt (C2SP tlog-proof), as it can be handed to any verifier.
  public let text: String

  /// A receipt by the entry's index.
  public init(index: Int64, text: String) {
    self.index = index
    self.text = text
  }
}

/// All that a reader is told about one release: facts only, gathered by whoever makes the report.
public struct ReleaseDossier: Sendable {
  /// Who releases.
  public var organisation: String
  /// When the report is made.
  public var madeAt: Instant
  /// The release, and its entry.
  public var release: Recorded<Release>
  /// Every decision on it, in the ledger's order.
  public var decisions: [Recorded<Decision>]
  /// Every approval or rejection, in the ledger's order.
  public var approvals: [Recorded<Approval>]
  /// What was checked about its commit.
  public var sources: [Recorded<SourceCheck>]
  /// Every step of its runs.
  public var steps: [Recorded<StepReport>]
  /// How its runs went.
  public var runs: [Recorded<RunReport>]
  /// Every test report.
  public var tests: [Recorded<TestResult>]
  /// Every scan.
  public var scans: [Recorded<ScanResult>]
  /// Every inventory.
  public var inventories: [Recorded<InventoryResult>]
  /// Every rollout.
  public var rollouts: [Recorded<RolloutReport>]
  /// What was seen to run when the report was made.
  public var running: [RunningImage]
  /// The ledger as it stood when the report was made.
  public var ledger: LedgerPosition
  /// Proofs for the entries that the report speaks of.
  public var receipts: [EntryReceipt]
  /// Further things to look at first, one sentence each, such as notes of report readers.
  public var notes: [String]
  /// What the report cannot show, beside what it says of itself, one sentence each.
  public var limits: [String]

  /// A dossier on a release; everything else is added as it is known.
  public init(
    organisation: String, madeAt: Instant, release: Recorded<Release>, ledger: LedgerPosition
  ) {
    self.organisation = organisation
    self.madeAt = madeAt
    self.release = release
    self.ledger = ledger
    decisions = []
    approvals = []
    sources = []
    steps = []
    runs = []
    tests = []
    scans = []
    inventories = []
    rollouts = []
    running = []
    receipts = []
    notes = []
    limits = []
  }

  /// The decision that counts for each environment, the latest by index, in the order in which
  /// the environments were first asked.
  var latestDecisions: [Recorded<Decision>] {
    var environments: [String] = []
    for decision in decisions where !environments.contains(decision.value.environment) {
      environments.append(decision.value.environment)
    }
    return environments.compactMap { environment in
      decisions.filter { $0.value.environment == environment }
        .max { $0.entry.index < $1.entry.index }
    }
  }

  /// Every entry that the report speaks of, by index, each once: those to give receipts for.
  public var entries: [EvidenceReference] {
    var all = [release.entry]
    all += decisions.map(\.entry) + approvals.map(\.entry) + sources.map(\.entry)
    all += steps.map(\.entry) + runs.map(\.entry) + tests.map(\.entry) + scans.map(\.entry)
    all += inventories.map(\.entry) + rollouts.map(\.entry)
    for decision in decisions.map(\.value) {
      for check in decision.controls.flatMap(\.checks) {
        all += check.evidence + check.earlierFailures
      }
      all += decision.approvals.flatMap(\.counted) + decision.rejectedApprovals.map(\.approval)
    }
    var seen: Set<Int64> = []
    return all.filter { seen.insert($0.index).inserted }.sorted { $0.index < $1.index }
  }
}
