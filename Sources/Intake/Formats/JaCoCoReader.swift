import Model
import Reading

/// Reads JaCoCo's XML. Counters stand at every level; those of the report must be the sum of those
/// of its groups and packages, and those of a file must be those of its lines.
struct JaCoCoReader {
  private struct Counters {
    var missed: [String: Int] = [:]
    var covered: [String: Int] = [:]

    mutating func add(_ other: Counters) {
      missed.merge(other.missed, uniquingKeysWith: +)
      covered.merge(other.covered, uniquingKeysWith: +)
    }
  }

  private struct Level {
    let name: String
    var counters = Counters()
    /// The counters of groups and packages in it.
    var below = Counters()
    var parts = 0
    var lines: (missed: Int, covered: Int)?
  }

  private var open: [Level] = []
  private var total: Level?
  private var files = 0
  private var madeAt: StatedTime?

  static func read(_ stream: inout XMLStream) throws -> IntakeReader.Parsed {
    var reader = JaCoCoReader()
    stream.keepText(false)
    while let event = try stream.next() {
      switch event {
      case .start(let name, let attributes):
        try reader.begin(.init(name: name, attributes: attributes), stream)
      case .end(let name): try reader.end(name, stream)
      case .text: break
      }
    }
    return try reader.parsed()
  }

  private mutating func begin(_ start: XMLStream.Start, _ stream: XMLStream) throws {
    switch start.name {
    case "sessioninfo":
      madeAt = start["dump"].flatMap { Double($0) }.flatMap { StatedTime(epoch: $0) } ?? madeAt
    case "counter":
      guard let type = start["type"], let missed = number(start["missed"]),
        let covered = number(start["covered"]), let last = open.indices.last
      else { throw stream.error("a <counter> that does not say what it counts") }
      guard open[last].counters.missed.updateValue(missed, forKey: type) == nil else {
        throw stream.error("the counter \(type) stands twice in <\(open[last].name)>")
      }
      open[last].counters.covered[type] = covered
    case "line":
      guard let covered = number(start["ci"]), let missed = number(start["mi"]),
        let last = open.indices.last
      else { throw stream.error("a <line> that does not say what ran") }
      var lines = open[last].lines ?? (0, 0)
      if covered > 0 { lines.covered += 1 } else if missed > 0 { lines.missed += 1 }
      open[last].lines = lines
    default: open.append(Level(name: start.name))
    }
  }

  private func number(_ text: String?) -> Int? {
    guard let number = text.flatMap({ Int($0) }), number >= 0 else { return nil }
    return number
  }

  private mutating func end(_ name: String, _ stream: XMLStream) throws {
    guard !["counter", "line", "sessioninfo"].contains(name) else { return }
    let level = open.removeLast()
    if let lines = level.lines, name == "sourcefile" {
      let stated = (level.counters.missed["LINE"] ?? 0, level.counters.covered["LINE"] ?? 0)
      guard stated == (lines.missed, lines.covered) else {
        throw stream.error(
          "a file states \(stated.0) missed and \(stated.1) covered lines, "
            + "its lines say \(lines.missed) and \(lines.covered)")
      }
    }
    if name == "sourcefile" { files += 1 }
    guard ["report", "group", "package"].contains(name) else { return }
    if name != "package", level.parts > 0 {
      for (type, stated) in level.counters.missed {
        let sum = (level.below.missed[type] ?? 0, level.below.covered[type] ?? 0)
        guard sum == (stated, level.counters.covered[type] ?? 0) else {
          throw stream.error(
            "<\(name)> states \(stated) missed and \(level.counters.covered[type] ?? 0) covered"
              + " of \(type), its parts say \(sum.0) and \(sum.1)")
        }
      }
    }
    if let last = open.indices.last {
      open[last].below.add(level.counters)
      open[last].parts += 1
    } else {
      total = level
    }
  }

  private func parsed() throws -> IntakeReader.Parsed {
    guard let total, total.parts > 0 else {
      throw ReadingError("the report holds no package: nothing was measured")
    }
    let counters = total.counters.missed.isEmpty ? total.below : total.counters
    func share(_ type: String) -> CoverageTotals.Share? {
      guard let missed = counters.missed[type], let covered = counters.covered[type] else {
        return nil
      }
      return .init(covered: covered, total: missed + covered)
    }
    guard let lines = share("LINE"), lines.total > 0 else {
      throw ReadingError("the report counts no line: nothing was measured")
    }
    var parsed = IntakeReader.Parsed(
      tools: [.init(name: "jacoco", version: nil)],
      content: .coverage(
        CoverageTotals(
          lines: lines, branches: share("BRANCH"), functions: share("METHOD"),
          files: files > 0 ? files : nil)))
    parsed.madeAt = madeAt
    return parsed
  }
}
