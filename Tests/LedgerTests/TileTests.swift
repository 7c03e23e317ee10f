import Ledger
import Model
import Reading
import TestKit
import Testing

/// A log's tiles in memory, as a static server would have them.
struct TileFolder {
  var files: [String: [UInt8]] = [:]

  /// Writes the tiles of every one of these sizes, as a log does that signed a checkpoint of each.
  init(_ tree: MemoryTree, leaves: [[UInt8]], sizes: [Int]) throws {
    var earlier: Int64 = 0
    for size in sizes.map(Int64.init) {
      for path in TileGeometry(size: size).tiles(after: earlier) {
        let places = path.index * 256..<path.index * 256 + Int64(path.width)
        switch path.content {
        case .entries:
          files["\(path)"] = try Tile.bytes(ofEntries: places.map { leaves[Int($0)] })
        case .hashes(let level):
          files["\(path)"] = Tile.bytes(
            of: try places.map {
              try #require(tree.nodes[NodePlace(level: 8 * level, index: $0)])
            })
        }
      }
      earlier = size
    }
  }
}

@Suite("Tiles")
struct TileTests {
  @Test(
    "paths and geometry of the specification",
    .enabled(if: Vectors.isWanted, "vectors/tlog-text is not there"))
  func vectors() throws {
    let vectors = try JSONReader.read(Vectors.bytes("tlog-text/note-checkpoint-proof.json"))
    let geometry = try #require(vectors["tileGeometry"])
    let paths = try #require(geometry["paths"]?.array)
    #expect(!paths.isEmpty)
    for vector in paths {
      let index = try #require(vector["n"]?.integer)
      let path = try #require(vector["path"]?.string)
      #expect(TilePath.path(ofIndex: index) == path)
      #expect(try TilePath("tile/0/\(path)").index == index)
      #expect(try TilePath("tile/entries/\(path).p/7").width == 7)
    }
    var sizes = 0
    for member in try #require(geometry.object).members {
      guard let size = Int64(member.name.dropFirst(4)), member.name.hasPrefix("size") else {
        continue
      }
      let tiles = TileGeometry(size: size)
      for field in try #require(member.value.object).members {
        let level = try #require(Int(field.name.dropFirst().prefix(1)))
        let value =
          field.name.hasSuffix("full")
          ? tiles.fullTiles(level: level) : Int64(tiles.partialWidth(level: level))
        #expect(value == field.value.integer, "\(member.name) \(field.name)")
      }
      let listed = Array(tiles.tiles())
      #expect(Set(listed).count == listed.count)
      #expect(
        listed.count
          == (0..<8).reduce(0) {
            $0 + Int(tiles.fullTiles(level: $1)) + (tiles.partialWidth(level: $1) > 0 ? 1 : 0)
          } + Int((size + 255) / 256))
      sizes += 1
    }
    #expect(sizes > 0)
  }

  @Test(
    "a tile has one path",
    arguments: [
      "", "tile", "tile/", "tile/0", "tile/0/", "/tile/0/000", "tile/0/0", "tile/0/0000",
      "tile/0/x000/000", "tile/0/x001", "tile/0/001/000", "tile/0/x1/000", "tile/0/x001/x000",
      "tile/00/000", "tile/64/000", "tile/-1/000", "tile/+1/000", "tile/entry/000", "tile/0/000/",
      "tile/0/000.p", "tile/0/000.p/", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01",
      "tile/0/000.p/1/1", "tile/0/0a0", "tile/0/x00a/000", "tile/0/..", "tile/0/000%2e",
      "Tile/0/000",
      "tile/0/x999/x999/x999/x999/x999/x999/999", "tile/0/\u{664}\u{664}\u{664}",
    ])
  func refused(path: String) {
    #expect(throws: Problem(.badInput, "")) { try TilePath(path) }
  }

  @Test("every path reads back")
  func roundTrip() throws {
    for index in [0, 1, 999, 1000, 1_234_067, 999_999, 1_000_000, Int64.max] {
      for content in [TilePath.Content.entries, .hashes(level: 0), .hashes(level: 63)] {
        for width in [1, 255, 256] {
          let path = try #require(TilePath(content, index: index, width: width))
          #expect(try TilePath("\(path)") == path)
        }
      }
    }
    #expect(TilePath(.entries, index: 0, width: 257) == nil)
    #expect(TilePath(.hashes(level: 64), index: 0) == nil)
  }

  @Test("from tiles alone: root, every proof, every entry")
  func tiledLog() throws {
    let count = 66_000
    let leaves = (0..<count).map { Array("leaf \($0)".utf8) }
    var tree = MemoryTree()
    for leaf in leaves { tree.append(leaf) }
    let checkpoint = Checkpoint(origin: "log", size: Int64(count), root: tree.range.root)
    let folder = try TileFolder(tree, leaves: leaves, sizes: [1, 300, 65_536, count])
    // A partial tile may go once the full one is there.
    #expect(folder.files["tile/0/000.p/1"] != nil && folder.files["tile/0/001.p/44"] != nil)
    #expect(folder.files["tile/2/000.p/1"] != nil && folder.files["tile/1/001.p/1"] != nil)
    let log = TiledLog(checkpoint: checkpoint) { folder.files["\($0)"] }
    try log.verifyRoot()
    var seen: Int64 = 0
    try log.verifyAll { index, leaf in
      if leaf != leaves[Int(index)] { Issue.record("entry \(index)") }
      seen += 1
    }
    #expect(seen == count)
    for index in [0, 255, 256, 65_535, 65_536, 65_999] as [Int64] {
      #expect(try log.entry(index) == leaves[Int(index)])
      #expect(
        try log.inclusion(of: .leaf(leaves[Int(index)]), at: index)
          == tree.proofs.inclusion(of: index, in: checkpoint.size))
      let needed = TileGeometry(size: checkpoint.size).tiles(forInclusionOf: index)
      let few = TiledLog(checkpoint: checkpoint) {
        needed.contains($0) ? folder.files["\($0)"] : nil
      }
      #expect(throws: Never.self) {
        try few.inclusion(of: .leaf(leaves[Int(index)]), at: index)
      }
    }
    #expect(throws: Problem(.notFound, "")) { try log.entry(66_000) }
    #expect(throws: Problem(.notFound, "")) { try log.entry(-1) }

    // An earlier checkpoint still reads, out of full tiles where its partial ones are gone.
    var thinned = folder
    thinned.files["tile/0/001.p/44"] = nil
    thinned.files["tile/entries/001.p/44"] = nil
    let old = Checkpoint(origin: "log", size: 300, root: try tree.proofs.root(size: 300))
    let earlier = TiledLog(checkpoint: old) { thinned.files["\($0)"] }
    try earlier.verifyAll { _, _ in }
    #expect(try log.consistency(from: old) == tree.proofs.consistency(from: 300, to: 66_000))
    let forked = Checkpoint(origin: "log", size: 300, root: .empty)
    #expect(throws: Problem(.ledgerDamaged, "")) { try log.consistency(from: forked) }

    for (name, place) in [("tile/2/000.p/1", 0), ("tile/1/001.p/1", 5), ("tile/0/257.p/208", 9)] {
      var damaged = folder
      damaged.files[name]?[place] ^= 1
      let log = TiledLog(checkpoint: checkpoint) { damaged.files["\($0)"] }
      #expect(throws: Problem(.ledgerDamaged, ""), "\(name)") { try log.verifyRoot() }
    }
  }

  @Test("every tile that is changed, cut or gone is found")
  func damage() throws {
    let leaves = (0..<800).map { Array("leaf \($0)".utf8) }
    var tree = MemoryTree()
    for leaf in leaves { tree.append(leaf) }
    let checkpoint = Checkpoint(origin: "log", size: 800, root: tree.range.root)
    let folder = try TileFolder(tree, leaves: leaves, sizes: [800])
    var seed = Seeded(seed: 7)
    for name in folder.files.keys.sorted() {
      func isFound(_ code: Problem.Code, _ change: (inout [UInt8]?) -> Void) {
        var damaged = folder
        change(&damaged.files[name])
        let log = TiledLog(checkpoint: checkpoint) { damaged.files["\($0)"] }
        #expect(throws: Problem(code, ""), "\(name)") { try log.verifyAll { _, _ in } }
      }
      let place = Int.random(in: 0..<(folder.files[name]?.count ?? 1), using: &seed)
      isFound(.ledgerDamaged) { $0?[place] ^= 1 }
      isFound(.ledgerDamaged) { $0?.removeLast() }
      isFound(.ledgerDamaged) { $0?.append(0) }
      isFound(.notFound) { $0 = nil }
    }
  }

  @Test("a log grows tile by tile: what is new at each size is all that is missing")
  func incremental() throws {
    for (earlier, size) in [(0, 0), (0, 1), (5, 5), (5, 9), (255, 256), (256, 257), (250, 1000)] {
      let old = Set(TileGeometry(size: Int64(earlier)).tiles())
      let new = Set(TileGeometry(size: Int64(size)).tiles())
      #expect(
        Set(TileGeometry(size: Int64(size)).tiles(after: Int64(earlier))) == new.subtracting(old))
    }
    #expect(TileGeometry(size: .max).levels == 8)
  }

  @Test("entry bundles have one form")
  func bundles() throws {
    let entries = [[], [1], [UInt8](repeating: 7, count: 65_535)]
    let bytes = try Tile.bytes(ofEntries: entries)
    #expect(try Tile.entries(in: bytes, width: 3) == entries)
    for bad in [bytes.dropLast(), bytes + [0], bytes + [0, 0], bytes + [0, 1]] {
      #expect(throws: Problem(.ledgerDamaged, "")) { try Tile.entries(in: Array(bad), width: 3) }
    }
    #expect(throws: Problem(.badInput, "")) {
      try Tile.bytes(ofEntries: [[UInt8](repeating: 7, count: 65_536)])
    }
  }
}
