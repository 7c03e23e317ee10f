import Ledger
import Model

/// Which entries go into a bundle, and by which checkpoint they are proven.
struct BundlePlan: Sendable {
  let description: BundleDescription
  /// The signed checkpoint, with all signatures that it has.
  let note: String
  /// The proof of the contiguous range; `nil` where single entries were chosen.
  let proof: RangeProof?
  /// Single entries outside of the range, ascending: those by which the others are judged come first.
  let single: [Int64]
  /// The timestamps that go along: by size of the stamped checkpoint, ascending, the authorities.
  let stamps: [BundleStamps.Stamped]

  /// Number of pages in which the entries are read.
  var pages: Range<Int> {
    0..<Self.count(of: before.count) + rangePages + Self.count(of: after.count)
  }

  private static let page = 256
  private static func count(of entries: Int) -> Int { (entries + page - 1) / page }
  private var range: Range<Int64> { proof?.range ?? 0..<0 }
  private var rangePages: Int { Self.count(of: range.count) }
  private var before: ArraySlice<Int64> {
    range.isEmpty ? single[...] : single.prefix { $0 < range.lowerBound }
  }
  private var after: ArraySlice<Int64> { single[before.endIndex...] }

  /// The indices of a page, ascending.
  func indices(_ page: Int) -> [Int64] {
    func part(_ slice: ArraySlice<Int64>, _ page: Int) -> [Int64] {
      Array(slice.dropFirst(page * Self.page).prefix(Self.page))
    }
    var page = page
    guard page >= Self.count(of: before.count) else { return part(before, page) }
    page -= Self.count(of: before.count)
    guard page < rangePages else { return part(after, page - rangePages) }
    let start = range.lowerBound + Int64(page * Self.page)
    return Array(start..<min(start + Int64(Self.page), range.upperBound))
  }
}

extension LedgerHome {
  /// Kinds by which others are judged: without them no signature and no gap can be.
  private static let judging: [EvidenceKind] = [
    .trustRoot, .logKey, .recoveryEpoch, .erasure,
  ]

  /// Chooses the entries of a bundle.
  ///
  /// - Throws: `Problem` with `notFound` when nothing was recorded of what was chosen.
  func plan(_ choice: BundleChoice) async throws -> BundlePlan {
    return try await ledger.read { reader in
      let size = try reader.size()
      guard let signed = try reader.cosignedCheckpoint(size: size) else {
        throw Problem(.notFound, "the ledger has no checkpoint yet")
      }
      // The name that the log has now: a recovery epoch gave it another than it began with.
      let origin = try Checkpoint(body: signed.text).origin
      let scope: BundleDescription.Scope
      var chosen: [Int64] = []
      var range: Range<Int64>?
      switch choice {
      case .all:
        scope = .all
        range = 0..<size
      case .period(let from, let to):
        scope = .period(from: from, to: to)
        range = try Self.range(of: EntryQuery(from: from, to: to), reader, size: size)
        guard range != nil else {
          throw Problem(.notFound, "nothing was recorded from \(from) to \(to)")
        }
      case .release(let release):
        scope = .release(release)
        chosen = try reader.indices(subjects: release.digests)
      }
      let judging = try Self.judging.flatMap { try reader.indices(kind: $0) }
      let single = Set(chosen + judging).filter { $0 < size && range?.contains($0) != true }
        .sorted()
      let stamps = try BundleStamps.choose(
        from: range?.lowerBound ?? chosen.min(),
        last: range.map { $0.upperBound - 1 } ?? chosen.max(),
        size: size, reader)
      let proof = try range.map { try RangeProof.maker { try reader.node($0) }($0, size) }
      return BundlePlan(
        description: BundleDescription(
          origin: origin, size: size, scope: scope, range: range,
          entries: Int64(single.count + (range?.count ?? 0)),
          timestamps: stamps.isEmpty ? nil : Int64(stamps.map(\.authorities.count).reduce(0, +))),
        note: signed.description, proof: proof, single: single, stamps: stamps)
    }
  }

  /// From the first entry that was recorded in a period to the last: everything between is of it.
  private static func range(
    of query: EntryQuery, _ reader: any LedgerReader, size: Int64
  ) throws -> Range<Int64>? {
    var bounds: Range<Int64>?
    var after: Int64?
    while true {
      let page = try reader.indices(matching: query, limit: 10_000, after: after)
        .filter { $0 < size }
      guard let first = page.first, let last = page.last else { return bounds }
      bounds = (bounds?.lowerBound ?? first)..<last + 1
      after = last
    }
  }
}
