import CEL

/// Why an expression is false: its innermost false parts, each with the values that it looked at.
enum WhyTrace {
  private static let shown = 5
  private static let values = 4

  /// At most five lines such as `evidence.totals.passed >= 2 is false: evidence.totals.passed is 1`.
  static func lines(_ program: Program, _ activation: Activation) -> [String] {
    guard let trace = try? program.trace(activation) else { return [] }
    let records = trace.records
    var lines: [String] = []
    var seen: Set<String> = []
    for (place, record) in records.enumerated() {
      guard lines.count < shown, case .bool(false)? = record.value else { continue }
      // Parts are done before what they are parts of; those of this one came just before it.
      let inside = parts(of: record, before: place, in: records)
      guard !inside.contains(where: { if case .bool(false)? = $0.value { true } else { false } })
      else { continue }
      let line = "\(record.expression) is false" + words(inside)
      if seen.insert(line).inserted { lines.append(line) }
    }
    return lines
  }

  /// The records of an expression's parts, from one evaluation of it.
  private static func parts(
    of record: Trace.Record, before place: Int, in records: [Trace.Record]
  ) -> [Trace.Record] {
    let within = records[..<place].reversed().prefix { part in
      !(part.line == record.line && part.column == record.column
        && part.expression == record.expression) && record.contains(part)
    }
    return within.reversed()
  }

  /// The values of the largest parts that are plain values.
  private static func words(_ parts: [Trace.Record]) -> String {
    var words: [String] = []
    var seen: Set<String> = []
    for part in parts where words.count < values {
      guard let value = part.value, let text = plain(value), seen.insert(part.expression).inserted
      else { continue }
      words.append("\(part.expression) is \(text)")
    }
    return words.isEmpty ? "" : ": " + words.joined(separator: ", ")
  }

  private static func plain(_ value: CELValue) -> String? {
    switch value {
    case .string(let text): "'\(text.unicodeScalars.count > 80 ? "…" : text)'"
    case .map, .type, .bytes, .optional: nil
    case .list(let all): "a list of \(all.count)"
    default: MessageTemplate.words(value)
    }
  }
}

extension Trace.Record {
  /// Whether another part lies within this one: what spans lines is compared by its text alone.
  fileprivate func contains(_ part: Trace.Record) -> Bool {
    guard expression.utf8.count >= part.expression.utf8.count else { return false }
    guard line == part.line else { return part.line > line }
    let length = expression.unicodeScalars.count
    return part.column >= column && part.column < column + length
  }
}
