import Blobs
import Foundation
import Ledger
public import Model

extension LedgerHome {
  /// Makes this ledger open for reading only until a restoration has ended.
  ///
  /// - Throws: `Problem` with `inputOutput`.
  public func beginRestoring(time: Instant) async throws {
    if try RestoringFile.read(in: path) != nil { return }
    let size = try await ledger.read { try $0.size() }
    try RestoringFile(since: time, size: size).write(in: path)
  }

  /// Asks everybody for the highest checkpoint that the ledger ever showed: the configured
  /// witnesses, mirrors, what people kept, the spool, and what this machine remembers. Refills what
  /// mirrors still have, and opens the ledger for appending when nothing is missing and enough have
  /// answered.
  ///
  /// It can be called again with others to ask; what was learnt stays.
  ///
  /// - Parameter progress: is told the entries that are there, and how many there will be.
  /// - Throws: `Problem` with `badInput` when nobody but the copy itself was asked or no restoration
  ///   was begun, `notTrusted` for a checkpoint that the log did not sign, `ledgerDamaged` when there
  ///   are two histories: then the ledger stays closed.
  public func restore(
    from sources: RestoreSources, progress: @Sendable (_ done: Int64, _ all: Int64) -> Void
  ) async throws -> RestoreReport {
    guard var state = try RestoringFile.read(in: path) else {
      throw Problem(.badInput, "no restoration of this ledger was begun", at: path)
    }
    let names = (sources.copy.map { [$0] } ?? []) + sources.mirrors
    let copies = try names.map { try LedgerHome.open(at: $0, readOnly: true) }
    defer { for copy in copies { try? copy.ledger.close() } }
    for (copy, name) in zip(copies, names) where copy.ledger.key != ledger.key {
      throw Problem(.badInput, "it is a copy of \"\(copy.ledger.key.name)\"", at: name)
    }
    for copy in copies { try spool.take(from: copy.spool) }

    let answers = try await askWitnesses(sources, copies: copies)
    for answer in answers { state.note(answer) }
    var all = sources.shown
    for answer in answers {
      all += answer.notes.map { ShownCheckpoint(name: "witness \(answer.witness)", note: $0) }
    }
    all += try spool.checkpoints().map { ShownCheckpoint(name: "the spool", note: $0) }
    for (copy, name) in zip(copies, names) {
      let note = try await copy.ledger.read { try $0.checkpoint() }
      all.append(ShownCheckpoint(name: name, note: note))
    }
    let isSomebody = all.contains { $0.note != nil && $0.name != sources.copy }
    guard isSomebody || state.highest != nil || sources.isAlone else {
      // What was learnt, who was absent among it, stays.
      try state.write(in: path)
      throw Problem(
        .badInput, "nobody but the copy itself was asked what the ledger has shown", at: path,
        advice: "Name a mirror, a witness, or a file with a checkpoint or a receipt that somebody"
          + " kept. If there is nobody: --alone")
    }
    if let note = state.highest { all.append(ShownCheckpoint(name: Self.earlier, note: note)) }
    if let note = highest.note() { all.append(ShownCheckpoint(name: "this machine", note: note)) }

    let before = try await ledger.read { try $0.size() }
    let (known, lost) = try await heads(all, copies: copies)
    try await compare(known)
    try await refill(from: copies, progress: progress)
    // What was brought back must be what was shown, and what this ledger itself signed.
    try await compare(known + [ownHead()].compactMap(\.self))

    let size = try await ledger.read { try $0.size() }
    for head in known where head.name != Self.earlier {
      state.note(head.name, "a checkpoint of \(head.checkpoint.size) entries")
    }
    for (name, sentence) in lost { state.note(name, sentence) }
    for one in all where one.note == nil { state.note(one.name, "none") }
    let top = known.max { $0.checkpoint.size < $1.checkpoint.size }
    state.highest = top?.note
    state.lacking = lacking(answers, sources)
    let isComplete = (top?.checkpoint.size ?? 0) <= size && state.lacking == nil
    if isComplete {
      await keepHighest()
      try RestoringFile.remove(in: path)
    } else {
      try state.write(in: path)
    }
    return RestoreReport(
      size: size, refilled: size - before, highest: max(top?.checkpoint.size ?? 0, size),
      asked: state.asked, witnesses: answers, lacking: state.lacking, isComplete: isComplete)
  }

  private static let earlier = "earlier"

  /// Asks the witnesses that are named for this restoration, or in the ledger's folder.
  private func askWitnesses(
    _ sources: RestoreSources, copies: [LedgerHome]
  ) async throws -> [WitnessAnswer] {
    guard let policy = try sources.witnesses ?? witnesses() else { return [] }
    var keys: [LogKeyHistory] = []
    for home in [self] + copies { keys.append(try await home.ledger.histories().keys) }
    var origins: [String] = []
    for origin in keys.flatMap(\.origins)
    where !origins.contains(where: { $0.utf8.elementsEqual(origin.utf8) }) {
      origins.append(origin)
    }
    let nobody = HTTPExchange { _ in
      throw Problem(.inputOutput, "it was not asked")
    }
    return await WitnessMonitor(
      exchange: sources.exchange ?? nobody,
      deadline: .now + .milliseconds(sources.witnessMilliseconds), origins: origins, keys: keys
    ).ask(policy.witnesses)
  }

  /// Who has not answered that must.
  private func lacking(_ answers: [WitnessAnswer], _ sources: RestoreSources) -> String? {
    let needed = min(sources.neededWitnesses ?? answers.count, answers.count)
    let answered = answers.count(where: \.isAnswer)
    guard answered < needed else { return nil }
    let silent = answers.filter { !$0.isAnswer }.map { "\($0.witness) (\($0.detail))" }
    return "\(answered) of \(answers.count) witnesses answered, and \(needed) must: without"
      + " \(silent.joined(separator: ", "))"
  }

  /// Brings back what copies have and this ledger has not, the longest first.
  private func refill(
    from copies: [LedgerHome], progress: @Sendable (Int64, Int64) -> Void
  ) async throws {
    var sized: [(size: Int64, home: LedgerHome)] = []
    for copy in copies { sized.append((try await copy.ledger.read { try $0.size() }, copy)) }
    for (size, copy) in sized.sorted(by: { $0.size > $1.size }) {
      guard try await ledger.read({ try $0.size() }) < size else { continue }
      _ = try await ledger.copy(from: copy.ledger, progress: progress)
      for digest in try await copy.blobs.digests() {
        if try await blobs.get(digest) != nil { continue }
        if let bytes = try await copy.blobs.get(digest) { _ = try await blobs.put(bytes) }
      }
    }
  }
}
