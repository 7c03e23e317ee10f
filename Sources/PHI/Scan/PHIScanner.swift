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
  private let tell: (PHIFinding) -> Void

  /// Begins a text.
  ///
  /// - Parameters:
  ///   - setting: how much is taken for PHI; `nil` to tell by the text itself.
  ///   - tell: is given each finding, in order.
  public init(setting: PHISetting? = nil, tell: @escaping (PHIFinding) -> Void) {
    self.setting = setting
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
  public static func findings(in text: [UInt8], setting: PHISetting? = nil) -> [PHIFinding] {
    var findings: [PHIFinding] = []
    withoutActuallyEscaping({ findings.append($0) }) { tell in
      var scanner = PHIScanner(setting: setting, tell: tell)
      scanner.add(text)
      scanner.end()
    }
    return findings
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
        // A number of a patient's makes the rest of the text a patient's.
        if setting == nil, settled == .source, found.contains(where: { $0.type.isPatients }) {
          settled = .clinical
          found = scan(bytes, tokens)
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
          column: column, confidence: candidate.confidence, rule: candidate.rule))
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
