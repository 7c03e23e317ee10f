/// Looks for PHI in text that comes in pieces of any size, in one pass and with flat memory.
///
/// The text is cut into segments of at most `segmentLimit` bytes at the end of a line or, in lines
/// that are longer, at a space. Two neighbours share `overlap` bytes, so that what stands on a cut
/// is seen whole by one of them. Where pieces begin and end makes no difference.
public struct PHIScanner {
  /// Bytes that are looked at together.
  public static let segmentLimit = 1 << 16
  /// Bytes that neighbours share: more than any rule looks back or ahead in text.
  public static let overlap = 1 << 10

  /// Bytes around a day of birth that are taken for the same person's.
  private static let nearby = 256

  private var setting: PHISetting?
  private var isFirst = true
  private let lexicon = Lexicon.shared
  private var pending: [UInt8] = []
  private var tokens: [Token] = []
  /// Place of `pending` in the whole text.
  private var offset = 0
  private var line = 1
  private var column = 1
  /// What begins before it was told with the segment before.
  private var told = 0
  private var settled: PHISetting
  private let marker: PHIMarker?
  private let tell: (PHIFinding) -> Void

  /// Begins a text.
  ///
  /// - Parameters:
  ///   - setting: how much is taken for PHI; `nil` to tell by the text itself.
  ///   - marker: writes what says that two values are the same; `nil` for nothing of that sort.
  ///   - tell: is given each finding, in order.
  public init(
    setting: PHISetting? = nil, marker: PHIMarker? = nil, tell: @escaping (PHIFinding) -> Void
  ) {
    self.setting = setting
    self.marker = marker
    settled = setting ?? .source
    self.tell = tell
  }

  /// Whether the text was taken for one about people in care.
  var isClinical: Bool { settled == .clinical }

  /// Takes the next bytes.
  public mutating func add(_ bytes: some Collection<UInt8>) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let room = Self.segmentLimit - pending.count
      pending.append(contentsOf: rest.prefix(room))
      rest = rest.dropFirst(room)
      if pending.count == Self.segmentLimit { scan(isLast: false) }
    }
  }

  /// Ends the text.
  public mutating func end() {
    if !pending.isEmpty { scan(isLast: true) }
    pending = []
  }

  /// Findings in one text.
  public static func findings(
    in text: [UInt8], setting: PHISetting? = nil, marker: PHIMarker? = nil
  ) -> [PHIFinding] {
    var findings: [PHIFinding] = []
    withoutActuallyEscaping({ findings.append($0) }) { tell in
      var scanner = PHIScanner(setting: setting, marker: marker, tell: tell)
      scanner.add(text)
      scanner.end()
    }
    return findings
  }

  /// Findings in a field, without their lines; a long one is looked at as any text is.
  static func candidates(
    in text: [UInt8], setting: PHISetting?, tokens: inout [Token]
  ) -> [Candidate] {
    guard let setting, text.count <= segmentLimit else {
      return findings(in: text, setting: setting).map {
        Candidate(
          type: $0.type, start: $0.start, end: $0.end, confidence: $0.confidence, rule: $0.rule)
      }
    }
    return text.withUnsafeBufferPointer { bytes in
      Tokenizer(bytes: bytes, lexicon: .shared).tokens(into: &tokens)
      return tokens.withUnsafeBufferPointer { tokens in
        var scan = SegmentScan(
          bytes: bytes, tokens: tokens, lexicon: .shared, setting: setting)
        return scan.run()
      }
    }
  }

  private mutating func scan(isLast: Bool) {
    if setting == nil, isFirst {
      isFirst = false
      if Medium.isBinary(pending.prefix(1 << 13)) { setting = .source }
    }
    let limit = isLast ? pending.count : cut()
    let kept = isLast ? limit : max(limit - Self.overlap, limit / 2)
    // Findings that begin in the second half of what is shared are the next segment's.
    let boundary = isLast ? Int.max : offset + kept + (limit - kept) / 2
    let found = pending.withUnsafeBufferPointer { all -> [Candidate] in
      let bytes = UnsafeBufferPointer(rebasing: all[..<limit])
      Tokenizer(bytes: bytes, lexicon: lexicon).tokens(into: &tokens)
      return tokens.withUnsafeBufferPointer { tokens in
        if setting == nil, settled == .source, Medium.isClinical(tokens) { settled = .clinical }
        var found = scan(bytes, tokens)
        guard setting == nil, settled == .source else { return found }
        // A number of a patient's makes the rest of the text a patient's; a day of birth, which
        // examples of all sorts have, only what stands near it.
        if found.contains(where: { $0.type.isPatients && $0.type != .date }) {
          settled = .clinical
          found = scan(bytes, tokens)
        } else if found.contains(where: { $0.type == .date }) {
          let days = found.filter { $0.type == .date }
          settled = .clinical
          found = scan(bytes, tokens).filter { candidate in
            days.contains {
              candidate.start < $0.end + Self.nearby && $0.start - Self.nearby < candidate.end
            }
          }
          settled = .source
        }
        return found
      }
    }
    report(found, before: boundary)
    advance(to: kept)
  }

  private func scan(
    _ bytes: UnsafeBufferPointer<UInt8>, _ tokens: UnsafeBufferPointer<Token>
  ) -> [Candidate] {
    var scan = SegmentScan(bytes: bytes, tokens: tokens, lexicon: lexicon, setting: settled)
    return scan.run()
  }

  /// The end of the last line in the second half; the last space; the whole.
  private func cut() -> Int {
    let half = pending.count / 2
    var space: Int?
    var place = pending.count - 1
    while place > half {
      if pending[place] == 0x0a { return place + 1 }
      if space == nil, pending[place] <= 0x20 { space = place + 1 }
      place -= 1
    }
    return space ?? pending.count
  }

  private mutating func report(_ found: [Candidate], before boundary: Int) {
    var place = 0
    var (line, column) = (line, column)
    for candidate in found {
      let start = offset + candidate.start
      guard start >= told, start < boundary else { continue }
      while place < candidate.start {
        if pending[place] == 0x0a {
          line += 1
          column = 1
        } else {
          column += 1
        }
        place += 1
      }
      tell(
        PHIFinding(
          type: candidate.type, start: start, end: offset + candidate.end, line: line,
          column: column, confidence: candidate.confidence, rule: candidate.rule,
          mark: marker?.mark(
            candidate.type, pending[candidate.start..<min(candidate.end, pending.count)])))
      told = offset + candidate.end
    }
    if boundary != .max { told = max(told, boundary) }
  }

  private mutating func advance(to kept: Int) {
    for place in 0..<kept {
      if pending[place] == 0x0a {
        line += 1
        column = 1
      } else {
        column += 1
      }
    }
    offset += kept
    pending.removeFirst(kept)
  }
}
