/// Takes the fields of a structured content one by one.
struct FieldScan {
  /// The file's path.
  let file: String
  /// What stands before each place: the names of the archives around it.
  let prefix: String
  /// How free text is taken.
  var setting: PHISetting
  private(set) var hits: [PHIHit] = []
  private let lines: [Int]

  init(file: String, prefix: String, setting: PHISetting, content: [UInt8]) {
    self.file = file
    self.prefix = prefix
    self.setting = setting
    lines = content.indices.filter { content[$0] == 0x0a }
  }

  /// Line and column of a byte.
  private func position(_ offset: Int) -> (Int, Int) {
    var low = 0
    var high = lines.count
    while low < high {
      let middle = (low + high) / 2
      if lines[middle] < offset { low = middle + 1 } else { high = middle }
    }
    return (low + 1, offset - (low == 0 ? -1 : lines[low - 1]))
  }

  private mutating func add(
    _ place: String, _ type: PHIKind, _ start: Int, _ end: Int, _ confidence: Int, _ rule: PHIRule
  ) {
    let (line, column) = position(start)
    hits.append(
      PHIHit(
        file: file, place: prefix + place,
        finding: PHIFinding(
          type: type, start: start, end: end, line: line, column: column, confidence: confidence,
          rule: rule)))
  }

  /// A field that holds a person's data by its definition.
  mutating func defined(
    _ place: String, _ type: PHIKind, _ value: [UInt8], at offset: Int, length: Int
  ) {
    guard Self.says(value, type) else { return }
    add(place, type, offset, offset + length, 95, .structuredField)
  }

  /// A field of free text, looked at with its name as its label.
  mutating func text(_ place: String, _ name: String, _ value: [UInt8], at offset: Int, length: Int)
  {
    guard value.count > 1 else { return }
    let label = Array((name.isEmpty ? "" : name + ": ").utf8)
    for finding in PHIScanner.findings(in: label + value, setting: setting)
    where finding.start >= label.count {
      // What was unescaped has no bytes of its own; the whole field stands for it.
      let isSame = value.count == length
      add(
        place, finding.type, isSame ? offset + finding.start - label.count : offset,
        isSame ? offset + finding.end - label.count : offset + length, finding.confidence,
        finding.rule)
    }
  }

  /// Whether a value says something of that kind.
  private static func says(_ value: [UInt8], _ type: PHIKind) -> Bool {
    let letters = value.filter { $0 >= 0x80 || Checks.isLetter($0 & 0xdf) }.count
    let digits = value.filter(Checks.isDigit).count
    switch type {
    case .date: return digits > 4
    case .name, .place, .facility: return letters >= 2 && !isEmptyWord(value)
    case .address: return letters + digits >= 2 && !isEmptyWord(value)
    case .phone, .fax: return digits >= 5
    default: return letters + digits >= 2 && !isEmptyWord(value)
    }
  }

  private static let emptyWords: [[UInt8]] = [
    "unknown", "none", "null", "anonymous", "anonymized", "removed", "redacted", "n/a", "na", "nil",
    "unk", "xxx", "xx",
  ].map { Array($0.utf8) }

  private static func isEmptyWord(_ value: [UInt8]) -> Bool {
    let word = value.filter { $0 > 0x20 && $0 != 0x5e }.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
    return word.isEmpty || emptyWords.contains(word)
  }
}
