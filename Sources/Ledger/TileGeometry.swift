/// Which tiles a tree of a size has (C2SP `tlog-tiles`): at level `l` there are ⌊size / 256ˡ⌋
/// hashes, 256 a tile, the rest in one partial tile.
public struct TileGeometry: Hashable, Sendable {
  /// Number of entries.
  public let size: Int64

  /// Takes a tree's size; a negative one counts as zero.
  public init(size: Int64) { self.size = max(size, 0) }

  /// Number of hashes at a level.
  private func hashes(level: Int) -> Int64 { level < 8 ? size >> Int64(8 * level) : 0 }

  /// Number of levels that have a tile.
  public var levels: Int { (0..<8).count { hashes(level: $0) > 0 } }

  /// Number of full tiles at a level.
  public func fullTiles(level: Int) -> Int64 { hashes(level: level) / 256 }

  /// Width of the partial tile at a level; 0 when there is none.
  public func partialWidth(level: Int) -> Int { Int(hashes(level: level) % 256) }

  /// The tile in that place with the width that it has; `nil` when there is none.
  public func tile(_ content: TilePath.Content, index: Int64) -> TilePath? {
    let level =
      switch content {
      case .hashes(let level): level
      case .entries: 0
      }
    guard level >= 0 else { return nil }
    let full = fullTiles(level: level)
    return TilePath(
      content, index: index,
      width: index < full ? TilePath.fullWidth : index == full ? partialWidth(level: level) : 0)
  }

  /// The tiles of this tree that the tree of an earlier size does not have: entries first, then the
  /// levels upwards. With `after: 0` they are all there are. They are made one after the other, so
  /// a log of any size takes no memory.
  public func tiles(after earlier: Int64 = 0) -> some Sequence<TilePath> {
    let contents = [TilePath.Content.entries] + (0..<levels).map { .hashes(level: $0) }
    return contents.lazy.flatMap { content in
      let level = if case .hashes(let level) = content { level } else { 0 }
      let old = TileGeometry(size: earlier).hashes(level: level)
      let new = hashes(level: level)
      let places = old < new ? old / 256..<(new + 255) / 256 : 0..<0
      return places.lazy.compactMap { tile(content, index: $0) }
    }
  }

  /// The tiles that the tree's root is made of.
  public var tilesOfRoot: Set<TilePath> { tiles { _ = try $0.root(size: size) } }

  /// The tiles that an inclusion proof in this tree is made of.
  public func tiles(forInclusionOf index: Int64) -> Set<TilePath> {
    guard (0..<size).contains(index) else { return [] }
    return tiles { _ = try $0.inclusion(of: index, in: size) }
  }

  /// The tiles that a consistency proof from an earlier size to this one is made of.
  public func tiles(forConsistencyFrom earlier: Int64) -> Set<TilePath> {
    tiles { _ = try $0.consistency(from: earlier, to: size) }
  }

  private func tiles(_ work: (ProofMaker) throws -> Void) -> Set<TilePath> {
    var paths: Set<TilePath> = []
    // Which nodes are read depends on numbers alone, so any hash will do.
    try? work(
      ProofMaker { place in
        if let path = path(of: place) { paths.insert(path) }
        return .empty
      })
    return paths
  }

  /// The tile out of which a perfect subtree's root is computed.
  func path(of place: NodePlace) -> TilePath? {
    tile(.hashes(level: place.level / 8), index: place.index >> Int64(8 - place.level % 8))
  }
}
