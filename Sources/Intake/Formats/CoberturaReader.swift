import Model
import Reading

/// Reads Cobertura XML. Lines are counted by file and number, and the totals that it states must be
/// those of its lines.
struct CoberturaReader {
  /// What is known of one line: whether it ran, and its branches.
  private struct Line {
    var isCovered: Bool
    var branches: (covered: Int, total: Int)
  }

  private var files: [String: [Int: Line]] = [:]
  private var rows = 0
  private var coveredRows = 0
  private var rowBranches = (covered: 0, total: 0)
  private var file: String?
  private var methods = 0

  static func read(_ stream: inout XMLStream) throws -> IntakeReader.Parsed {
    var reader = CoberturaReader()
    stream.keepText(false)
    let root = stream.root
    while let event = try stream.next() {
      switch event {
      case .start(let name, let attributes):
        try reader.begin(.init(name: name, attributes: attributes), stream)
      case .end("class"): reader.file = nil
      case .end("methods"): reader.methods -= 1
      default: break
      }
    }
    guard reader.rows > 0 else {
      throw ReadingError("the report holds no line: nothing was measured")
    }
    let totals = try reader.totals(root)
    var parsed = IntakeReader.Parsed(content: .coverage(totals))
    parsed.madeAt = root["timestamp"].flatMap { Double($0) }.flatMap { StatedTime(epoch: $0) }
    return parsed
  }

  private mutating func begin(_ start: XMLStream.Start, _ stream: XMLStream) throws {
    switch start.name {
    case "class":
      guard let name = start["filename"], !name.isEmpty else {
        throw stream.error("a <class> without a file's name")
      }
      file = name
      if files[name] == nil { files[name] = [:] }
    case "methods": methods += 1
    // The lines of methods stand once more among those of their class.
    case "line" where methods == 0: try add(start, stream)
    default: break
    }
  }

  private mutating func add(_ start: XMLStream.Start, _ stream: XMLStream) throws {
    guard let file, let number = start["number"].flatMap({ Int($0) }), number >= 0 else {
      throw stream.error("a <line> without a class or a number")
    }
    guard let hits = start["hits"].flatMap({ Int64($0) }), hits >= 0 else {
      throw stream.error("line \(number) of \(file) does not say how often it ran")
    }
    var branches = (covered: 0, total: 0)
    if let text = start["condition-coverage"] {
      guard let counted = Self.branches(text) else {
        throw stream.error("\"\(text)\" is no coverage of conditions")
      }
      branches = counted
    }
    rows += 1
    coveredRows += hits > 0 ? 1 : 0
    rowBranches.covered += branches.covered
    rowBranches.total += branches.total
    let known = files[file]?[number]
    files[file]?[number] = Line(
      isCovered: hits > 0 || known?.isCovered == true,
      branches: branches.total > known?.branches.total ?? 0 ? branches : known?.branches ?? branches
    )
  }

  /// The two numbers of `50% (1/2)`.
  private static func branches(_ text: String) -> (covered: Int, total: Int)? {
    guard let open = text.firstIndex(of: "("), text.hasSuffix(")") else { return nil }
    let parts = text[text.index(after: open)...].dropLast().split(separator: "/")
    guard parts.count == 2, let covered = Int(parts[0]), let total = Int(parts[1]),
      0...total ~= covered
    else { return nil }
    return (covered, total)
  }

  private func totals(_ root: XMLStream.Start) throws -> CoverageTotals {
    var lines = CoverageTotals.Share(covered: 0, total: 0)
    var branches = CoverageTotals.Share(covered: 0, total: 0)
    for line in files.values.flatMap(\.values) {
      lines.total += 1
      lines.covered += line.isCovered ? 1 : 0
      branches.covered += line.branches.covered
      branches.total += line.branches.total
    }
    // Some tools count a line once for each class that it belongs to.
    try compare(root, "lines-valid", [lines.total, rows])
    try compare(root, "lines-covered", [lines.covered, coveredRows])
    if root["branches-valid"] != nil, root["branches-valid"] != "0" {
      try compare(root, "branches-valid", [branches.total, rowBranches.total])
      try compare(root, "branches-covered", [branches.covered, rowBranches.covered])
    }
    try compareRate(root, lines)
    return CoverageTotals(
      lines: lines, branches: branches.total > 0 ? branches : nil, files: files.count)
  }

  private func compare(_ root: XMLStream.Start, _ name: String, _ counted: [Int]) throws {
    guard let text = root[name] else { return }
    guard let stated = Int(text) else { throw ReadingError("\(name)=\"\(text)\" is no number") }
    guard counted.contains(stated) else {
      throw ReadingError("it states \(name)=\"\(stated)\", its lines say \(counted[0])")
    }
  }

  /// The rate must be that of the lines, to the hundredth that tools round to.
  private func compareRate(_ root: XMLStream.Start, _ lines: CoverageTotals.Share) throws {
    guard let text = root["line-rate"] else { return }
    guard let rate = Double(text), (0...1).contains(rate) else {
      throw ReadingError("line-rate=\"\(text)\" is no rate from 0 to 1")
    }
    let rates = [
      Double(lines.covered) / Double(lines.total), Double(coveredRows) / Double(rows),
    ]
    guard rates.contains(where: { abs($0 - rate) <= 0.0101 }) else {
      throw ReadingError("it states line-rate=\"\(text)\", its lines say \(rates[0])")
    }
  }
}
