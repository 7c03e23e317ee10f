import Attestation
import Compliance
import Foundation
import Ledger
public import Model

/// What would expire at a time, and why all the rest stays.
public struct ExpiryPlan: Sendable, Encodable {
  /// Entries of a kind that share an answer.
  public struct Group: Sendable, Encodable {
    /// What becomes of them: `permanent`, `erased`, `held`, `live`, `kept` or `expired`.
    public let answer: String
    /// The evidence's kind.
    public let kind: EvidenceKind
    /// Why, in words: the holds, or where the release is live.
    public let reason: String
    /// How many.
    public internal(set) var entries = 0
    /// For those that are kept, when the first of them expires.
    public internal(set) var nextEnd: Instant?
  }

  /// The time that was judged by.
  public let asOf: Instant
  /// How long payloads are kept.
  public let retention: RetentionPolicy
  /// Whether the policy says nothing, so that this program's own default holds.
  public let isDefault: Bool
  /// The ledger's size that was judged.
  public let size: Int64
  /// All entries, by what becomes of them.
  public internal(set) var groups: [Group] = []
  /// The entries that expire, ascending.
  public internal(set) var expired: [Int64] = []
  /// Requests that waited for holds and can be done now.
  public internal(set) var free: [HoldList.Waiting] = []
  /// Requests that still wait.
  public internal(set) var waiting: [HoldList.Waiting] = []
  /// How many contents no entry refers to, such as the log of a run that was killed before it could
  /// record it; those that were put more than `unreferencedDays` ago go, unless a hold is in force.
  public internal(set) var unreferenced = 0
  /// How many of them went.
  public internal(set) var unreferencedRemoved = 0
  /// What came of it; `nil` when it was only planned.
  public internal(set) var outcome: ErasureOutcome?

  /// Days for which a content that no entry refers to is kept: somebody may be about to record that
  /// they do, such as the people who sign a change of the policy.
  public static let unreferencedDays = 30
}

extension LedgerHome {
  /// How long payloads are kept: as the pinned policy says, else this program's default.
  func retention(of root: TrustRoot) async throws -> (RetentionPolicy, isDefault: Bool) {
    let stated = try await policy(of: root).policy.retention
    return (stated ?? .standard, stated == nil)
  }

  /// Says what would expire; records nothing.
  ///
  /// - Parameter asOf: the time to judge by, which may lie ahead.
  public func expiryPlan(
    asOf: Instant, progress: @escaping @Sendable (_ done: Int64, _ all: Int64) -> Void = { _, _ in }
  ) async throws -> ExpiryPlan {
    var survey = RetentionSurvey()
    try await survey.advance(ledger, progress: progress)
    return try await plan(survey, asOf: asOf).plan
  }

  /// Erases what has expired, batch by batch, at a person's word.
  ///
  /// - Parameter asOf: the time to judge by, not after now.
  /// - Throws: `Problem` with `badInput` for a time that is still to come.
  public func expire(
    by acting: ActingPerson, asOf: Instant?, reason: String?, time: TimeSource,
    progress: @escaping @Sendable (_ done: Int64, _ all: Int64) -> Void = { _, _ in }
  ) async throws -> ExpiryPlan {
    let now = time.now()
    let asOf = asOf ?? now
    guard asOf <= now else {
      throw Problem(
        .badInput, "\(asOf) is still to come, and nothing expires before its time",
        advice: "Look ahead with --dry-run.")
    }
    let unfinished = try await finishErasures()
    var survey = RetentionSurvey()
    try await survey.advance(ledger, progress: progress)
    let person = try Signatory(
      acting.signer, in: survey.trust(), kind: .erasure, role: acting.role, time: now)
    var (plan, entries) = try await plan(survey, asOf: asOf)
    var outcome = ErasureOutcome()
    outcome.unfinished = unfinished
    entries.removeAll { entry in
      guard let refusal = survey.record.refusal(toErase: entry, by: person.person) else {
        return false
      }
      outcome.refused.append(
        .init(index: entry.index, kind: entry.kind, reason: refusal.words, holds: []))
      return true
    }
    if !entries.isEmpty {
      let years = plan.isDefault ? "the program's default" : "the policy in force"
      var work = ErasureWork(
        home: self, person: person, basis: .expiry,
        reason: try ReasonText.check(reason ?? "their time was over by \(years)"),
        requestedBy: nil, time: time, survey: survey, outcome: outcome)
      outcome = try await work.erase(entries)
    }
    plan.outcome = outcome
    if survey.record.holds.inForce.isEmpty {
      plan.unreferencedRemoved = try await removeUnreferenced(now: now)
    }
    return plan
  }

  /// Contents that no entry refers to.
  private func unreferenced() async throws -> Set<Digest> {
    var found = Set(try await blobs.digests())
    guard !found.isEmpty else { return [] }
    let size = try await ledger.read { try $0.size() }
    try await profiles(0..<size) { found.subtract($0.references) }
    return found
  }

  private func removeUnreferenced(now: Instant) async throws -> Int {
    let begin = now.advanced(byMilliseconds: -Int64(ExpiryPlan.unreferencedDays) * 86_400_000)
    let limit = LedgerCopies(path: path).liveRuns().map(\.since).reduce(begin, min)
    var removed = 0
    for digest in try await unreferenced()
    where try await blobs.remove(digest, unlessPutSince: limit) {
      removed += 1
    }
    return removed
  }

  private func plan(
    _ survey: RetentionSurvey, asOf: Instant
  ) async throws -> (plan: ExpiryPlan, entries: [EntryProfile]) {
    let (retention, isDefault) = try await retention(of: survey.trust())
    var plan = ExpiryPlan(
      asOf: asOf, retention: retention, isDefault: isDefault, size: survey.size)
    var groups: [String: ExpiryPlan.Group] = [:]
    var entries: [EntryProfile] = []
    try await profiles(0..<survey.size) { entry in
      let verdict = survey.record.verdict(entry, policy: retention, now: asOf)
      let (answer, reason, end) = verdict.words
      let key = "\(answer) \(entry.kind.rawValue) \(reason)"
      var group =
        groups[key] ?? ExpiryPlan.Group(answer: answer, kind: entry.kind, reason: reason)
      group.entries += 1
      if let end { group.nextEnd = min(group.nextEnd ?? end, end) }
      groups[key] = group
      if case .expired = verdict { entries.append(entry) }
    }
    plan.groups = groups.sorted { $0.key < $1.key }.map(\.value)
    plan.expired = entries.map(\.index)
    let list = try await holdList(survey.record)
    plan.free = list.waiting.filter(\.isFree)
    plan.waiting = list.waiting.filter { !$0.isFree }
    plan.unreferenced = try await unreferenced().count
    return (plan, entries)
  }
}

extension RetentionVerdict {
  /// The answer, why in words, and when its time is over where it is not.
  fileprivate var words: (answer: String, reason: String, end: Instant?) {
    switch self {
    case .permanent: ("permanent", "the rest is verified by it", nil)
    case .erased: ("erased", "it is gone already", nil)
    case .held(let holds): ("held", "legal hold \(holds.joined(separator: ", "))", nil)
    case .live(let places): ("live", places.joined(separator: ", "), nil)
    case .kept(let end): ("kept", "its time is not over", end)
    case .expired: ("expired", "its time is over", nil)
    }
  }
}
