import Model

/// The name of a resource of a tiled log (C2SP `tlog-tiles`): `tile/0/x001/x234/067`, with `.p/W`
/// behind it where it is partial.
public struct TilePath: Hashable, Sendable, CustomStringConvertible {
  /// So many hashes or entries make a full tile.
  public static let fullWidth = 256

  /// What a tile holds.
  public enum Content: Hashable, Sendable {
    /// Hashes; at level 0 of leaves, above of full tiles of the level below. Levels are 0 to 63.
    case hashes(level: Int)
    /// Entries.
    case entries
  }

  /// What the tile holds.
  public let content: Content
  /// Counted from zero within the level.
  public let index: Int64
  /// 1 to 255 for a partial tile, 256 for a full one.
  public let width: Int

  /// Names a tile; `nil` for a level, an index or a width that no tile has.
  public init?(_ content: Content, index: Int64, width: Int = fullWidth) {
    if case .hashes(let level) = content, !(0...63).contains(level) { return nil }
    guard index >= 0, (1...Self.fullWidth).contains(width) else { return nil }
    self.content = content
    self.index = index
    self.width = width
  }

  /// Reads a path, without a slash at its beginning; each tile has exactly one.
  ///
  /// - Throws: `Problem` with `badInput`.
  public init(_ path: String) throws {
    func refused(_ why: String) -> Problem {
      Problem(.badInput, "\"\(path.prefix(120))\" is no tile's path: \(why)")
    }
    guard path.utf8.count <= 128 else { throw refused("it is too long") }
    var parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)[...]
    guard parts.popFirst()?.elementsEqual("tile".utf8) == true, let kind = parts.popFirst() else {
      throw refused("it does not begin with tile/")
    }
    let content: Content
    if kind.elementsEqual("entries".utf8) {
      content = .entries
    } else {
      guard let level = LineText.decimal(kind), level <= 63 else {
        throw refused("the level is no number from 0 to 63")
      }
      content = .hashes(level: Int(level))
    }
    var width = Self.fullWidth
    if parts.count >= 2, let stem = parts.dropLast().last, stem.suffix(2).elementsEqual(".p".utf8) {
      guard let digits = parts.popLast(), let number = LineText.decimal(digits),
        (1..<Int64(Self.fullWidth)).contains(number)
      else { throw refused("the width is no number from 1 to 255") }
      width = Int(number)
      parts[parts.endIndex - 1] = stem.dropLast(2)
    }
    guard let index = Self.index(parts) else {
      throw refused("the index is not in groups of three digits, all but the last after an x")
    }
    guard let tile = TilePath(content, index: index, width: width) else {
      throw refused("there is no such tile")
    }
    self = tile
  }

  private static func index(_ groups: ArraySlice<Substring.UTF8View>) -> Int64? {
    guard let last = groups.last else { return nil }
    var digits: [UInt8] = []
    for group in groups.dropLast() {
      guard group.first == UInt8(ascii: "x"), group.count == 4 else { return nil }
      digits += group.dropFirst()
    }
    // A group of zeros in front would be a second name for the same tile.
    guard last.count == 3, !digits.starts(with: "000".utf8) else { return nil }
    digits += last
    let significant = digits.drop { $0 == 0x30 }
    return significant.isEmpty ? 0 : LineText.decimal(significant)
  }

  /// Whether the tile is partial.
  public var isPartial: Bool { width < Self.fullWidth }

  /// The full tile in the same place, which may stand in for a partial one once it exists.
  public var full: TilePath { TilePath(self, width: Self.fullWidth) }

  private init(_ tile: TilePath, width: Int) {
    content = tile.content
    index = tile.index
    self.width = width
  }

  /// The index as a path: `x001/x234/067`.
  public static func path(ofIndex index: Int64) -> String {
    var groups: [String] = []
    var rest = index
    repeat {
      let group = String(rest % 1000)
      groups.append(String(repeating: "0", count: 3 - group.utf8.count) + group)
      rest /= 1000
    } while rest > 0
    return groups.reversed().enumerated().map { place, group in
      place == groups.count - 1 ? group : "x" + group
    }.joined(separator: "/")
  }

  /// The path, without a slash at its beginning.
  public var description: String {
    let kind =
      switch content {
      case .hashes(let level): String(level)
      case .entries: "entries"
      }
    return "tile/\(kind)/\(Self.path(ofIndex: index))" + (isPartial ? ".p/\(width)" : "")
  }
}
