import Ledger
import LedgerSQLite
import Model
import TestKit
import Testing

@Suite("Tiles of a store")
struct TileTests {
  @Test("a ledger's tiles verify by its checkpoint without the store")
  func tiles() async throws {
    let sample = try await SampleLedger()
    _ = try await sample.append((0..<260).map { try sample.draft(.step, ["n": "\($0)"]) })
    let (note, files, leaf) = try await sample.ledger.read { reader in
      var files: [TilePath: [UInt8]] = [:]
      for path in TileGeometry(size: try reader.size()).tiles() {
        files[path] = try reader.tile(path)
      }
      return (try reader.checkpoint(), files, try reader.leaf(258))
    }
    let checkpoint = try Checkpoint(note: #require(note), key: sample.ledger.key)
    #expect(checkpoint.size == 261 && files.count == 5)
    let log = TiledLog(checkpoint: checkpoint) { files[$0] }
    try log.verifyAll { _, _ in }
    #expect(try log.entry(258) == leaf)
    let beyond = try #require(TilePath(.hashes(level: 0), index: 1, width: 6))
    await #expect(throws: Problem(.notFound, "")) {
      try await sample.ledger.read { try $0.tile(beyond) }
    }
  }
}
