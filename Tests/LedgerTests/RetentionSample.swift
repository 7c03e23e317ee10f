import Attestation
import Ledger
import Model
import TestKit

/// A made-up ledger of one organisation, as the rules see it: applications that are released again
/// and again, holds that come and go, and erasures that the rules allow.
struct RetentionSample {
  var random: Seeded
  var record = RetentionRecord()
  var entries: [EntryProfile] = []
  /// What was erased, by which entry: told apart from the record.
  var erased: [Int64: [Int64]] = [:]
  /// Holds in force, told apart from the record.
  var holds: [String: LegalHold] = [:]
  /// The releases of an application, the latest last.
  var releases: [String: [Release]] = [:]
  /// What serves in a place, told apart from the record.
  var serving: [String: Release] = [:]
  private var clock: Int64 = 1_700_000_000_000

  static let applications = ["portal", "lab", "ward"]
  static let environments = ["staging", "production"]
  static let people = ["pia", "quin"]

  init(seed: UInt64) { random = Seeded(seed: seed) }

  mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: 0..<values.count, using: &random)]
  }

  mutating func digest() -> Digest {
    .sha256((0..<32).map { _ in UInt8.random(in: 0...255, using: &random) })
  }

  /// Adds an entry, and lets the record take it where it takes that kind.
  @discardableResult
  mutating func add(
    _ kind: EvidenceKind, _ subjects: [Subject], _ predicate: some Encodable & Sendable,
    actor: String = "runner"
  ) throws -> EntryProfile {
    clock += Int64.random(in: 1...86_400_000 * 30, using: &random)
    let statement = try Statement(Evidence(kind: kind, subjects: subjects, predicate: predicate))
    let leaf = try Leaf(
      entryID: Array(repeating: 1, count: 16), kind: kind, envelope: digest(),
      subjects: subjects.flatMap(\.digests), actor: actor, role: .pipeline,
      time: Instant(milliseconds: clock))
    let entry = EntryProfile(
      index: Int64(entries.count), leaf: leaf, statement: statement, payload: digest(),
      isBlob: false)
    entries.append(entry)
    if RetentionRecord.kinds.contains(kind) { try record.take(entry, statement) }
    record.settle()
    return entry
  }

  var now: Instant { Instant(milliseconds: clock) }

  /// Something happens.
  mutating func step() throws {
    let application = pick(Self.applications)
    switch Int.random(in: 0..<10, using: &random) {
    case 0, 1: try release(application)
    case 2, 3: try rollout(application)
    case 4, 5, 6: try work(application)
    case 7: try hold()
    default: try erase()
    }
  }

  private mutating func release(_ application: String) throws {
    let commit = Subject(name: "commit:\(application)", digest: digest())
    let release = Release(
      application: application, version: "\(entries.count)", origin: .built, commit: commit,
      image: Subject(name: "image:\(application)", digest: digest()), imageConfig: digest())
    releases[application, default: []].append(release)
    try add(.release, release.subjects, release)
  }

  /// Evidence that says nothing of its application but by its subject.
  private mutating func work(_ application: String) throws {
    guard let known = releases[application], !known.isEmpty else { return }
    let release = pick(known)
    let subject = Subject(name: "", digests: pick(release.subjects).digests)
    guard let subject else { return }
    try add(pick([.provenance, .inventory]), [subject], ["any": "thing"])
  }

  private mutating func rollout(_ application: String) throws {
    guard let known = releases[application], !known.isEmpty else { return }
    let release = pick(known)
    let environment = pick(Self.environments)
    let place = "\(application) in \(environment)"
    let image = release.image.digests[0]
    let before = serving[place]
    let isReleased = before == nil || Bool.random(using: &random)
    let report = RolloutReport(
      environment: environment, application: application, version: release.version, image: image,
      previousImage: before?.image.digests[0], previousVersion: before?.version, strategy: "s",
      outcome: isReleased ? .released : .rolledBack, reason: nil, startedAt: now,
      finishedAt: now, requests: .init(served: 0, lost: 0, serverErrors: 0), events: [],
      translations: [])
    if isReleased { serving[place] = release }
    try add(.rollout, release.subjects, report)
  }

  private mutating func hold() throws {
    if let name = holds.keys.sorted().first, Bool.random(using: &random) {
      let step = LegalHold(
        action: .lifted, hold: name, matter: "m", scope: nil, reason: "r",
        person: pick(Self.people),
        role: .pipeline, time: now)
      guard record.holds.refusal(of: step, requests: record.waiting) == nil else { return }
      holds[name] = nil
      try add(.legalHold, step.subjects, step)
      return
    }
    var scope = LegalHold.Scope()
    switch Int.random(in: 0..<4, using: &random) {
    case 0: scope.applications = [pick(Self.applications)]
    case 1: scope.kinds = [pick([.provenance, .rollout])]
    case 2: scope.from = now
    default: scope.subjects = entries.last.map { Array($0.subjects) }
    }
    let hold = LegalHold(
      action: .placed, hold: "h\(entries.count)", matter: "m", scope: scope, reason: "r",
      person: pick(Self.people), role: .pipeline, time: now)
    holds[hold.hold] = hold
    try add(.legalHold, hold.subjects, hold)
  }

  private mutating func erase() throws {
    guard !entries.isEmpty else { return }
    let person = pick(Self.people)
    let chosen = (0..<3).map { _ in pick(entries) }
    let allowed = Set(chosen.filter { record.refusal(toErase: $0, by: person) == nil }.map(\.index))
      .sorted()
    guard !allowed.isEmpty else { return }
    let erasure = Erasure(
      entries: allowed.map { index in
        let entry = entries[Int(index)]
        return .init(index: index, kind: entry.kind, envelope: entry.envelope)
      }, basis: .request, reason: "r", requestedBy: nil, person: person, role: .pipeline, time: now)
    let own = try add(.erasure, erasure.subjects, erasure)
    for index in allowed { erased[index, default: []].append(own.index) }
  }
}
