public import Attestation
public import Model

/// An erasure that was refused because of a hold and is not done yet.
public struct WaitingRequest: Sendable, Codable {
  /// Index of the entry that recorded it.
  public let index: Int64
  /// What was asked for.
  public let request: ErasureRequest

  /// A request and its entry.
  public init(index: Int64, request: ErasureRequest) {
    self.index = index
    self.request = request
  }
}

/// All of a ledger that decides which payloads may go: holds, erasures, requests, and when releases
/// served. It is taken in from the entries of `kinds`, in the ledger's order.
public struct RetentionRecord: Sendable {
  /// The kinds whose statements it takes.
  public static let kinds: Set<EvidenceKind> = [
    .legalHold, .erasure, .erasureRequest, .run, .release, .decision, .rollout,
  ]

  /// Every hold.
  public private(set) var holds = HoldHistory()
  /// The erasure that names an entry, by the entry's index.
  public private(set) var erasures: [Int64: Int64] = [:]
  /// Every request that a hold stood in the way of.
  private var requests: [WaitingRequest] = []
  private var lives = ReleaseLives()
  private var life = LifeIndex()
  /// What the evidence of decisions is, by the release's digests.
  private var evidenceSets: [Set<Digest>: Set<Digest>] = [:]
  private var liveEvidence: Set<Digest> = []
  private var applications: [Digest: Set<String>] = [:]
  private var environments: [Digest: Set<String>] = [:]

  /// Nothing yet.
  public init() {}

  /// Requests of which an entry is still there.
  public var waiting: [WaitingRequest] {
    requests.filter { $0.request.entries.contains { erasures[$0.index] == nil } }
  }

  /// Takes an entry of one of `kinds`, after its signature was verified; `settle` ends the taking.
  ///
  /// - Throws: what reading the predicate throws.
  public mutating func take(_ entry: EntryProfile, _ statement: Statement) throws {
    switch entry.kind {
    case .legalHold: holds.take(try statement.predicate(as: LegalHold.self), at: entry.index)
    case .erasure:
      for named in try statement.predicate(as: Erasure.self).entries
      where named.index >= 0 && named.index < entry.index && erasures[named.index] == nil {
        erasures[named.index] = entry.index
      }
    case .erasureRequest:
      let request = try statement.predicate(as: ErasureRequest.self)
      if !request.entries.isEmpty {
        requests.append(WaitingRequest(index: entry.index, request: request))
      }
    case .release: lives.take(try statement.predicate(as: Release.self))
    case .rollout:
      lives.take(try statement.predicate(as: RolloutReport.self), time: entry.time)
    case .decision:
      let decision = try statement.predicate(as: Summary.self).decision
      lives.take(decision.release)
      evidenceSets[Set(decision.release.digests), default: []].formUnion(decision.evidenceSet)
    default: break
    }
    // Statements that name no application of their own speak of the same digests.
    for digest in entry.subjects {
      if !entry.applications.isEmpty {
        applications[digest, default: []].formUnion(entry.applications)
      }
      if !entry.environments.isEmpty {
        environments[digest, default: []].formUnion(entry.environments)
      }
    }
  }

  /// Draws the conclusions from all that was taken; further entries may be taken afterwards.
  public mutating func settle() {
    life = lives.index()
    liveEvidence = evidenceSets.reduce(into: []) { all, set in
      if !life.places(set.key).isEmpty { all.formUnion(set.value) }
    }
  }

  private struct Summary: Decodable {
    let decision: Decision
    private enum CodingKeys: String, CodingKey { case decision = "urn:pratique:decision:v1" }
  }

  // MARK: What follows for one entry

  /// The holds that cover an entry: those in force, or all that were ever placed.
  func holds(covering entry: EntryProfile, lifted: Bool = false) -> [HoldHistory.Hold] {
    let named = entry.subjects.reduce(into: entry.applications) {
      $0.formUnion(applications[$1] ?? [])
    }
    let places = entry.subjects.reduce(into: entry.environments) {
      $0.formUnion(environments[$1] ?? [])
    }
    return holds.holds.filter { hold in
      guard hold.isInForce != lifted, let scope = hold.placed.scope else { return false }
      return scope.covers(entry, applications: named, environments: places)
    }
  }

  /// The holds in force that cover an entry, by name.
  public func holdNames(covering entry: EntryProfile) -> [String] {
    holds(covering: entry).map(\.name)
  }

  /// Whether a hold of that name is in force and covers an entry.
  public func covers(_ entry: EntryProfile, hold name: String) -> Bool {
    holds(covering: entry).contains { $0.name.utf8.elementsEqual(name.utf8) }
  }

  /// Where releases that an entry belongs to, or is evidence of, are live.
  func places(of entry: EntryProfile) -> [String] {
    let places = life.places(entry.subjects)
    if places.isEmpty, let payload = entry.payload, liveEvidence.contains(payload) {
      return ["the evidence of a live release"]
    }
    return places
  }

  /// When an entry was last in effect: when a release that it belongs to last served, else when it
  /// was recorded.
  func lastInEffect(_ entry: EntryProfile) -> Instant {
    max(entry.time, life.lastServed(entry.subjects) ?? entry.time)
  }
}
