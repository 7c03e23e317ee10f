import Model
import Reading

/// Reads LCOV's tracefile (geninfo's manual page). Each record's own totals must be those of its
/// lines; records of one file are counted together.
struct LCOVReader {
  private struct File {
    var lines: [Int: Bool] = [:]
    var branches: [String: Bool] = [:]
    var functions: [String: Bool] = [:]
  }

  private var files: [String: File] = [:]
  private var path: String?
  private var record = File()
  private var stated: [String: Int] = [:]
  private var number = 0

  static func read(_ bytes: [UInt8]) throws -> IntakeReader.Parsed {
    guard UTF8Text.isValid(bytes) else { throw ReadingError("the tracefile is not valid UTF-8") }
    var reader = LCOVReader()
    for line in bytes.split(separator: 0x0a, omittingEmptySubsequences: false) {
      reader.number += 1
      var line = line
      if line.last == 0x0d { line = line.dropLast() }
      guard line.contains(where: { $0 != 0x20 && $0 != 0x09 }), line.first != 0x23 else { continue }
      try reader.take(String(decoding: line, as: UTF8.self))
    }
    guard reader.path == nil else {
      throw ReadingError("the tracefile ends inside the record of \(reader.path ?? "")")
    }
    return try reader.parsed()
  }

  private func error(_ message: String) -> ReadingError {
    ReadingError(message, at: Position(line: number, column: 1))
  }

  private mutating func take(_ line: String) throws {
    if line.isSame(as: "end_of_record") { return try endRecord() }
    guard let colon = line.firstIndex(of: ":") else {
      throw error("\"\(line)\" is no line of a tracefile")
    }
    let tag = String(line[..<colon])
    let value = line[line.index(after: colon)...]
    if tag == "TN" { return }
    if tag == "SF" {
      guard path == nil else { throw error("a record begins before the last one's end") }
      guard !value.isEmpty else { throw error("a record without a file") }
      path = String(value)
      return
    }
    guard path != nil else { throw error("\(tag) stands outside of a record") }
    try takeInRecord(tag, value.split(separator: ",", omittingEmptySubsequences: false))
  }

  private mutating func takeInRecord(_ tag: String, _ fields: [Substring]) throws {
    switch tag {
    case "DA":
      guard fields.count >= 2, let line = Int(fields[0]), let hits = Double(fields[1]) else {
        throw error("DA needs a line and how often it ran")
      }
      record.lines[line] = (record.lines[line] ?? false) || hits > 0
    case "BRDA":
      guard fields.count >= 4, let line = Int(fields[0]) else {
        throw error("BRDA needs a line, a block, a branch and how often it was taken")
      }
      let taken = fields[fields.count - 1]
      guard taken == "-" || Double(taken) != nil else { throw error("\(taken) is no number") }
      let branch = "\(line),\(fields[1..<fields.count - 1].joined(separator: ","))"
      record.branches[branch] =
        (record.branches[branch] ?? false) || (Double(taken) ?? 0) > 0
    case "FNDA":
      guard fields.count >= 2, let hits = Double(fields[0]) else {
        throw error("FNDA needs how often a function ran, and its name")
      }
      let name = fields[1...].joined(separator: ",")
      record.functions[name] = (record.functions[name] ?? false) || hits > 0
    case "LF", "LH", "BRF", "BRH":
      guard let count = fields.first.flatMap({ Int($0) }), count >= 0 else {
        throw error("\(tag) is no number")
      }
      stated[tag] = count
    case "FN", "FNF", "FNH", "FNL", "FNA", "VER", "MCDC", "MCF", "MCH": break
    default: throw error("\"\(tag)\" is no tag of a tracefile")
    }
  }

  private mutating func endRecord() throws {
    guard let path else { throw error("end_of_record without a record") }
    try compare("LF", record.lines.count)
    try compare("LH", record.lines.values.count { $0 })
    try compare("BRF", record.branches.count)
    try compare("BRH", record.branches.values.count { $0 })
    var file = files[path] ?? File()
    file.lines.merge(record.lines) { $0 || $1 }
    file.branches.merge(record.branches) { $0 || $1 }
    file.functions.merge(record.functions) { $0 || $1 }
    files[path] = file
    self.path = nil
    record = File()
    stated = [:]
  }

  private func compare(_ tag: String, _ counted: Int) throws {
    guard let stated = stated[tag], stated != counted else { return }
    throw error("the record of \(path ?? "") states \(tag):\(stated), its lines say \(counted)")
  }

  private func parsed() throws -> IntakeReader.Parsed {
    func share(_ part: (File) -> [Bool]) -> CoverageTotals.Share {
      let all = files.values.flatMap(part)
      return .init(covered: all.count { $0 }, total: all.count)
    }
    let lines = share { Array($0.lines.values) }
    guard lines.total > 0 else {
      throw ReadingError("the tracefile holds no line: nothing was measured")
    }
    let branches = share { Array($0.branches.values) }
    let functions = share { Array($0.functions.values) }
    return IntakeReader.Parsed(
      content: .coverage(
        CoverageTotals(
          lines: lines, branches: branches.total > 0 ? branches : nil,
          functions: functions.total > 0 ? functions : nil, files: files.count)))
  }
}

/// Whether bytes are UTF-8.
enum UTF8Text {
  static func isValid(_ bytes: [UInt8]) -> Bool { String(validating: bytes, as: UTF8.self) != nil }
}
