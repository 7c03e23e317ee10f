import Reading

/// What is gathered about one file, with the archives in it.
final class ScanLog {
  /// Findings that are kept of one file.
  static let hitLimit = 100_000

  /// Writes what says that two values are the same.
  let marker: PHIMarker?
  /// Bytes whose fields are looked at together: 4 MiB.
  var stretch = 4 << 20
  var hits: [PHIHit] = []
  /// Findings beyond the limit, which are counted and not kept.
  var more = 0
  var refusals: [PHIRefusal] = []
  /// Bytes that were read of the file itself.
  var bytes = 0
  /// Contents that were looked at, the file and what its archives hold.
  var contents = 0
  /// Bytes that came out of compressed contents.
  private var expanded = 0
  /// What may come out of compressed contents before the ratio is asked for: 256 MiB.
  var expandedLimit = 1 << 28
  /// Greatest ratio of what comes out to the size of the file.
  static let ratioLimit = 200

  init(marker: PHIMarker? = nil) { self.marker = marker }

  /// Keeps a finding, or counts it where there are too many, so that memory stays flat.
  func add(_ hit: PHIHit) {
    if hits.count < Self.hitLimit { hits.append(hit) } else { more += 1 }
  }

  /// Counts what came out of compressed bytes, of all that the file holds together.
  ///
  /// - Throws: `ReadingError` for what expands too far.
  func count(expanded count: Int) throws {
    expanded += count
    guard expanded <= expandedLimit || expanded <= bytes * Self.ratioLimit else {
      throw ReadingError(
        "it expands to more than \(Self.ratioLimit) times its size, which is taken for an attack;"
          + " expand it first")
    }
  }
}
