import Attestation
import Compliance
import Ledger
import LedgerSQLite
import Model

extension LedgerHome {
  /// Asks past decisions again, as they were or with another policy or time.
  ///
  /// The ledger is gone through once, in its order: each entry is read and each signature verified
  /// once, however many decisions look at it, and the tree is built anew, so that each decision's own
  /// root, and at the end the signed checkpoint's, is held against it.
  ///
  /// - Parameter progress: is told the entries that were gone through, and how many there are.
  /// - Throws: `Problem` with `notFound` where there is no such decision; `ledgerDamaged`,
  ///   `notTrusted` where the ledger itself cannot be used.
  public func replay(
    _ request: ReplayRequest,
    progress: @Sendable (_ done: Int64, _ all: Int64) -> Void = { _, _ in }
  ) async throws -> ReplayReport {
    let plan = try await replayPlan(request)
    var replay = try await Replay(self, plan: plan, request: request)
    return try await replay.run(progress)
  }
}

/// One going through the ledger.
struct Replay {
  private let home: LedgerHome
  private let request: ReplayRequest
  private let items: [ReplayPlan.Item]
  private let histories: LedgerHistories
  private let organisations: [String]
  private let latest: Checkpoint
  private var memory: ReplayMemory
  private var serving = ServingState()
  private var tree = CompactRange()
  private var asker: ReplayAsker
  private var answers: [ReplayedDecision] = []
  /// Decisions whose own entry was not admitted, and why.
  private var unsigned: [Int64: String] = [:]
  private let own: Set<Int64>

  init(_ home: LedgerHome, plan: ReplayPlan, request: ReplayRequest) async throws {
    self.home = home
    self.request = request
    items = plan.items
    own = Set(plan.items.map(\.entry))
    histories = try await home.ledger.histories()
    guard let note = try await home.ledger.read({ try $0.checkpoint() }) else {
      throw Problem(.ledgerDamaged, "the ledger has no checkpoint", at: home.path)
    }
    latest = try histories.keys.checkpoint(note)
    organisations = Set(histories.trust.versions.map(\.root.organisation)).sorted()
    let applications = Set(plan.items.map(\.decision.release.application))
    let standing =
      applications.map(Subject.application) + organisations.map(Subject.organisation)
    memory = ReplayMemory(needed: plan.needed, standing: Set(standing.flatMap(\.digests)))
    asker = ReplayAsker(home: home, request: request)
  }

  /// Pages of this many entries; what one holds in memory.
  private static let page: Int64 = 512

  mutating func run(
    _ progress: @Sendable (_ done: Int64, _ all: Int64) -> Void
  ) async throws -> ReplayReport {
    var next = items.startIndex
    // Behind the last decision there is only the rest of the tree, and the decisions' own entries.
    for start in stride(from: Int64(0), to: latest.size, by: Int(Self.page)) {
      try Task.checkCancellation()
      let range = start..<min(start + Self.page, latest.size)
      let rows = try await home.ledger.read { try $0.rows(range) }
      guard rows.count == range.count else {
        throw Problem(.ledgerDamaged, "entries from \(start) on are missing", at: home.path)
      }
      for (row, piece) in zip(rows, try await admitted(rows)) {
        while next < items.endIndex, items[next].decision.ledger.size <= row.index {
          try await ask(items[next])
          next += 1
        }
        take(piece, try Leaf(bytes: row.leaf))
        tree.append(.leaf(row.leaf)) { _, _ in }
      }
      progress(range.upperBound, latest.size)
    }
    while next < items.endIndex {
      try await ask(items[next])
      next += 1
    }
    guard tree.root == latest.root else {
      throw Problem(
        .ledgerDamaged, "the entries do not lead to the signed root", at: home.path)
    }
    let all = answers.map { answer in
      unsigned[answer.entry].map { answer.adding("the decision itself does not count: \($0)") }
        ?? answer
    }
    return ReplayReport(
      decisions: all.sorted { $0.entry < $1.entry }, entries: latest.size,
      isWhatIf: request.isWhatIf)
  }

  private mutating func take(_ piece: ReplayMemory.Piece?, _ leaf: Leaf) {
    guard let piece else { return }
    switch piece {
    case .admitted(let evidence): serving.add(evidence)
    case .refused(let refused, _):
      if own.contains(refused.index) { unsigned[refused.index] = refused.reason }
    }
    if memory.wants(leaf, index: piece.index) { memory.add(piece, leaf: leaf) }
  }

  private mutating func ask(_ item: ReplayPlan.Item) async throws {
    let decision = item.decision
    let size = decision.ledger.size
    guard size == tree.size, tree.root.digest == decision.ledger.root else {
      answers.append(
        ReplayedDecision(
          item, now: .error, changes: [
            "the ledger's first \(size) entries do not have the root that the decision names"
          ]))
      return
    }
    guard let trust = histories.trust.versions.last(where: { $0.index < size }) else {
      throw Problem(.notTrusted, "the ledger has no trust root", at: home.path)
    }
    let pieces = memory.pieces(of: decision.release, organisations: organisations)
    let live = serving.serving(
      decision.release.application, in: decision.environment,
      besides: decision.release.commitID)
    answers.append(try await asker.answer(item, pieces: pieces, trust: trust.root, live: live))
    memory.forget(upTo: size)
  }
}

extension Replay {
  /// Reads and verifies the entries of a page that matter, side by side; `nil` for the others.
  private func admitted(_ rows: [EntryRow]) async throws -> [ReplayMemory.Piece?] {
    let home = home
    let histories = histories
    let part = (rows.count + 3) / 4
    let parts = stride(from: 0, to: rows.count, by: max(part, 1)).map {
      Array(rows[$0..<min($0 + part, rows.count)])
    }
    let wanted = parts.map { rows in rows.map(isWanted) }
    return try await withThrowingTaskGroup(of: (Int, [ReplayMemory.Piece?]).self) { group in
      for (place, rows) in parts.enumerated() {
        let isWanted = wanted[place]
        group.addTask {
          var pieces: [ReplayMemory.Piece?] = []
          for (row, isWanted) in zip(rows, isWanted) {
            pieces.append(isWanted ? try await home.replayed(row, histories) : nil)
          }
          return (place, pieces)
        }
      }
      var all: [Int: [ReplayMemory.Piece?]] = [:]
      for try await (place, pieces) in group { all[place] = pieces }
      return parts.indices.flatMap { all[$0] ?? [] }
    }
  }

  private func isWanted(_ row: EntryRow) -> Bool {
    guard let leaf = try? Leaf(bytes: row.leaf) else { return true }
    return own.contains(row.index) || leaf.kind == .rollout || leaf.kind == .release
      || memory.wants(leaf, index: row.index)
  }
}

extension LedgerHome {
  /// An entry as a gate is shown it.
  fileprivate func replayed(
    _ row: EntryRow, _ histories: LedgerHistories
  ) async throws -> ReplayMemory.Piece {
    let entry = try await ledger.entry(row)
    let leaf = try Leaf(bytes: entry.leaf)
    var erasure: Int64?
    if case .erased = entry.payload {
      erasure = try await erasureNote(of: entry.index, leaf: leaf)?.erasure
    }
    func refused(_ reason: String) -> ReplayMemory.Piece {
      .refused(
        RefusedEvidence(
          index: entry.index, kind: leaf.kind, reason: reason,
          digest: Self.digest(entry, leaf)), erasedBy: erasure)
    }
    if histories.keys.isDistrusted(entry.index) {
      return refused("it was recorded when somebody else may have had the log key")
    }
    do {
      return .admitted(try admit(entry, leaf: leaf, history: histories.trust))
    } catch let problem as Problem {
      return refused(problem.message)
    }
  }
}

extension ReplayedDecision {
  init(_ item: ReplayPlan.Item, now: Decision.Outcome, changes: [String]) {
    self.init(
      entry: item.entry, application: item.decision.release.application,
      version: item.decision.release.version, environment: item.decision.environment,
      was: item.decision.outcome, now: now, isSame: changes.isEmpty, changes: changes)
  }

  fileprivate func adding(_ change: String) -> ReplayedDecision {
    ReplayedDecision(
      entry: entry, application: application, version: version, environment: environment,
      was: was, now: now, isSame: false, changes: [change] + changes)
  }
}
