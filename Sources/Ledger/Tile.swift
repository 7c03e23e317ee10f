import Model

/// The bytes of tiles (C2SP `tlog-tiles`).
public enum Tile {
  /// A leaf in an entry bundle has at most so many bytes.
  public static let maximumEntry = 65_535

  /// The bytes of a tile of hashes: 32 each.
  public static func bytes(of hashes: [TreeHash]) -> [UInt8] { hashes.flatMap(\.bytes) }

  /// Reads a tile of hashes.
  ///
  /// - Parameter width: how many there must be.
  /// - Throws: `Problem` with `ledgerDamaged` for another number of bytes.
  public static func hashes(in bytes: [UInt8], width: Int) throws -> [TreeHash] {
    guard (1...TilePath.fullWidth).contains(width), bytes.count == width * 32 else {
      throw Problem(.ledgerDamaged, "the tile has \(bytes.count) bytes, not \(width) hashes")
    }
    return stride(from: 0, to: bytes.count, by: 32).compactMap { TreeHash(bytes[$0..<$0 + 32]) }
  }

  /// The bytes of an entry bundle: each entry after its length in two bytes, most significant first.
  ///
  /// - Throws: `Problem` with `badInput` for an entry of more than 65,535 bytes.
  public static func bytes(ofEntries entries: [[UInt8]]) throws -> [UInt8] {
    var bytes: [UInt8] = []
    for entry in entries {
      guard entry.count <= maximumEntry else {
        throw Problem(.badInput, "an entry of \(entry.count) bytes does not fit into a bundle")
      }
      bytes += [UInt8(entry.count >> 8), UInt8(entry.count & 0xff)]
      bytes += entry
    }
    return bytes
  }

  /// Reads an entry bundle.
  ///
  /// - Parameter width: how many entries there must be.
  /// - Throws: `Problem` with `ledgerDamaged` for another number, or bytes that are cut off.
  public static func entries(in bytes: [UInt8], width: Int) throws -> [[UInt8]] {
    var entries: [[UInt8]] = []
    var rest = bytes[...]
    while let high = rest.popFirst() {
      guard let low = rest.popFirst(), case let count = Int(high) << 8 | Int(low),
        count <= rest.count, entries.count < width
      else {
        throw Problem(
          .ledgerDamaged, "the entry bundle is cut off or has more than \(width) entries")
      }
      entries.append(Array(rest.prefix(count)))
      rest = rest.dropFirst(count)
    }
    guard entries.count == width else {
      throw Problem(
        .ledgerDamaged, "the entry bundle has \(entries.count) entries, not \(width)")
    }
    return entries
  }
}

extension LedgerReader {
  /// The bytes of a tile of this ledger, for serving and exporting.
  ///
  /// - Throws: `Problem` with `notFound` when the tree is too small for it, `ledgerDamaged` when
  ///   something that must be stored is missing.
  public func tile(_ path: TilePath) throws -> [UInt8] {
    let start = path.index << 8
    guard let whole = TileGeometry(size: try size()).tile(path.content, index: path.index),
      path.width <= whole.width
    else { throw Problem(.notFound, "the ledger has no \(path) yet") }
    let places = start..<start + Int64(path.width)
    switch path.content {
    case .entries:
      return try Tile.bytes(
        ofEntries: places.map { index in
          guard let leaf = try leaf(index) else {
            throw Problem(.ledgerDamaged, "the leaf of entry \(index) is missing")
          }
          return leaf
        })
    case .hashes(let level):
      let nodes = try nodes(level: 8 * level, places)
      guard nodes.map(\.place).elementsEqual(places) else {
        throw Problem(.ledgerDamaged, "a stored hash of \(path) is missing")
      }
      return Tile.bytes(of: nodes.map(\.hash))
    }
  }
}
