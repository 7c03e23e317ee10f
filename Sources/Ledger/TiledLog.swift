import Model

/// A log that is there as tiles, seen through a checkpoint: whoever serves the tiles need not be
/// trusted, because nothing is given out that does not lead to the checkpoint's root.
public struct TiledLog {
  /// The checkpoint by which all is judged; whoever made this value has verified its signatures.
  public let checkpoint: Checkpoint
  private let read: (TilePath) throws -> [UInt8]?

  /// Takes a verified checkpoint and the function that reads a tile; `nil` where there is none.
  ///
  /// A partial tile that is gone is read from the full one that replaced it.
  public init(checkpoint: Checkpoint, read: @escaping (TilePath) throws -> [UInt8]?) {
    self.checkpoint = checkpoint
    self.read = read
  }

  private var geometry: TileGeometry { TileGeometry(size: checkpoint.size) }

  private func fetch(_ path: TilePath) throws -> (bytes: [UInt8], width: Int) {
    if let bytes = try read(path) { return (bytes, path.width) }
    if path.isPartial, let bytes = try read(path.full) { return (bytes, TilePath.fullWidth) }
    throw Problem(.notFound, "there is no \(path)")
  }

  private func hashes(_ path: TilePath) throws -> [TreeHash] {
    let (bytes, width) = try fetch(path)
    return Array(try Tile.hashes(in: bytes, width: width).prefix(path.width))
  }

  /// Reads perfect subtrees out of tiles; of each level the last tile is kept. Nothing is verified
  /// yet: what is made of them must be compared with the root.
  private var proofs: ProofMaker {
    let geometry = geometry
    var kept: [TilePath.Content: (path: TilePath, hashes: [TreeHash])] = [:]
    return ProofMaker { place in
      guard let path = geometry.path(of: place) else {
        throw Problem(.notFound, "the tree has no subtree \(place)")
      }
      var hashes: [TreeHash]
      if let last = kept[path.content], last.path == path {
        hashes = last.hashes
      } else {
        hashes = try self.hashes(path)
        kept[path.content] = (path, hashes)
      }
      let inner = place.level % 8
      let first = Int(place.index << Int64(inner) & 0xff)
      guard first + 1 << inner <= hashes.count else {
        throw Problem(.notFound, "\(path) does not reach to \(place)")
      }
      hashes = Array(hashes[first..<first + 1 << inner])
      while hashes.count > 1 {
        hashes = stride(from: 0, to: hashes.count, by: 2).map {
          .node(hashes[$0], hashes[$0 + 1])
        }
      }
      return hashes[0]
    }
  }

  /// Checks that the tiles along the right edge lead to the checkpoint's root.
  ///
  /// - Throws: `Problem` with `ledgerDamaged` when they do not, `notFound` for a tile that is not
  ///   there, and what reading throws.
  public func verifyRoot() throws {
    guard try proofs.root(size: checkpoint.size) == checkpoint.root else {
      throw Problem(.ledgerDamaged, "the tiles do not lead to the checkpoint's root")
    }
  }

  /// The inclusion proof of an entry, made from tiles and verified.
  ///
  /// - Parameter leafHash: the hash of the entry that is to be there.
  /// - Throws: `Problem` with `notFound` for an index or a tile that is not there, `ledgerDamaged`
  ///   when the proof does not lead to the checkpoint's root.
  public func inclusion(of leafHash: TreeHash, at index: Int64) throws -> [TreeHash] {
    guard (0..<checkpoint.size).contains(index) else {
      throw Problem(.notFound, "the checkpoint covers no entry \(index)")
    }
    let proof = try proofs.inclusion(of: index, in: checkpoint.size)
    guard
      ProofVerifier.isIncluded(
        leafHash, at: index, size: checkpoint.size, proof: proof, root: checkpoint.root)
    else {
      throw Problem(
        .ledgerDamaged, "the tiles do not lead from entry \(index) to the checkpoint's root")
    }
    return proof
  }

  /// The consistency proof from an earlier checkpoint, made from tiles and verified.
  ///
  /// - Throws: `Problem` with `ledgerDamaged` when this log does not continue that one.
  public func consistency(from earlier: Checkpoint) throws -> [TreeHash] {
    // Every log continues the one without entries, and there is no proof to give.
    if earlier.size == 0, earlier.root == .empty, LineText.same(earlier.origin, checkpoint.origin) {
      return []
    }
    let proof = try proofs.consistency(from: earlier.size, to: checkpoint.size)
    guard LineText.same(earlier.origin, checkpoint.origin),
      ProofVerifier.isConsistent(
        old: earlier.size, new: checkpoint.size, proof: proof, oldRoot: earlier.root,
        newRoot: checkpoint.root)
    else {
      throw Problem(.ledgerDamaged, "the log does not continue the checkpoint of \(earlier.size)")
    }
    return proof
  }

  /// The entry at an index, verified: its bundle gives the leaf, the tiles its proof.
  ///
  /// - Throws: as `inclusion(of:at:)`.
  public func entry(_ index: Int64) throws -> [UInt8] {
    guard (0..<checkpoint.size).contains(index),
      let path = geometry.tile(.entries, index: index >> 8)
    else { throw Problem(.notFound, "the checkpoint covers no entry \(index)") }
    let leaf = try entries(path)[Int(index & 0xff)]
    _ = try inclusion(of: .leaf(leaf), at: index)
    return leaf
  }

  private func entries(_ path: TilePath) throws -> [[UInt8]] {
    let (bytes, width) = try fetch(path)
    return Array(try Tile.entries(in: bytes, width: width).prefix(path.width))
  }

  /// Checks everything that there is: every entry, every tile on every level, and the root. Memory
  /// stays flat whatever the size.
  ///
  /// - Parameter each: is given every entry in order, after its bundle was compared with its tile;
  ///   the root is compared at the end.
  /// - Throws: `Problem` with `ledgerDamaged` that names the tile which is wrong; what `each`
  ///   throws.
  public func verifyAll(each: (_ index: Int64, _ leaf: [UInt8]) throws -> Void) throws {
    var range = CompactRange()
    var current: [Int: (path: TilePath, hashes: [TreeHash])] = [:]
    func compare(_ place: NodePlace, _ hash: TreeHash) throws {
      guard place.level % 8 == 0, let path = geometry.path(of: place) else { return }
      if current[place.level]?.path != path {
        current[place.level] = (path, try hashes(path))
      }
      guard current[place.level]?.hashes[Int(place.index & 0xff)] == hash else {
        throw Problem(
          .ledgerDamaged, "\(path) has another hash at place \(place.index & 0xff) than the entries"
        )
      }
    }
    for place in 0..<(checkpoint.size + 255) / 256 {
      guard let path = geometry.tile(.entries, index: place) else { break }
      for leaf in try entries(path) {
        let index = range.size
        try range.append(.leaf(leaf), completed: compare)
        try each(index, leaf)
      }
    }
    guard range.root == checkpoint.root else {
      throw Problem(.ledgerDamaged, "the entries do not lead to the checkpoint's root")
    }
  }
}
