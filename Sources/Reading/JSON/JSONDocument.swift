/// One JSON text (RFC 8259) that was read wholly and strictly, kept as it was written, with an index
/// of its values: eight bytes for each beside the text itself.
///
/// Values are made when they are asked for, so that a report of a hundred megabytes costs little
/// more than its bytes. What is refused is what `JSONReader` refuses, since both are one reader.
public final class JSONDocument: Sendable {
  let bytes: [UInt8]
  let index: [JSONIndexEntry]

  private init(bytes: [UInt8], index: [JSONIndexEntry]) {
    self.bytes = bytes
    self.index = index
  }

  /// Reads the whole of `bytes` as one value.
  ///
  /// - Throws: `ReadingError` with line and column.
  public static func read(
    _ bytes: [UInt8], limits: ReadingLimits = .report
  ) throws -> JSONDocument {
    guard bytes.count <= limits.bytes, bytes.count <= JSONIndexEntry.greatestStart else {
      let allowed = min(limits.bytes, JSONIndexEntry.greatestStart)
      throw ReadingError("the text has \(bytes.count) bytes, more than the \(allowed) allowed")
    }
    let index = try bytes.withUnsafeBufferPointer { buffer in
      var indexer = JSONIndexer(buffer, limits)
      return try indexer.run()
    }
    return JSONDocument(bytes: bytes, index: index)
  }

  /// The outermost value.
  public var root: JSONNode { JSONNode(document: self, place: 0) }

  /// Number of values, names of members included.
  public var count: Int { index.count }

  /// The place after a value and all that lies in it.
  func end(of place: Int) -> Int {
    let entry = index[place]
    return entry.isContainer ? entry.extent : place + 1
  }
}

/// Where one value stands: its kind, the byte at which its content begins, and how far it reaches:
/// bytes for texts and numbers, the index after the last descendant for objects and arrays.
struct JSONIndexEntry {
  enum Kind: UInt64 {
    case null, bool, integer, number, string, escapedString, array, object
  }

  static let greatestStart = 1 << 31 - 1
  static let greatestExtent = 1 << 30 - 1

  private let bits: UInt64

  @inline(__always)
  init(_ kind: Kind, start: Int, extent: Int) {
    bits =
      kind.rawValue << 61 | UInt64(truncatingIfNeeded: start) << 30
      | UInt64(truncatingIfNeeded: extent)
  }

  @inline(__always) var kind: Kind { Kind(rawValue: bits >> 61) ?? .null }
  @inline(__always) var start: Int { Int(truncatingIfNeeded: bits >> 30 & 0x7fff_ffff) }
  @inline(__always) var extent: Int { Int(truncatingIfNeeded: bits & 0x3fff_ffff) }
  @inline(__always) var isContainer: Bool { bits >> 61 >= 6 }
}
