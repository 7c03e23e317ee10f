import Attestation
import Foundation
import Ledger
import Model

/// Carries out an erasure that was found to be allowed, in steps that are each whole.
struct ErasureWork {
  let home: LedgerHome
  let person: Signatory
  let basis: Erasure.Basis
  let reason: String
  let requestedBy: String?
  let time: TimeSource
  var survey: RetentionSurvey
  var outcome: ErasureOutcome

  private var references = ContentReferences(erasing: [])
  /// How many entries were looked at for what they refer to.
  private var counted: Int64 = 0

  init(
    home: LedgerHome, person: Signatory, basis: Erasure.Basis, reason: String,
    requestedBy: String?, time: TimeSource, survey: RetentionSurvey, outcome: ErasureOutcome
  ) {
    self.home = home
    self.person = person
    self.basis = basis
    self.reason = reason
    self.requestedBy = requestedBy
    self.time = time
    self.survey = survey
    self.outcome = outcome
  }

  /// Erases entries, by ascending index.
  ///
  /// - Throws: `Problem`; what was erased until then is erased, and finished at the next start.
  mutating func erase(
    _ entries: [EntryProfile], withRunFolders: Bool = false
  ) async throws -> ErasureOutcome {
    references = ContentReferences(erasing: entries)
    try await count()
    let copies = LedgerCopies(path: home.path)
    let contents = references.byEntry.values.flatMap(\.self)
    var sizes: [Digest: Int] = [:]
    for digest in contents {
      // What is damaged or gone has no copies that could be told.
      if let bytes = try? await home.blobs.get(digest) { sizes[digest] = bytes.count }
    }
    let folders = Set(entries.compactMap(\.run)).sorted().compactMap(copies.folder)
    var files = try copies.files(of: sizes)
    if withRunFolders {
      files.removeAll { file in folders.contains { file.hasPrefix("\($0)/") } }
      files += folders
    }
    for start in stride(from: 0, to: entries.count, by: Erasure.entryLimit) {
      let part = Array(entries[start..<min(start + Erasure.entryLimit, entries.count)])
      try await commit(part, files: start == 0 ? files : [])
    }
    outcome.copies = files
    outcome.runFolders = withRunFolders ? [] : folders
    outcome.unfinished = try await home.finishErasures()
    return outcome
  }

  /// Looks at all entries that were not looked at yet for what they refer to.
  private mutating func count() async throws {
    guard !references.isEmpty else { return }
    var start = counted
    while start < survey.size {
      try Task.checkCancellation()
      let page = start..<min(start + 1_000, survey.size)
      // Most entries refer to nothing that is in question, which is seen without reading them.
      let search = ContentSearch(references.inQuestion)
      let candidates = try await home.ledger.read { try search.candidates(page, $0) }
      for index in candidates {
        references.take(try await home.profile(try await home.ledger.read { try $0.row(index) }))
      }
      start = page.upperBound
    }
    counted = survey.size
  }

  private mutating func commit(_ part: [EntryProfile], files: [String]) async throws {
    while true {
      try await survey.advance(home.ledger) { _, _ in }
      try await count()
      // A hold may have been placed, or a release gone live, since it was looked at.
      for entry in part {
        if let refusal = survey.record.refusal(toErase: entry, by: person.person) {
          throw Problem(
            .gateRefused, "entry \(entry.index) \(refusal.words); it changed just now",
            at: home.path)
        }
      }
      do {
        return try await commitOnce(part, files: files)
      } catch let problem as Problem where problem.code == .busy {
        // Something was appended meanwhile; a store that is held by others says so after long.
        let size = try await home.ledger.read { try $0.size() }
        guard size != survey.size else { throw problem }
      }
    }
  }

  private mutating func commitOnce(_ part: [EntryProfile], files: [String]) async throws {
    let going = references.byEntry
    let now = time.now()
    var named: [Erasure.Entry] = []
    var remnants = files.map { Remnant(.file, name: $0, erasure: 0) }
    for entry in part {
      let row = try await home.ledger.read { try $0.row(entry.index) }
      let salt: [UInt8]
      switch row.payload {
      case .inline(_, let found), .blob(_, let found): salt = found
      case .none: throw Problem(.busy, "the payload of entry \(entry.index) is gone already")
      }
      let contents = going[entry.index] ?? []
      named.append(
        .init(
          index: entry.index, kind: entry.kind, envelope: entry.envelope,
          contents: contents.map { Erasure.saltedDigest(of: $0, salt: salt) }.sorted()))
      remnants += contents.map { Remnant(.content, name: $0.description, erasure: 0) }
    }
    let erasure = Erasure(
      entries: named, basis: basis, reason: reason, requestedBy: requestedBy,
      person: person.person, role: person.role, time: now)
    let draft = try person.draft(
      .erasure, subjects: erasure.subjects, predicate: erasure, time: now)
    let index = try await home.ledger.erase(
      draft, payloads: part.map(\.index), remnants: remnants,
      logSigner: LogSigner(home.appendingSigner()),
      ifSize: survey.size)
    outcome.erasures.append(index)
    outcome.entries += part.map(\.index)
    outcome.contents += remnants.count { $0.sort == .content }
  }
}
