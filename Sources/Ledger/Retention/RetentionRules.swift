public import Model

/// What becomes of an entry's payload at a time, and why. A hold beats erasure and expiry; what a
/// live release rests on does not expire.
public enum RetentionVerdict: Hashable, Sendable {
  /// It is of a kind without which the rest could not be verified.
  case permanent
  /// It is gone already, by the erasure of that index.
  case erased(by: Int64)
  /// These holds, by name, cover it.
  case held([String])
  /// It belongs to a release that serves, or can be gone back to, there.
  case live([String])
  /// Its time is not over until then.
  case kept(until: Instant)
  /// Its time has been over since then.
  case expired(since: Instant)
}

/// Why an entry's payload may not be erased now.
public enum ErasureRefusal: Hashable, Sendable {
  /// It is of a kind that is never erased.
  case permanent
  /// It is gone already, by the erasure of that index.
  case erased(by: Int64)
  /// These holds, by name, cover it.
  case held([String])
  /// It says what was let into, or put into, these places, where it is still live.
  case standing([String])
  /// The person lifted this hold, which covered it.
  case lifted(hold: String)

  /// The refusal in a sentence's end, after "entry 5 of kind step".
  public var words: String {
    switch self {
    case .permanent: "is never erased: without it the rest could not be verified"
    case .erased(let index): "was erased already, by entry \(index)"
    case .held(let holds):
      "is under the legal hold \(holds.map { "\"\($0)\"" }.joined(separator: ", "))"
    case .standing(let places):
      "says what was let in where it is still live: \(places.joined(separator: ", "))"
    case .lifted(let hold):
      "was under the legal hold \"\(hold)\", which the same person lifted; somebody else must erase"
        + " it"
    }
  }
}

/// What a copy of the ledger, such as a mirror or a restored backup, must do with a payload.
public enum PayloadDuty: Hashable, Sendable {
  /// Keep it.
  case keep
  /// Remove it: the erasure of that index names it.
  case remove(erasure: Int64)
  /// An erasure names it, but these holds cover it: who still has it keeps it while they last.
  case keepForHold([String], erasure: Int64)
}

extension RetentionRecord {
  /// Kinds that say what was let into and put into an environment: not erased while it is live.
  static let standing: Set<EvidenceKind> = [.release, .decision, .rollout]

  /// What becomes of a payload at a time.
  public func verdict(
    _ entry: EntryProfile, policy: RetentionPolicy, now: Instant
  ) -> RetentionVerdict {
    if EvidenceKind.permanent.contains(entry.kind) { return .permanent }
    if let erasure = erasures[entry.index] { return .erased(by: erasure) }
    let held = holds(covering: entry)
    if !held.isEmpty { return .held(held.map(\.name)) }
    let places = places(of: entry)
    if !places.isEmpty { return .live(places) }
    // What tells how long a release served outlasts all that is counted by it.
    let days =
      Self.standing.contains(entry.kind) ? policy.longestDays : policy.days(for: entry.kind)
    let end = RetentionPolicy.end(days: days, lastInEffect: lastInEffect(entry))
    return now >= end ? .expired(since: end) : .kept(until: end)
  }

  /// Why a person may not erase a payload now; `nil` when they may.
  ///
  /// Whoever lifted a hold does not erase what it covered: nobody alone comes from held evidence to
  /// erased evidence.
  public func refusal(toErase entry: EntryProfile, by person: String) -> ErasureRefusal? {
    if EvidenceKind.permanent.contains(entry.kind) { return .permanent }
    if let erasure = erasures[entry.index] { return .erased(by: erasure) }
    let held = holds(covering: entry)
    if !held.isEmpty { return .held(held.map(\.name)) }
    let places = places(of: entry)
    if Self.standing.contains(entry.kind), !places.isEmpty { return .standing(places) }
    let lifted = holds(covering: entry, lifted: true).first {
      $0.lifted?.person.utf8.elementsEqual(person.utf8) ?? false
    }
    return lifted.map { .lifted(hold: $0.name) }
  }

  /// What a copy of this ledger must do with a payload that it holds.
  ///
  /// A copy first takes all entries, so that it knows every erasure and every hold, and then asks
  /// for each payload: erasures are replayed on it, except where a hold in force covers what it
  /// still has. When the hold ends it asks again.
  public func duty(of entry: EntryProfile) -> PayloadDuty {
    guard let erasure = erasures[entry.index] else { return .keep }
    let held = holds(covering: entry)
    return held.isEmpty
      ? .remove(erasure: erasure) : .keepForHold(held.map(\.name), erasure: erasure)
  }
}

/// Counts who refers to a content, so that one that somebody still needs stays.
public struct ContentReferences: Sendable {
  /// The entries that go, by content.
  private var going: [Digest: Set<Int64>] = [:]

  /// Begins with the entries that are to be erased.
  public init(erasing entries: [EntryProfile]) {
    for entry in entries {
      for digest in entry.references { going[digest, default: []].insert(entry.index) }
    }
  }

  /// Whether no content is in question any more.
  public var isEmpty: Bool { going.isEmpty }

  /// The contents that are in question.
  public var inQuestion: Set<Digest> { Set(going.keys) }

  /// Takes an entry of the ledger; what it refers to, and is not itself erased, stays.
  public mutating func take(_ entry: EntryProfile) {
    for digest in entry.references {
      guard let entries = going[digest], !entries.contains(entry.index) else { continue }
      going[digest] = nil
    }
  }

  /// The contents that go with each entry: with the last of those that refer to it, so that an
  /// erasure in several steps leaves none too early.
  public var byEntry: [Int64: [Digest]] {
    var found: [Int64: [Digest]] = [:]
    for (content, entries) in going {
      if let last = entries.max() { found[last, default: []].append(content) }
    }
    return found.mapValues { $0.sorted() }
  }
}
