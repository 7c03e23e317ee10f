import Blobs
import Foundation
import Ledger
public import Model
import Pipeline

extension LedgerHome {
  private func folder(ofSpill id: String) -> String { "\(path)/spills/\(id)" }

  /// Looks for copies of values, writes down where they are, and puts files and images into
  /// quarantine. The values themselves are written nowhere.
  ///
  /// - Parameters:
  ///   - values: what must not be here, each of at least `ValueSearch.leastLength` bytes.
  ///   - kinds: what sorts of identifiers they are.
  /// - Returns: the spill; nothing was written down when it is empty.
  /// - Throws: `Problem` with `badInput` for a value that is too short, `busy` while a run goes on.
  public func findSpill(
    _ values: [[UInt8]], kinds: [String], time: TimeSource, onlyLooks: Bool = false,
    progress: @escaping @Sendable (_ what: String) -> Void = { _ in }
  ) async throws -> Spill {
    guard !values.isEmpty, values.count <= 1_000,
      values.allSatisfy({ $0.count >= ValueSearch.leastLength })
    else {
      throw Problem(
        .badInput,
        "expected 1 to 1000 values of at least \(ValueSearch.leastLength) bytes, one a line",
        advice: "A shorter one would be found everywhere: give it with what stands around it.")
    }
    if let live = LedgerCopies(path: path).liveRuns().first {
      throw Problem(
        .busy, "the run \(live.run) is going on and may write more copies", at: path,
        advice: "Wait for its end, or cancel it.")
    }
    let now = time.now()
    var spill = Spill(
      id: RunJourney.newID(now), time: now, kinds: kinds, values: values.count)
    try await SpillSearching(home: self, search: ValueSearch(values), progress: progress)
      .fill(&spill)
    guard !onlyLooks, !spill.isEmpty else {
      spill.files = spill.files.map(\.nameless)
      return spill
    }
    try LedgerHome.makeFolder("\(path)/spills")
    try LedgerHome.makeFolder(folder(ofSpill: spill.id))
    try write(spill)
    try quarantine(&spill)
    return spill
  }

  /// A spill that was written down.
  ///
  /// - Throws: `Problem` with `notFound`.
  public func spill(_ id: String) throws -> Spill {
    guard Actor.isIdentifier(id) else { throw Problem(.badInput, "\"\(id)\" names no spill") }
    do {
      return try RunFolder.read("\(folder(ofSpill: id))/spill.json")
    } catch let problem as Problem where problem.code == .notFound {
      throw Problem(.notFound, "there is no spill \"\(id)\"", at: folder(ofSpill: id))
    }
  }

  private func write(_ spill: Spill) throws {
    try RunFolder.write(spill, to: "\(folder(ofSpill: spill.id))/spill.json")
  }

  /// Moves files and images out of everybody's way; what was moved before is passed over.
  ///
  /// - Throws: `Problem` with `inputOutput`.
  public func quarantine(_ spill: inout Spill) throws {
    guard spill.state == .found else { return }
    let quarantine = "\(folder(ofSpill: spill.id))/quarantine"
    try LedgerHome.makeFolder(quarantine)
    for (number, copy) in (spill.files + spill.images).enumerated() {
      guard FileStatus(path: "\(path)/\(copy.path)", following: false) != nil else { continue }
      guard rename("\(path)/\(copy.path)", "\(quarantine)/\(number)") == 0 else {
        throw Problem(
          .inputOutput, "it cannot be put into quarantine: \(String(cString: strerror(errno)))",
          at: "\(path)/\(copy.path)",
          advice: "Go on when that is mended: pratique phi spill --id \(spill.id)")
      }
      try DurableFolder.flush(PathText.parent(of: "\(path)/\(copy.path)"))
    }
    try DurableFolder.flush(quarantine)
    // From here on nobody needs the names.
    spill.files = spill.files.map(\.nameless)
    spill.state = .quarantined
    try write(spill)
  }

  /// Erases payloads, contents and the quarantine. What a legal hold keeps stays, and the quarantine
  /// with it.
  ///
  /// - Throws: `Problem`; then it is carried on by the next call.
  public func purge(
    _ spill: inout Spill, reason: String, by acting: ActingPerson, time: TimeSource
  ) async throws {
    guard spill.state != .purged else { return }
    try quarantine(&spill)
    let left = try await payloads(spill)
    spill.held = []
    if !left.isEmpty {
      var wish = ErasureWish(reason: reason)
      wish.indices = left
      wish.basis = .spill
      wish.exceptRefused = true
      let outcome = try await erase(wish, by: acting, time: time)
      spill.erasures += outcome.erasures
      spill.held = outcome.refused.map {
        "entry \($0.index) of kind \($0.kind.rawValue) \($0.reason)"
      }
      if let unfinished = outcome.unfinished.first {
        try write(spill)
        throw Problem(
          .busy, unfinished, advice: "Go on later: pratique phi spill --id \(spill.id) --purge")
      }
    }
    if spill.held.isEmpty {
      // What no entry refers to any more goes without one.
      for digest in spill.contents {
        _ = try await blobs.remove(digest, unlessPutSince: time.now())
      }
      let quarantine = "\(folder(ofSpill: spill.id))/quarantine"
      if FileManager.default.fileExists(atPath: quarantine) {
        try FileManager.default.removeItem(atPath: quarantine)
        try DurableFolder.flush(folder(ofSpill: spill.id))
      }
    }
    spill.state = spill.held.isEmpty ? .purged : .held
    try write(spill)
  }

  /// The entries of a spill that still have a payload.
  private func payloads(_ spill: Spill) async throws -> Set<Int64> {
    var left: Set<Int64> = []
    for entry in spill.entries {
      let row = try await ledger.read { try $0.row(entry.index) }
      if case .none = row.payload { continue }
      left.insert(entry.index)
    }
    return left
  }

  /// Refuses whoever may not record a spill, before anything is moved.
  ///
  /// - Throws: `Problem` with `notTrusted`.
  public func checkMayRecordSpill(_ acting: ActingPerson, time: TimeSource) async throws {
    _ = try Signatory(
      acting.signer, in: try await trustRoot(), kind: .phiSpill, role: acting.role,
      time: time.now())
  }

  /// Records what became of a spill.
  ///
  /// - Throws: `Problem` with `notTrusted` or `phiFound`; then nothing was recorded.
  public func record(
    _ spill: Spill, reason: String, by acting: ActingPerson, time: TimeSource
  ) async throws -> RecordedEvidence {
    let act = PersonalAct(
      kind: .phiSpill, application: nil, environment: nil,
      subjects: [.organisation(try await trustRoot().organisation)])
    let text = try ReasonText.check(reason)
    return try await record(act, by: acting, time: time) { person, _, now in
      spill.report(reason: text, person: person.person, role: person.role, time: now)
    }.1
  }
}
