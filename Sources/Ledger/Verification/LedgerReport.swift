public import Model

/// Something in a ledger that is not as it must be.
public struct LedgerFault: Hashable, Sendable, Codable {
  /// The entry, where the fault is of one.
  public let index: Int64?
  /// What is wrong, in one sentence.
  public let message: String

  /// States a fault.
  public init(index: Int64?, message: String) {
    self.index = index
    self.message = message
  }
}

/// How much of a ledger is checked.
public enum VerificationScope: String, Sendable, Codable {
  /// Everything that the ledger itself can show.
  case full
  /// Leaves, stored hashes, payloads and the roots of checkpoints; no signature but that of the last
  /// checkpoint.
  case hashes

  /// What is left out, for the report.
  public var notChecked: [String] {
    switch self {
    case .full: []
    case .hashes:
      [
        "signatures of evidence, and what the statements say", "changes of the trust root",
        "signatures of checkpoints before the last", "who erased the payloads that are gone",
        "the index, and the store's own structure",
      ]
    }
  }
}

/// What a verification found.
public struct LedgerReport: Sendable, Codable {
  /// How many faults a report names.
  public static let namedFaults = 100

  /// How much was checked.
  public var scope = VerificationScope.full
  /// What was not checked, in words; empty when everything was.
  public var notChecked: [String] = []
  /// The first entry that this run checked; `nil` when it checked all.
  public var resumedAt: Int64?
  /// Entries looked at.
  public var entries: Int64 = 0
  /// Root of those entries, hexadecimal.
  public var root = TreeHash.empty.description
  /// Envelopes whose signatures were checked.
  public var envelopes: Int64 = 0
  /// Entries whose payload is gone.
  public var erased: Int64 = 0
  /// Entries that an erasure names and whose payload a legal hold keeps in this copy; `nil` where that
  /// was not looked at.
  public var held: Int64?
  /// Signed checkpoints that were held against the entries.
  public var checkpoints: Int64 = 0
  /// How many faults there are.
  public var faultCount: Int64 = 0
  /// What is wrong; the first hundred.
  public var faults: [LedgerFault] = []

  /// The keys that signed the checkpoints, the founding one first.
  public var logKeys: [LogKey] = []
  /// Entries that were recorded when somebody else may have had the log key, as a recovery states.
  public var distrusted: [Entries] = []

  /// A log key, and from which size on it signs.
  public struct LogKey: Hashable, Sendable, Codable {
    /// The key, as a C2SP verifier key line.
    public let key: String
    /// The first size whose checkpoint it signs.
    public let firstSize: Int64
    /// Why it came into force; `nil` for the founding key.
    public let reason: LogKeyChange.Reason?

    init(_ period: LogKeyHistory.Period) {
      key = period.key.description
      firstSize = period.firstSize
      reason = period.change?.reason
    }
  }

  /// Entries one after another.
  public struct Entries: Hashable, Sendable, Codable {
    /// Index of the first.
    public let first: Int64
    /// Index of the last.
    public let last: Int64

    init(_ range: Range<Int64>) {
      first = range.lowerBound
      last = range.upperBound - 1
    }
  }

  /// A report about nothing yet.
  public init() {}

  /// Whether nothing is wrong with what was checked.
  public var isSound: Bool { faultCount == 0 }

  /// Adds a fault; beyond the first hundred it is only counted.
  public mutating func add(_ fault: LedgerFault) {
    faultCount += 1
    if faults.count < Self.namedFaults { faults.append(fault) }
  }

  /// Adds what another part found.
  mutating func add(_ other: LedgerReport) {
    envelopes += other.envelopes
    erased += other.erased
    checkpoints += other.checkpoints
    let before = faultCount
    for fault in other.faults { add(fault) }
    faultCount = before + other.faultCount
  }

  mutating func add(_ message: String, at index: Int64? = nil) {
    add(LedgerFault(index: index, message: message))
  }

  /// Adds what an error says; a sentence's place belongs to it.
  mutating func add(_ error: any Error, at index: Int64? = nil, prefix: String = "") {
    guard let problem = error as? Problem else { return add("\(prefix)\(error)", at: index) }
    add(prefix + problem.message + (problem.location.map { ", at \($0)" } ?? ""), at: index)
  }
}
