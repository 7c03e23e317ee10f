import Attestation
import Foundation
public import Ledger
public import Model

/// Holds, and the erasures that wait for them to end.
public struct HoldList: Sendable, Encodable {
  /// Every hold, lifted ones too, in the order in which they were placed.
  public let holds: [HoldHistory.Hold]
  /// Requests that wait, each with whether holds still stand in its way.
  public let waiting: [Waiting]

  /// An erasure that was asked for and refused.
  public struct Waiting: Sendable, Encodable {
    /// Index of the entry that recorded it, and what was asked for.
    public let request: WaitingRequest
    /// The holds in force that still cover any of its entries.
    public let holds: [String]

    /// Whether it can be done now.
    public var isFree: Bool { holds.isEmpty }
  }
}

/// What came of a step of a hold.
public struct HoldOutcome: Sendable, Encodable {
  /// What was recorded.
  public let hold: LegalHold
  /// Index of its entry.
  public let index: Int64
  /// How many entries that still have a payload it covers, or covered.
  public let covered: Int
  /// Requests that waited for it, and can be done now.
  public let freed: [WaitingRequest]
}

extension LedgerHome {
  /// Places a hold: from then on nothing that it covers is erased or expires.
  ///
  /// - Throws: `Problem` with `badInput` for a name that was used before, `notTrusted`.
  public func placeHold(
    _ name: String, matter: String, scope: LegalHold.Scope, reason: String,
    by acting: ActingPerson, time: TimeSource
  ) async throws -> HoldOutcome {
    guard Actor.isIdentifier(name) else {
      throw Problem(
        .badInput, "\"\(name)\" is no name for a hold: use a-z, 0-9, '.', '_' and '-'")
    }
    guard !matter.allSatisfy(\.isWhitespace) else {
      throw Problem(.badInput, "a hold needs the matter for which it is placed")
    }
    if let from = scope.from, let to = scope.to, to <= from {
      throw Problem(.badInput, "the hold's period ends before it begins")
    }
    return try await step(by: acting, reason: reason, time: time) { _, person, now in
      LegalHold(
        action: .placed, hold: name, matter: matter, scope: scope, reason: reason,
        person: person.person, role: person.role, time: now)
    }
  }

  /// Lifts a hold: what waited for its end can be done, by somebody else than whoever lifts it.
  ///
  /// - Throws: `Problem` with `notFound` when no hold of that name is in force, `notTrusted`.
  public func liftHold(
    _ name: String, reason: String, by acting: ActingPerson, time: TimeSource
  ) async throws -> HoldOutcome {
    try await step(by: acting, reason: reason, time: time) { record, person, now in
      LegalHold(
        action: .lifted, hold: name, matter: record.holds.hold(named: name)?.placed.matter ?? "",
        scope: nil, reason: reason, person: person.person, role: person.role, time: now)
    }
  }

  private func step(
    by acting: ActingPerson, reason: String, time: TimeSource,
    _ make: (RetentionRecord, Signatory, Instant) -> LegalHold
  ) async throws -> HoldOutcome {
    _ = try ReasonText.check(reason)
    var survey = RetentionSurvey()
    for _ in 0..<20 {
      try await survey.advance(ledger) { _, _ in }
      let now = time.now()
      let person = try Signatory(
        acting.signer, in: survey.trust(), kind: .legalHold, role: acting.role, time: now)
      let hold = make(survey.record, person, now)
      let refusal = survey.record.holds.refusal(of: hold, requests: survey.record.waiting)
      if let refusal { throw refusal }
      let before = survey.record
      do {
        let draft = try person.draft(
          .legalHold, subjects: hold.subjects, predicate: hold, time: now)
        let index = try await ledger.append(
          [draft], logSigner: try await logSigner(), ifSize: survey.size)[0]
        return try await outcome(of: hold, index: index, before: before, survey)
      } catch let problem as Problem where problem.code == .busy { continue }
    }
    throw Problem(.busy, "the ledger grows too fast for a step of a hold", at: path)
  }

  private func outcome(
    of hold: LegalHold, index: Int64, before: RetentionRecord, _ survey: RetentionSurvey
  ) async throws -> HoldOutcome {
    var survey = survey
    try await survey.advance(ledger) { _, _ in }
    let counting = hold.action == .placed ? survey.record : before
    var covered = 0
    try await profiles(0..<index) { entry in
      if entry.payload != nil, counting.covers(entry, hold: hold.hold) { covered += 1 }
    }
    let list = try await holdList(survey.record)
    let freed = list.waiting.filter(\.isFree).map(\.request).filter {
      hold.action == .lifted && $0.request.holds.contains(hold.hold)
    }
    return HoldOutcome(hold: hold, index: index, covered: covered, freed: freed)
  }

  /// All holds, and the requests that wait.
  public func holdList() async throws -> HoldList {
    var survey = RetentionSurvey()
    try await survey.advance(ledger) { _, _ in }
    return try await holdList(survey.record)
  }

  func holdList(_ record: RetentionRecord) async throws -> HoldList {
    var waiting: [HoldList.Waiting] = []
    for request in record.waiting {
      var holds: Set<String> = []
      for entry in request.request.entries where record.erasures[entry.index] == nil {
        let profile = try await profile(try await ledger.read { try $0.row(entry.index) })
        holds.formUnion(record.holdNames(covering: profile))
      }
      waiting.append(.init(request: request, holds: holds.sorted()))
    }
    return HoldList(holds: record.holds.holds, waiting: waiting)
  }
}
