import Attestation
import Compliance
import Ledger
import LedgerSQLite
import Model

/// The decisions that are asked again, by the size of the ledger that they saw.
struct ReplayPlan {
  /// A decision and its place.
  struct Item: Sendable {
    let entry: Int64
    let decision: Decision
  }

  /// Ascending by the size that was seen, then by entry.
  let items: [Item]
  /// For each subject, the greatest size at which a decision looks at it.
  let needed: [Digest: Int64]

  init(_ items: [Item]) {
    self.items = items.sorted {
      ($0.decision.ledger.size, $0.entry) < ($1.decision.ledger.size, $1.entry)
    }
    var needed: [Digest: Int64] = [:]
    for item in items {
      for digest in item.decision.release.digests {
        needed[digest] = max(needed[digest] ?? 0, item.decision.ledger.size)
      }
    }
    self.needed = needed
  }
}

extension LedgerHome {
  /// Reads the decisions that a request names. Their signatures are verified by whoever goes through
  /// the ledger.
  ///
  /// - Throws: `Problem` with `notFound` where there is none, or the entry is no decision.
  func replayPlan(_ request: ReplayRequest) async throws -> ReplayPlan {
    let wanted: [Int64]
    switch request.which {
    case .entry(let index): wanted = [index]
    case .all: wanted = try await ledger.read { try $0.indices(kind: .decision) }
    case .release(let release):
      let digests = release.digests
      wanted = try await ledger.read { reader in
        Set(try reader.indices(subjects: digests)).intersection(
          try reader.indices(kind: .decision)
        ).sorted()
      }
    }
    var items: [ReplayPlan.Item] = []
    for start in stride(from: 0, to: wanted.count, by: 256) {
      let page = Array(wanted[start..<min(start + 256, wanted.count)])
      for entry in try await ledger.entries(page) {
        if case .erased = entry.payload, request.which == .all { continue }
        let decision = try Self.decision(entry)
        let isOther = request.environment.map { !$0.utf8.elementsEqual(decision.environment.utf8) }
        if isOther ?? false { continue }
        items.append(.init(entry: entry.index, decision: decision))
      }
    }
    guard !items.isEmpty else {
      throw Problem(.notFound, "there is no such decision in the ledger", at: path)
    }
    return ReplayPlan(items)
  }

  private static func decision(_ entry: StoredEntry) throws -> Decision {
    let leaf = try Leaf(bytes: entry.leaf)
    guard leaf.kind == .decision else {
      throw Problem(
        .notFound, "entry \(entry.index) is of kind \"\(leaf.kind.rawValue)\", no decision",
        advice: "List them with: pratique ledger show --kind decision")
    }
    let statement = try Statement(json: EntryReader.envelope(entry, leaf: leaf).payload)
    return try statement.predicate(as: VerificationSummary.self).decision
  }
}
