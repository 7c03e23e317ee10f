/// How long payloads are kept, counted from when they were last in effect.
///
/// Six years where a policy says nothing is this program's own default; no law is claimed to ask for
/// it of every kind.
public struct RetentionPolicy: Hashable, Sendable, Codable {
  /// A kind with a time of its own.
  public struct Kind: Hashable, Sendable, Codable {
    /// The evidence's kind.
    public let kind: EvidenceKind
    /// How many days it is kept.
    public let days: Int

    /// So many days for a kind.
    public init(kind: EvidenceKind, days: Int) {
      self.kind = kind
      self.days = days
    }
  }

  /// How many days a kind without a time of its own is kept.
  public let days: Int
  /// Kinds with a time of their own, sorted by kind, each once.
  public let kinds: [Kind]

  /// So many days, but for these kinds.
  public init(days: Int, kinds: [Kind] = []) {
    self.days = days
    self.kinds = kinds.sorted { $0.kind < $1.kind }
  }

  /// What holds where a policy says nothing: six years.
  public static let standard = RetentionPolicy(days: days(years: 6))

  /// So many days can be asked for: a day to a hundred years.
  public static let bounds = 1...days(years: 100)

  /// The days of the longest span of so many years, whatever leap days lie in it.
  public static func days(years: Int) -> Int { 365 * years + (years + 3) / 4 }

  /// How long a kind is kept, in days.
  public func days(for kind: EvidenceKind) -> Int {
    kinds.first { $0.kind == kind }?.days ?? days
  }

  /// How long the kind that is kept longest is kept, in days.
  public var longestDays: Int { kinds.map(\.days).reduce(days, max) }

  /// When so many days are over for what was last in effect at `instant`.
  public static func end(days: Int, lastInEffect instant: Instant) -> Instant {
    let (end, isTooLate) = instant.milliseconds.addingReportingOverflow(Int64(days) * 86_400_000)
    return Instant(milliseconds: isTooLate ? .max : end)
  }
}

extension EvidenceKind {
  /// Kinds whose payloads are never erased and never expire: who counted, who signed, what was
  /// erased and held; and what was excused or opened in an emergency, whose withdrawal or review must
  /// never get lost. Without them the rest could not be verified.
  public static let permanent: Set<EvidenceKind> = [
    .trustRoot, .logKey, .erasure, .erasureRequest, .legalHold, .recoveryEpoch, .reorganisation,
    .waiver, .vex, .breakGlass, .breakGlassReview,
  ]
}
