import Ledger
import Model

/// The timestamps that go along with a bundle.
enum BundleStamps {
  /// A stamped checkpoint, and who stamped it.
  struct Stamped: Sendable {
    let size: Int64
    let authorities: [String]
  }

  /// At most so many stamped checkpoints go along.
  private static let limit = 10_000

  /// Those that say when something in the bundle was there: every stamp of a checkpoint that covers
  /// some of the entries and not all, and of each authority the first that covers them all.
  static func choose(
    from first: Int64?, last: Int64?, size: Int64, _ reader: any LedgerReader
  ) throws -> [Stamped] {
    guard let first, let last else { return [] }
    var found: [(size: Int64, authorities: [String])] = []
    var below = size
    while below > first {
      let sizes = try reader.timestampedSizes(upTo: below, limit: 1_000).filter { $0 > first }
      for one in sizes { found.append((one, try reader.timestamps(size: one).map(\.authority))) }
      guard let least = sizes.last, found.count < limit else { break }
      below = least - 1
    }
    var covered: Set<String> = []
    return found.reversed().prefix(limit).compactMap { size, authorities in
      guard size > last else { return Stamped(size: size, authorities: authorities) }
      let new = authorities.filter { covered.insert($0).inserted }
      return new.isEmpty ? nil : Stamped(size: size, authorities: new)
    }
  }
}

extension LedgerHome {
  /// A stamped checkpoint with what leads it to the bundle's own.
  func stamped(_ one: BundleStamps.Stamped, to size: Int64) async throws -> StampedCheckpoint {
    try await ledger.read { reader in
      guard let note = try reader.cosignedCheckpoint(size: one.size) else {
        throw Problem(.ledgerDamaged, "there is no checkpoint of \(one.size) entries")
      }
      return StampedCheckpoint(
        text: note.text, consistency: try reader.proofs.consistency(from: one.size, to: size),
        timestamps: try reader.timestamps(size: one.size).filter {
          one.authorities.contains($0.authority)
        })
    }
  }
}
