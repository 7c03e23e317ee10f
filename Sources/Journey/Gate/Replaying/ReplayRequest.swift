public import Compliance
public import Model

/// Which decisions are asked again, and whether as they were or otherwise.
public struct ReplayRequest: Sendable {
  /// Which decisions.
  public enum Which: Hashable, Sendable {
    /// The one of an entry.
    case entry(Int64)
    /// All about a release.
    case release(Release)
    /// All.
    case all
  }

  /// Which decisions.
  public let which: Which
  /// Only decisions about this environment; `nil` for every one.
  public let environment: String?
  /// Another policy than the one that was in force; `nil` for that one.
  public let bundle: PolicyBundle?
  /// Another time than the one that was judged by; the evidence stays what it was then.
  public let time: Instant?

  /// States what is asked.
  public init(
    _ which: Which, environment: String? = nil, bundle: PolicyBundle? = nil, time: Instant? = nil
  ) {
    self.which = which
    self.environment = environment
    self.bundle = bundle
    self.time = time
  }

  /// Whether something else is asked than was asked then.
  public var isWhatIf: Bool { bundle != nil || time != nil }
}

/// One decision, asked again.
public struct ReplayedDecision: Sendable, Encodable {
  /// Entry of the decision.
  public let entry: Int64
  /// The application.
  public let application: String
  /// The release's version.
  public let version: String
  /// The environment.
  public let environment: String
  /// What the gate said then.
  public let was: Decision.Outcome
  /// What it says now.
  public let now: Decision.Outcome
  /// Whether every byte is the same.
  public let isSame: Bool
  /// What is other, in sentences.
  public let changes: [String]
}

/// All that were asked again.
public struct ReplayReport: Sendable, Encodable {
  /// The decisions in the ledger's order.
  public let decisions: [ReplayedDecision]
  /// Number of entries that were gone through.
  public let entries: Int64
  /// Whether another policy or time was asked.
  public let isWhatIf: Bool

  /// How many have another verdict now.
  public var changedVerdicts: Int { decisions.count { $0.was != $0.now } }
  /// How many have other bytes now.
  public var changed: Int { decisions.count { !$0.isSame } }
}
