import Reading

/// Looks at one content that comes in pieces, whatever its form, which is told by its first bytes.
/// Text, fields, tar archives and what is compressed pass through with flat memory; ZIP archives and
/// DICOM files are held whole, up to a limit.
final class ContentScan {
  /// Greatest size of a content, or of a field, that has to be held whole: 64 MiB.
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
    case fields(FieldFlow)
    case pieces(any ContentPieces)
    case whole(ContentFormat)
    case refused
  }
  private var mode = Mode.undecided
  private var buffer: [UInt8] = []
  /// The fields of what was here before, since text is told a little later than fields.
  private var lastFields: [PHIHit] = []

  init(file: String, prefix: String = "", setting: PHISetting?, log: ScanLog, depth: Int = 0) {
    self.file = file
    self.prefix = prefix
    self.setting = setting
    self.log = log
    self.depth = depth
    log.contents += 1
  }

  /// Reads to the end; `next` gives at most so many bytes, none at the end.
  func read(_ next: (Int) throws -> [UInt8]) throws {
    while true {
      let piece = try next(1 << 18)
      guard !piece.isEmpty else { return try end() }
      log.bytes += piece.count
      try add(piece)
    }
  }

  /// Takes the next bytes.
  ///
  /// - Throws: `ReadingError` when it cannot be read on.
  func add(_ bytes: [UInt8]) throws {
    switch mode {
    case .undecided:
      buffer += bytes
      if buffer.count >= Self.headSize { try decide() }
    case .text(var scanner):
      mode = .undecided
      scanner.add(bytes)
      mode = .text(scanner)
    case .fields(let flow): try flow.add(bytes)
    case .pieces(let pieces): try pieces.add(bytes)
    case .whole(let format):
      buffer += bytes
      guard buffer.count > Self.wholeLimit else { return }
      if format == .dicom { return try largeDICOM(takeBuffer()) }
      refuse("it has more than \(Self.wholeLimit >> 20) MiB, which is the most for its form")
    case .refused: return
    }
  }

  /// Ends the content.
  ///
  /// - Throws: `ReadingError` when it is cut off.
  func end() throws {
    if case .undecided = mode { try decide() }
    switch mode {
    case .text(var scanner): scanner.end()
    case .fields(let flow): try flow.end()
    case .pieces(let pieces): try pieces.end()
    case .whole(let format): try whole(format, takeBuffer())
    case .undecided, .refused: break
    }
    buffer = []
    mode = .refused
  }

  private func decide() throws {
    let format = ContentFormat.of(buffer)
    let head = takeBuffer()
    switch format {
    case .text: flow(head)
    case .json, .xml, .separated, .sql, .hl7, .x12:
      let flow = FieldFlow(self, walk(format), scanner())
      mode = .fields(flow)
      try flow.add(head)
    case .tar: try pass(head, TarPieces(self))
    case .ar: try pass(head, ArPieces(self))
    case .utf16: try pass(head, WidePieces(self, head))
    case .gzip:
      let pieces = try ExpandedPieces(self, "gzip", ZlibExpander(isGzip: true))
      if let name = GzipHeader.name(head) { look(at: name) }
      try pass(head, pieces)
    case .zstd: try pass(head, ExpandedPieces(self, "zstd", ZstdExpander()))
    case .bzip2: try pass(head, ExpandedPieces(self, "bzip2", BlockExpander(.bzip2)))
    case .xz: try pass(head, ExpandedPieces(self, "xz", BlockExpander(.xz)))
    case .zip, .dicom:
      buffer = head
      mode = .whole(format)
    case .other(let name, let isText):
      note("\(name) is not read\(isText ? "; it was looked at as text only" : "")")
      if isText { flow(head) } else { mode = .refused }
    }
  }

  private func pass(_ head: [UInt8], _ pieces: any ContentPieces) throws {
    mode = .pieces(pieces)
    try pieces.add(head)
  }

  private func walk(_ format: ContentFormat) -> any FieldWalk {
    switch format {
    case .json: JSONWalk(setting: setting)
    case .xml: XMLWalk(setting: setting)
    case .separated: SeparatedWalk(setting: setting)
    case .hl7: HL7Walk()
    case .x12: X12Walk()
    default: SQLWalk()
    }
  }

  private func takeBuffer() -> [UInt8] {
    defer { buffer = [] }
    return buffer
  }

  private func scanner() -> PHIScanner {
    PHIScanner(setting: setting, marker: log.marker) { [prefix, file, log] finding in
      log.add(PHIHit(file: file, place: prefix.isEmpty ? nil : prefix, finding: finding))
    }
  }

  /// From here on it passes through as text.
  func flow(_ head: [UInt8]) {
    var scanner = scanner()
    scanner.add(head)
    mode = .text(scanner)
  }

  /// Says what was not looked at, and goes on.
  func note(_ reason: String) {
    log.refusals.append(
      PHIRefusal(file: prefix.isEmpty ? file : "\(file) \(prefix)", reason: reason))
  }

  /// Says why it is not looked at from here on.
  func refuse(_ reason: String) {
    note(reason)
    buffer = []
    mode = .refused
  }

  /// Findings of fields stand before those of the text at the same place, which know less.
  func take(_ hits: [PHIHit]) {
    let own = hits.sorted { $0.finding.start < $1.finding.start }
    let all = lastFields + own
    lastFields = own
    guard !all.isEmpty else { return }
    // Ends grow with the starts, so that a search by halves finds the neighbour.
    var ends: [Int] = []
    ends.reserveCapacity(all.count)
    for hit in all { ends.append(max(ends.last ?? 0, hit.finding.end)) }
    let isField = Set(all.map { $0.finding.start })
    log.hits.removeAll { old in
      guard old.finding.rule != .structuredField, old.file == file, (old.place ?? "") == prefix
      else { return false }
      var low = 0
      var high = all.count
      while low < high {
        let middle = (low + high) / 2
        if all[middle].finding.start < old.finding.end { low = middle + 1 } else { high = middle }
      }
      return low > 0 && (ends[low - 1] > old.finding.start || isField.contains(old.finding.start))
    }
    for hit in own { log.add(hit) }
  }

  /// Looks at a content inside this one; what cannot be read is refused by its name.
  func nested(_ name: String, _ bytes: [UInt8], setting: PHISetting?) {
    guard let inner = inner(name, setting: setting) else { return }
    inner.guarded {
      try inner.add(bytes)
      try inner.end()
    }
  }

  /// Does something that may find the content damaged, and refuses it then.
  func guarded(_ work: () throws -> Void) {
    do {
      try work()
    } catch let error as ReadingError {
      refuse(error.description)
    } catch {
      refuse("it cannot be read: \(error)")
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

  /// Looks at a name in an archive or of a file, in which words stand between low lines.
  func look(at name: String) {
    let text = name.utf8.map { $0 == 0x5f ? 0x3d : $0 }
    for finding in PHIScanner.findings(in: text, setting: .source, marker: log.marker) {
      log.add(PHIHit(file: file, place: prefix + "name", finding: finding))
    }
  }
}
