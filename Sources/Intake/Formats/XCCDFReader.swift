import Model
import Reading

/// Reads XCCDF results, 1.1 and 1.2 (NIST IR 7275, section 6.6), alone, in their benchmark, or in an
/// ARF collection. A benchmark alone says what would be checked, and is refused.
struct XCCDFReader {
  private struct Rule {
    var severity: String?
    var title: String?
  }

  private var collector = FindingCollector(shownScopes: [.misconfiguration])
  private var counter = CheckCounter()
  private var notes: [String] = []
  private var rules: [String: Rule] = [:]
  private var results: [XMLTree] = []
  private var testResults = 0
  private var endTime: String?

  static func read(_ stream: inout XMLStream) throws -> IntakeReader.Parsed {
    var reader = XCCDFReader()
    while let event = try stream.next() {
      guard case .start(let name, let attributes) = event else { continue }
      let start = XMLStream.Start(name: name, attributes: attributes)
      switch start.localName {
      case "Rule":
        guard let id = start["id"] else { throw stream.error("a <Rule> without an id") }
        let title = try stream.element(start).value("title").map(FirstLine.of)
        reader.rules[id] = Rule(severity: start["severity"], title: title)
      case "TestResult":
        reader.testResults += 1
        guard let end = start["end-time"] else {
          throw stream.error("the test did not end: it has no end-time")
        }
        reader.endTime = end
      case "rule-result": reader.results.append(try stream.element(start))
      default: break
      }
    }
    return try reader.parsed()
  }

  private mutating func parsed() throws -> IntakeReader.Parsed {
    guard testResults > 0, !results.isEmpty else {
      throw ReadingError("it holds no result: nothing was checked")
    }
    for result in results { try add(result) }
    guard counter.totals.all > 0 else {
      throw ReadingError("no rule was selected: nothing was checked")
    }
    collector.report.checks = counter.totals
    var parsed = IntakeReader.Parsed(
      content: .findings(collector.report), notes: notes)
    parsed.madeAt = endTime.flatMap { StatedTime($0) }
    return parsed
  }

  private mutating func add(_ result: XMLTree) throws {
    guard let id = result["idref"], let word = result.value("result") else {
      throw ReadingError("a <rule-result> without its rule or its result")
    }
    switch word {
    case "pass", "fixed": counter.passed += 1
    case "notapplicable", "informational", "notchecked": counter.skipped += 1
    case "notselected": break
    case "fail":
      counter.failed += 1
      collector.add(try finding(result, id), .misconfiguration, context: id)
    case "error", "unknown":
      counter.errors += 1
      collector.add(try finding(result, id), .misconfiguration, context: id)
      notes.append("The check of \(id) ended in \"\(word)\": whether it holds is not known.")
    default: throw ReadingError("\"\(word)\" is no result of XCCDF's")
    }
  }

  private func finding(_ result: XMLTree, _ id: String) throws -> Finding {
    let rule = rules[id]
    let word = result["severity"] ?? rule?.severity ?? "unknown"
    guard let severity = SeverityWords.severity(word) else {
      throw ReadingError("\"\(word)\" of \(id) is no severity of XCCDF's")
    }
    let ids = result.children("ident").compactMap(\.trimmed)
    return Finding(
      rule: id, severity: severity, title: rule?.title ?? id,
      aliases: VulnerabilityID.others(ids, than: id))
  }
}
