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

  /// The indices of all entries in order, a page at a time.
  var pages: some Sequence<[Int64]> {
    let range = proof?.range ?? 0..<0
    let before = single.filter { $0 < range.lowerBound || range.isEmpty }
    let after = single.filter { $0 >= range.upperBound && !range.isEmpty }
    let starts = stride(from: range.lowerBound, to: range.upperBound, by: 256)
    return [before].lazy + starts.lazy.map { Array($0..<min($0 + 256, range.upperBound)) } + [after]
  }
}

extension LedgerHome {
  /// Kinds by which others are judged: without them no signature and no gap can be.
  private static let judging: [EvidenceKind] = [.trustRoot, .logKey, .erasure]

  /// Chooses the entries of a bundle.
  ///
  /// - Throws: `Problem` with `notFound` when nothing was recorded of what was chosen.
  func plan(_ choice: BundleChoice) async throws -> BundlePlan {
    let origin = ledger.key.name
    return try await ledger.read { reader in
      guard let note = try reader.checkpoint() else {
        throw Problem(.notFound, "the ledger has no checkpoint yet")
      }
      let size = try Checkpoint(body: SignedNote(note).text).size
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
      let single = Set(chosen + judging).filter { $0 < size && range?.contains($0) != true }.sorted()
      let proof = try range.map { try RangeProof.maker { try reader.node($0) }($0, size) }
      return BundlePlan(
        description: BundleDescription(
          origin: origin, size: size, scope: scope, range: range,
          entries: Int64(single.count + (range?.count ?? 0))),
        note: note, proof: proof, single: single)
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
