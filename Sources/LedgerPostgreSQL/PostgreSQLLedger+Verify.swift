public import Ledger
import Model

extension PostgreSQLLedger {
  /// Checks the whole ledger as it is now, with flat memory.
  public func verify(
    progress: @Sendable (_ checked: Int64, _ all: Int64) -> Void
  ) async throws -> LedgerReport {
    let (size, note) = try await read { (try $0.size(), try $0.checkpoint()) }
    final class Nodes { var hashes: [NodePlace: TreeHash] = [:] }
    let nodes = Nodes()
    var verifier = LedgerVerifier { nodes.hashes[$0] }
    var start: Int64 = 0
    while start < size {
      let page = start..<min(start + 1_000, size)
      let (rows, hashes) = try await read { reader in
        var hashes: [NodePlace: TreeHash] = [:]
        for level in 0..<40 {
          let places = page.lowerBound >> Int64(level)..<page.upperBound >> Int64(level)
          guard !places.isEmpty else { continue }
          for (place, hash) in try reader.nodes(level: level, places) {
            hashes[NodePlace(level: level, index: place)] = hash
          }
        }
        return (try reader.rows(page), hashes)
      }
      nodes.hashes = hashes
      for row in rows { try verifier.take(await entry(row)) }
      if rows.count != page.count { break }
      start = page.upperBound
      progress(start, size)
    }
    return verifier.finish(checkpoint: note, key: key)
  }
}
