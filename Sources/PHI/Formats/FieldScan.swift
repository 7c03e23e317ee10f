/// Takes the fields of a structured content one by one, stretch by stretch.
struct FieldScan {
  /// The file's path.
  let file: String
  /// What stands before each place: the names of the archives around it.
  let prefix: String
  /// How free text is taken.
  var setting: PHISetting
  private let marker: PHIMarker?
  private(set) var hits: [PHIHit] = []
  /// Findings of the stretch beyond what is kept of a file.
  private(set) var more = 0
  /// Ends of lines of the stretch.
  private var lines: [Int] = []
  private var base = 0
  private var line = 1
  private var column = 1
  private var tokens: [Token] = []

  init(file: String, prefix: String, setting: PHISetting, marker: PHIMarker?) {
    self.file = file
    self.prefix = prefix
    self.setting = setting
    self.marker = marker
  }

  /// Begins the stretch of the content that stands at a place.
  mutating func begin(_ stretch: UnsafeBufferPointer<UInt8>, at base: Int, line: Int, column: Int) {
    self.base = base
    self.line = line
    self.column = column
    lines.removeAll(keepingCapacity: true)
    for place in 0..<stretch.count where stretch[place] == 0x0a { lines.append(place) }
    hits = []
    more = 0
  }

  /// Line and column of a byte of the stretch.
  func position(_ offset: Int) -> (line: Int, column: Int) {
    var low = 0
    var high = lines.count
    while low < high {
      let middle = (low + high) / 2
      if lines[middle] < offset { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? (line, column + offset) : (line + low, offset - lines[low - 1])
  }

  private mutating func add(
    _ place: String, _ type: PHIKind, _ start: Int, _ end: Int, _ confidence: Int, _ rule: PHIRule,
    _ value: ArraySlice<UInt8>
  ) {
    guard hits.count < ScanLog.hitLimit else {
      more += 1
      return
    }
    let (line, column) = position(start)
    hits.append(
      PHIHit(
        file: file, place: prefix + place,
        finding: PHIFinding(
          type: type, start: base + start, end: base + end, line: line, column: column,
          confidence: confidence, rule: rule, mark: marker?.mark(type, value))))
  }

  /// A field that holds a person's data by its definition.
  mutating func defined(
    _ place: @autoclosure () -> String, _ type: PHIKind, _ value: [UInt8], at offset: Int,
    length: Int
  ) {
    guard Self.says(value, type) else { return }
    add(place(), type, offset, offset + length, 95, .structuredField, value[...])
  }

  /// A field of free text, looked at with its name as its label.
  mutating func text(
    _ place: @autoclosure () -> String, _ name: String, _ value: [UInt8], at offset: Int,
    length: Int
  ) {
    guard value.count > 1 else { return }
    let label = name.isEmpty ? [] : Array(name.utf8) + [0x3a, 0x20]
    let text = label + value
    // What was unescaped has no bytes of its own; the whole field stands for it.
    let isSame = value.count == length
    for found in candidates(in: text) where found.end > label.count {
      let start = max(found.start, label.count)
      add(
        place(), found.type, isSame ? offset + start - label.count : offset,
        isSame ? offset + found.end - label.count : offset + length, found.confidence,
        found.rule, text[start..<found.end])
    }
  }

  /// A piece of a text that is split over several fields.
  struct Piece {
    let place: String
    let value: [UInt8]
    let start: Int
    let length: Int
  }

  /// Fields that are one text when they stand together. What begins and ends in the same field is
  /// left out: it was found there.
  mutating func joined(_ pieces: [Piece]) {
    guard pieces.count > 1 else { return }
    var text: [UInt8] = []
    var starts: [Int] = []
    for piece in pieces {
      starts.append(text.count)
      text += piece.value + [0x20]
    }
    for found in candidates(in: text) {
      guard let last = starts.lastIndex(where: { $0 < found.end }) else { continue }
      let piece = pieces[last]
      let isSame = piece.value.count == piece.length
      let start = max(found.start - starts[last], 0)
      let end = min(found.end - starts[last], piece.value.count)
      guard start < end else { continue }
      let span =
        isSame
        ? piece.start + start..<piece.start + end : piece.start..<piece.start + piece.length
      if hits.contains(where: {
        $0.finding.start < base + span.upperBound && base + span.lowerBound < $0.finding.end
      }) {
        continue
      }
      add(
        piece.place, found.type, span.lowerBound, span.upperBound, found.confidence, found.rule,
        text[found.start..<found.end])
    }
  }

  private mutating func candidates(in text: [UInt8]) -> [Candidate] {
    // Without persons so far: a field may speak of one by itself.
    PHIScanner.candidates(
      in: text, setting: setting == .source ? nil : setting, tokens: &tokens)
  }

  /// Whether a value says something of that kind.
  static func says(_ value: [UInt8], _ type: PHIKind) -> Bool {
    var letters = 0
    var digits = 0
    for byte in value {
      if byte >= 0x80 || Checks.isLetter(byte & 0xdf) { letters += 1 }
      if Checks.isDigit(byte) { digits += 1 }
    }
    switch type {
    case .date: return digits > 4
    case .name, .place, .facility: return letters >= 2 && !isEmptyWord(value)
    case .phone, .fax: return digits >= 5
    default: return letters + digits >= 2 && !isEmptyWord(value)
    }
  }

  private static let emptyWords: Set<[UInt8]> = Set(
    [
      "unknown", "none", "null", "anonymous", "anonymized", "removed", "redacted", "n/a", "na",
      "nil", "unk", "xxx", "xx",
    ].map { Array($0.utf8) })

  private static func isEmptyWord(_ value: [UInt8]) -> Bool {
    guard value.count <= 24 else { return false }
    let word = value.filter { $0 > 0x20 && $0 != 0x5e }.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
    return word.isEmpty || emptyWords.contains(word)
  }
}
