import Attestation
import Foundation
import Ledger
public import Model

extension LedgerHome {
  /// Erases payloads at a person's word, as far as holds and the rules of the ledger let it.
  ///
  /// An entry of kind `erasure` is recorded in the transaction that removes the payloads; then the
  /// store is scrubbed, and logs, reports and copies that only they referred to are removed. Killed
  /// in the middle, the next erasing, expiring or run goes on.
  ///
  /// - Returns: what was erased, what was refused and what is left to do; its `problem` says whether
  ///   all that was wanted is done.
  /// - Throws: `Problem` for everything that is wrong before the first entry.
  public func erase(
    _ wish: ErasureWish, by acting: ActingPerson, time: TimeSource,
    progress: @escaping @Sendable (_ done: Int64, _ all: Int64) -> Void = { _, _ in }
  ) async throws -> ErasureOutcome {
    try wish.check()
    _ = try await finishErasures()
    var survey = RetentionSurvey(subject: wish.subject)
    try await survey.advance(ledger, progress: progress)
    let person = try Signatory(
      acting.signer, in: survey.trust(), kind: .erasure, role: acting.role, time: time.now())
    let chosen = try await chosen(wish, survey)
    guard !chosen.isEmpty else {
      throw Problem(.notFound, "no entry with a payload is meant by that", at: path)
    }
    var outcome = ErasureOutcome()
    let allowed = try split(chosen, survey.record, person, &outcome)
    if !outcome.refused.isEmpty {
      outcome.requests = try await record(
        chosen.filter { !allowed.contains($0) }, outcome.refused, wish, person, &survey, time)
      guard wish.exceptRefused, !allowed.isEmpty else { return outcome }
    }
    var work = ErasureWork(
      home: self, person: person, basis: wish.basis, reason: wish.reason,
      requestedBy: wish.requestedBy, time: time, survey: survey, outcome: outcome)
    return try await work.erase(allowed, withRunFolders: wish.withRunFolders)
  }

  /// The entries that a wish means, by ascending index.
  private func chosen(
    _ wish: ErasureWish, _ survey: RetentionSurvey
  ) async throws -> [EntryProfile] {
    var found: [EntryProfile] = []
    for index in wish.indices.sorted() {
      found.append(try await profile(try await ledger.read { try $0.row(index) }))
    }
    let meant = try await entries(ofRun: wish.run, size: survey.size).union(survey.onSubject)
    for index in meant where !wish.indices.contains(index) {
      let entry = try await profile(try await ledger.read { try $0.row(index) })
      let isOfRun = wish.run.map { entry.run == $0 } ?? false
      let isOnSubject = wish.subject.map { entry.subjects.contains($0) } ?? false
      // What has no payload any more needs no erasing; what was named by its index is told of.
      if isOfRun || isOnSubject, entry.payload != nil { found.append(entry) }
    }
    return found.sorted { $0.index < $1.index }
  }

  /// The entries of a run, as the index has them: their leaves do not say. What holds and rules say of
  /// each is not asked of the index; that it leaves nothing out is what `ledger verify` shows.
  private func entries(ofRun run: String?, size: Int64) async throws -> Set<Int64> {
    guard let run else { return [] }
    return try await ledger.read { reader in
      var found: Set<Int64> = []
      var after: Int64?
      while true {
        let page = try reader.indices(matching: EntryQuery(run: run), limit: 10_000, after: after)
        found.formUnion(page)
        guard let last = page.last else { return found.filter { $0 < size } }
        after = last
      }
    }
  }

  /// Tells the entries that may be erased from those that may not.
  private func split(
    _ entries: [EntryProfile], _ record: RetentionRecord, _ person: Signatory,
    _ outcome: inout ErasureOutcome
  ) throws -> [EntryProfile] {
    let live = Set(LedgerCopies(path: path).liveRuns().map(\.run))
    for entry in entries {
      if let run = entry.run, live.contains(run) {
        throw Problem(
          .busy, "the run \(run) that recorded entry \(entry.index) is still going on", at: path,
          advice: "Wait for its end, or cancel it.")
      }
    }
    return entries.filter { entry in
      guard let refusal = record.refusal(toErase: entry, by: person.person) else { return true }
      var holds: [String] = []
      if case .held(let names) = refusal { holds = names }
      outcome.refused.append(
        .init(index: entry.index, kind: entry.kind, reason: refusal.words, holds: holds))
      return false
    }
  }

  /// Records that a wish waits for holds to end, unless it waits already.
  ///
  /// - Returns: the entries that record it.
  private func record(
    _ entries: [EntryProfile], _ refused: [ErasureOutcome.Refused], _ wish: ErasureWish,
    _ person: Signatory, _ survey: inout RetentionSurvey, _ time: TimeSource
  ) async throws -> [Int64] {
    let held = refused.filter { !$0.holds.isEmpty }
    let indices = Set(held.map(\.index))
    let waiting = survey.record.waiting.filter { waiting in
      waiting.request.person.utf8.elementsEqual(person.person.utf8)
        && waiting.request.entries.contains { indices.contains($0.index) }
    }
    let known = Set(waiting.flatMap(\.request.entries).map(\.index))
    let new = entries.filter { indices.contains($0.index) && !known.contains($0.index) }
    var recorded = waiting.map(\.index)
    for start in stride(from: 0, to: new.count, by: Erasure.entryLimit) {
      let part = new[start..<min(start + Erasure.entryLimit, new.count)]
      let request = ErasureRequest(
        entries: part.map { .init(index: $0.index, kind: $0.kind, envelope: $0.envelope) },
        holds: Set(held.flatMap(\.holds)).sorted(), basis: wish.basis, reason: wish.reason,
        requestedBy: wish.requestedBy, person: person.person, role: person.role, time: time.now())
      let draft = try person.draft(
        .erasureRequest, subjects: request.subjects, predicate: request, time: request.time)
      recorded += try await ledger.append([draft], logSigner: appendingSigner())
    }
    return recorded.sorted()
  }
}
