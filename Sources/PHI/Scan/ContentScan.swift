import Reading

/// What is gathered about one file, with the archives in it.
final class ScanLog {
  var hits: [PHIHit] = []
  var refusals: [PHIRefusal] = []
  /// Bytes that were read of the file itself.
  var bytes = 0
  /// Bytes that came out of compressed contents.
  var expanded = 0
  /// What may come out of compressed contents before the ratio is asked for: 256 MiB.
  var expandedLimit = 1 << 28
  /// Contents that were looked at, the file and what its archives hold.
  var contents = 0
}

/// Looks at one content that comes in pieces, whatever its form, which is told by its first bytes.
/// Text and tar archives pass through with flat memory; other forms are held whole, up to a limit.
final class ContentScan {
  /// Greatest size of a content that has to be held whole: 64 MiB.
  static let wholeLimit = 64 << 20
  /// Archives within archives.
  static let depthLimit = 5
  /// Contents of one file, archives' members counted.
  static let contentLimit = 200_000
  private static let headSize = 1 << 15

  let file: String
  /// Names of the archives around it, each with an exclamation mark behind it.
  let prefix: String
  let setting: PHISetting?
  let log: ScanLog
  private let depth: Int

  private enum Mode {
    case undecided
    case text(PHIScanner)
    case tar(TarPieces)
    case whole(ContentFormat)
    case refused
  }
  private var mode = Mode.undecided
  private var buffer: [UInt8] = []

  init(file: String, prefix: String = "", setting: PHISetting?, log: ScanLog, depth: Int = 0) {
    self.file = file
    self.prefix = prefix
    self.setting = setting
    self.log = log
    self.depth = depth
    log.contents += 1
  }

  /// Reads to the end; `next` gives at most so many bytes, none at the end.
  func read(_ next: @escaping (Int) throws -> [UInt8]) throws {
    let log = log
    let counted: () throws -> [UInt8] = {
      let piece = try next(1 << 18)
      log.bytes += piece.count
      return piece
    }
    let first = try counted()
    guard ContentFormat.of(first) == .gzip else {
      var piece = first
      while !piece.isEmpty {
        try add(piece)
        piece = try counted()
      }
      return try end()
    }
    var pending: [UInt8]? = first
    try gunzip {
      defer { pending = nil }
      return try pending ?? counted()
    }
  }

  /// Takes the next bytes.
  func add(_ bytes: [UInt8]) throws {
    switch mode {
    case .undecided:
      buffer += bytes
      if buffer.count >= Self.headSize { try decide() }
    case .text(var scanner):
      mode = .undecided
      scanner.add(bytes)
      mode = .text(scanner)
    case .tar(let pieces): try pieces.add(bytes)
    case .whole(let format):
      buffer += bytes
      guard buffer.count > Self.wholeLimit else { return }
      // What is text anyhow is looked at as such.
      if [.sql, .json, .xml, .separated, .hl7, .x12].contains(format) { return try flow() }
      refuse("it has more than \(Self.wholeLimit >> 20) MiB, which is the most for its form")
    case .refused: return
    }
  }

  /// Ends the content.
  func end() throws {
    if case .undecided = mode { try decide() }
    switch mode {
    case .text(var scanner): scanner.end()
    case .tar(let pieces): try pieces.end()
    case .whole(let format): try whole(format)
    case .undecided, .refused: break
    }
    buffer = []
    mode = .refused
  }

  private func decide() throws {
    let format = ContentFormat.of(buffer)
    switch format {
    case .text: try flow()
    case .tar:
      let pieces = TarPieces(self)
      mode = .tar(pieces)
      let head = buffer
      buffer = []
      try pieces.add(head)
    case .zstd: refuse("zstd is not read; expand it first")
    case .bzip2: refuse("bzip2 is not read; expand it first")
    case .xz: refuse("xz is not read; expand it first")
    default: mode = .whole(format)
    }
  }

  /// What was gathered, for those who read it whole.
  func takeBuffer() -> [UInt8] {
    defer { buffer = [] }
    return buffer
  }

  /// From here on it passes through as text.
  private func flow() throws {
    var scanner = PHIScanner(setting: setting, tell: told)
    scanner.add(buffer)
    buffer = []
    mode = .text(scanner)
  }

  private func told(_ finding: PHIFinding) {
    log.hits.append(PHIHit(file: file, place: prefix.isEmpty ? nil : prefix, finding: finding))
  }

  func refuse(_ reason: String) {
    log.refusals.append(
      PHIRefusal(file: prefix.isEmpty ? file : "\(file) \(prefix)", reason: reason))
    buffer = []
    mode = .refused
  }

  /// Findings of fields stand before those of the text at the same place, which know less.
  func take(_ hits: [PHIHit]) {
    let hits = hits.sorted { $0.finding.start < $1.finding.start }
    // Ends grow with the starts, so that a search by halves finds the neighbour.
    var ends: [Int] = []
    for hit in hits { ends.append(max(ends.last ?? 0, hit.finding.end)) }
    let kept = log.hits.filter { old in
      guard old.file == file, (old.place ?? "") == prefix else { return true }
      var low = 0
      var high = hits.count
      while low < high {
        let middle = (low + high) / 2
        if hits[middle].finding.start < old.finding.end { low = middle + 1 } else { high = middle }
      }
      return low == 0 || ends[low - 1] <= old.finding.start
    }
    log.hits = kept + hits
  }

  /// Looks at a content inside this one.
  func nested(_ name: String, _ bytes: [UInt8], setting: PHISetting?) throws {
    guard let inner = inner(name, setting: setting) else { return }
    do {
      if ContentFormat.of(bytes) == .gzip {
        var pending: [UInt8]? = bytes
        try inner.gunzip {
          defer { pending = nil }
          return pending ?? []
        }
      } else {
        try inner.add(bytes)
        try inner.end()
      }
    } catch let error as ReadingError {
      inner.refuse(error.description)
    }
  }

  /// A content inside this one; `nil`, and a refusal, where there are too many or too deep.
  func inner(_ name: String, setting: PHISetting?) -> ContentScan? {
    guard depth < Self.depthLimit else {
      refuse("archives stand in one another deeper than \(Self.depthLimit)")
      return nil
    }
    guard log.contents < Self.contentLimit else {
      refuse("it holds more than \(Self.contentLimit) contents")
      return nil
    }
    return ContentScan(
      file: file, prefix: prefix + name + "!", setting: setting, log: log, depth: depth + 1)
  }

  /// Counts what came out of compressed bytes.
  ///
  /// - Throws: `ReadingError` for what expands too far.
  func count(expanded: Int, from compressed: Int) throws {
    log.expanded += expanded
    guard log.expanded < log.expandedLimit || log.expanded < compressed * 200 else {
      throw ReadingError(
        "it expands to more than 200 times its size, which is taken for an attack; expand it first")
    }
  }
}
