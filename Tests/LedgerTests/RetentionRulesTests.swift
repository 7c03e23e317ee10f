import Attestation
import Foundation
import Ledger
import Model
import TestKit
import Testing

@Suite("Erasure, holds and retention, as rules")
struct RetentionRulesTests {
  private static let far = Instant(milliseconds: 100_000_000_000_000)
  private static let policy = RetentionPolicy.standard

  /// Whether a hold covers an entry, told without the code under test, for the scopes that the
  /// sample makes.
  private func covers(_ hold: LegalHold, _ entry: EntryProfile, _ sample: RetentionSample) -> Bool {
    guard let scope = hold.scope else { return false }
    if let applications = scope.applications {
      let all = sample.releases.values.flatMap(\.self)
      let known = all.filter { !entry.subjects.isDisjoint(with: $0.subjects.flatMap(\.digests)) }
      return known.contains { applications.contains($0.application) }
    }
    if let kinds = scope.kinds { return kinds.contains(entry.kind) }
    if let from = scope.from { return entry.time >= from }
    return scope.subjects.map { !entry.subjects.isDisjoint(with: $0) } ?? true
  }

  @Test("a hold beats erasure, and erasure beats retention", arguments: 0..<40)
  func order(seed: Int) throws {
    var sample = RetentionSample(seed: UInt64(seed))
    for _ in 0..<80 { try sample.step() }
    for entry in sample.entries {
      let isPermanent = EvidenceKind.permanent.contains(entry.kind)
      let names = Set(sample.holds.filter { covers($0.value, entry, sample) }.keys)
      let verdict = sample.record.verdict(entry, policy: Self.policy, now: Self.far)
      let refusal = sample.record.refusal(toErase: entry, by: "nobody")
      let erasure = sample.erased[entry.index]?.first
      switch (isPermanent, erasure, names.isEmpty) {
      case (true, _, _): #expect(verdict == .permanent && refusal == .permanent)
      case (_, let erasure?, let isFree):
        #expect(verdict == .erased(by: erasure) && refusal == .erased(by: erasure))
        if isFree {
          #expect(sample.record.duty(of: entry) == .remove(erasure: erasure))
        } else if case .keepForHold(let held, erasure) = sample.record.duty(of: entry) {
          #expect(Set(held) == names)
        } else {
          Issue.record("a copy of entry \(entry.index) is removed although \(names) hold it")
        }
      case (_, _, false):
        guard case .held(let held) = verdict, case .held(let also) = refusal else {
          Issue.record("seed \(seed): entry \(entry.index) is not held by \(names): \(verdict)")
          continue
        }
        #expect(Set(held) == names && also == held)
      default:
        if case .held = verdict { Issue.record("entry \(entry.index) is held by nothing") }
      }
      if erasure == nil { #expect(sample.record.duty(of: entry) == .keep) }
    }
  }

  @Test("what a live release rests on never expires; nothing expires before its time")
  func expiry() throws {
    let expired = try (0..<40).reduce(0) { try $0 + self.expired(seed: $1) }
    #expect(expired > 100, "the samples show nothing")
  }

  private func expired(seed: Int) throws -> Int {
    var sample = RetentionSample(seed: UInt64(1_000 + seed))
    for _ in 0..<80 { try sample.step() }
    let live = Set(sample.serving.values.flatMap(\.digests))
    var expired = 0
    for entry in sample.entries {
      let end = entry.time.advanced(byMilliseconds: Int64(Self.policy.days) * 86_400_000)
      for now in [entry.time, end.advanced(byMilliseconds: -1), end, Self.far] {
        guard
          case .expired(let since) = sample.record.verdict(entry, policy: Self.policy, now: now)
        else { continue }
        expired += 1
        #expect(since >= end && since <= now)
        #expect(live.isDisjoint(with: entry.subjects), "seed \(seed): entry \(entry.index) is live")
      }
      if !live.isDisjoint(with: entry.subjects), [.release, .rollout].contains(entry.kind),
        sample.erased[entry.index] == nil
      {
        // What says what was let in is not even erased on request.
        #expect(sample.record.refusal(toErase: entry, by: "nobody") != nil)
      }
    }
    return expired
  }

  @Test("everything erased is named by exactly one entry, and nothing else is")
  func once() throws {
    var erased = 0
    for seed in 0..<20 {
      var sample = RetentionSample(seed: UInt64(2_000 + seed))
      for _ in 0..<120 { try sample.step() }
      #expect(sample.erased.values.allSatisfy { $0.count == 1 })
      #expect(sample.record.erasures == sample.erased.compactMapValues(\.first))
      erased += sample.erased.count
    }
    #expect(erased > 50, "the samples show nothing")
  }

  @Test("whoever lifts a hold does not erase what it covered; whoever asked does not lift")
  func twoPeople() throws {
    var sample = RetentionSample(seed: 7)
    let thing = Subject(name: "commit:portal", digest: sample.digest())
    let entry = try sample.add(.provenance, [thing], ["a": "b"])
    var scope = LegalHold.Scope()
    scope.applications = ["portal"]
    func step(_ action: LegalHold.Action, _ person: String) -> LegalHold {
      LegalHold(
        action: action, hold: "case-1", matter: "m", scope: action == .placed ? scope : nil,
        reason: "r", person: person, role: .pipeline, time: sample.now)
    }
    let placed = step(.placed, "pia")
    try sample.add(.legalHold, placed.subjects, placed)
    #expect(sample.record.refusal(toErase: entry, by: "quin") == .held(["case-1"]))
    #expect(sample.record.holds.refusal(of: step(.placed, "quin"), requests: [])?.code == .badInput)

    let named = Erasure.Entry(index: entry.index, kind: entry.kind, envelope: entry.envelope)
    let request = ErasureRequest(
      entries: [named], holds: ["case-1"], basis: .request, reason: "r", requestedBy: nil,
      person: "quin", role: .pipeline, time: sample.now)
    try sample.add(.erasureRequest, request.subjects, request, actor: "quin")
    #expect(sample.record.waiting.count == 1)
    let waiting = sample.record.waiting
    #expect(
      sample.record.holds.refusal(of: step(.lifted, "quin"), requests: waiting)?.code == .notTrusted
    )
    #expect(sample.record.holds.refusal(of: step(.lifted, "pia"), requests: waiting) == nil)
    let lifted = step(.lifted, "pia")
    try sample.add(.legalHold, lifted.subjects, lifted)
    #expect(sample.record.refusal(toErase: entry, by: "pia") == .lifted(hold: "case-1"))
    #expect(sample.record.refusal(toErase: entry, by: "quin") == nil)
    #expect(sample.record.waiting.count == 1, "it waits until it is done")

    let erasure = Erasure(
      entries: [named], basis: .request, reason: "r", requestedBy: nil, person: "quin",
      role: .pipeline, time: sample.now)
    try sample.add(.erasure, erasure.subjects, erasure, actor: "quin")
    #expect(sample.record.waiting.isEmpty)
  }

  @Test("what cannot be told to belong elsewhere is held")
  func unknown() throws {
    var sample = RetentionSample(seed: 8)
    let stray = try sample.add(
      .provenance, [Subject(name: "thing", digest: sample.digest())], ["a": "b"])
    let other = try sample.add(
      .provenance, [Subject(name: "commit:lab", digest: sample.digest())], ["a": "b"])
    var scope = LegalHold.Scope()
    scope.applications = ["portal"]
    let hold = LegalHold(
      action: .placed, hold: "case-1", matter: "m", scope: scope, reason: "r", person: "pia",
      role: .pipeline, time: sample.now)
    try sample.add(.legalHold, hold.subjects, hold)
    #expect(sample.record.refusal(toErase: stray, by: "quin") == .held(["case-1"]))
    #expect(sample.record.refusal(toErase: other, by: "quin") == nil)
  }

  @Test(
    "a content goes exactly when all that refer to it go, and with the last of them",
    arguments: 0..<30)
  func contents(seed: Int) throws {
    var random = Seeded(seed: UInt64(seed))
    var sample = RetentionSample(seed: UInt64(seed))
    let pool = (0..<12).map { Digest.sha256([UInt8($0)]) }
    var entries: [EntryProfile] = []
    for _ in 0..<30 {
      var entry = try sample.add(
        .provenance, [Subject(name: "x", digest: sample.digest())], ["a": "b"])
      entry.contents = Set(
        (0..<Int.random(in: 0...2, using: &random)).map { _ in
          pool[Int.random(in: 0..<pool.count, using: &random)]
        })
      entry.isBlob = Bool.random(using: &random)
      entries.append(entry)
    }
    let erasing = entries.filter { _ in Bool.random(using: &random) }
    var references = ContentReferences(erasing: erasing)
    for entry in entries.shuffled(using: &random) { references.take(entry) }
    let going = references.byEntry
    func refers(_ entry: EntryProfile, _ digest: Digest) -> Bool {
      entry.contents.contains(digest) || entry.isBlob && entry.payload == digest
    }
    for digest in pool + entries.compactMap(\.payload) {
      let users = entries.filter { refers($0, digest) }
      let isGoing = !users.isEmpty && users.allSatisfy(erasing.contains)
      let places = going.filter { $0.value.contains(digest) }.map(\.key)
      #expect(places == (isGoing ? users.map(\.index).suffix(1) : []), "\(digest.short)")
    }
  }

  @Test("six years are at least six years, whatever leap days lie in them")
  func years() throws {
    #expect(RetentionPolicy.standard.days == 2_192)
    for year in 1996...2040 {
      let begin = try #require(Instant("\(year)-03-01T00:00:00Z"))
      for years in 1...20 {
        let end = try #require(Instant("\(year + years)-03-01T00:00:00Z"))
        let days = RetentionPolicy.days(years: years)
        #expect(RetentionPolicy.end(days: days, lastInEffect: begin) >= end)
        #expect(days <= 366 * years)
      }
    }
  }
}
