import Model
import Reading

/// How to read JSON of no known kind: where its rows lie and what their fields mean, as a project
/// declares it (`docs/formats/reports.md`).
public struct ReportMapping: Sendable {
  /// The mapping's name.
  public let name: String
  private let tool: String
  private let version: JSONPath?
  private let rows: JSONPath
  private let total: JSONPath?
  private let scope: FindingReport.Scope?
  private let fields: [String: JSONPath]
  private let severities: [String: Severity]
  private let outcomes: [String: String]
  private let mayBeEmpty: Bool

  private static let findingFields = [
    "rule", "severity", "title", "file", "line", "package", "fixedVersion", "cvss", "cwe", "alias",
  ]
  private static let outcomeWords = ["passed", "failed", "error", "skipped"]

  /// Reads a mapping's file, YAML or JSON.
  ///
  /// - Throws: `Problem` with `badInput`, file, line and column.
  public static func read(_ bytes: [UInt8], file: String) throws -> ReportMapping {
    do {
      return try ReportMapping(
        FieldReader(
          YAMLReader.read(bytes), "a mapping",
          known: [
            "version", "name", "tool", "toolVersion", "content", "scope", "rows", "total",
            "fields", "severities", "outcomes", "mayBeEmpty",
          ]))
    } catch let error as ReadingError {
      throw Problem(
        .badInput, error.message, at: file + (error.position.map { ":\($0)" } ?? ""),
        advice: "See docs/formats/reports.md.")
    }
  }

  private init(_ reader: FieldReader) throws {
    guard try reader.integer("version", in: 1...1) != nil else {
      throw ReadingError("a mapping needs \"version: 1\"", at: reader.node.position)
    }
    name = try reader.requiredString("name")
    tool = try reader.requiredString("tool")
    version = try reader.string("toolVersion").map { try JSONPath($0) }
    rows = try JSONPath(FieldReader.string(reader.required("rows")))
    total = try reader.string("total").map { try JSONPath($0) }
    mayBeEmpty = try reader.bool("mayBeEmpty") ?? false
    let isTests = try reader.choice("content", of: ["findings", "tests"]) == "tests"
    let known = isTests ? ["name", "outcome"] : Self.findingFields
    var fields: [String: JSONPath] = [:]
    for entry in try reader.mapping("fields") {
      guard known.contains(entry.key) else {
        throw ReadingError(
          "\"\(entry.key)\" is no field; expected \(known.joined(separator: ", "))",
          at: entry.position)
      }
      fields[entry.key] = try JSONPath(FieldReader.string(entry.value))
    }
    for name in isTests ? known : ["rule", "severity"] where fields[name] == nil {
      throw ReadingError("the fields need \"\(name)\"", at: reader.node.position)
    }
    self.fields = fields
    scope =
      isTests
      ? nil
      : try reader.choice("scope", of: FindingReport.Scope.allCases.map(\.rawValue))
        .flatMap(FindingReport.Scope.init) ?? .code
    severities = try Self.words(reader, "severities") { Severity(rawValue: $0) }
    outcomes = try Self.words(reader, "outcomes") { Self.outcomeWords.contains($0) ? $0 : nil }
  }

  private static func words<Value>(
    _ reader: FieldReader, _ name: String, _ value: (String) -> Value?
  ) throws -> [String: Value] {
    var words: [String: Value] = [:]
    for entry in try reader.mapping(name) {
      let text = try FieldReader.string(entry.value)
      guard let value = value(text) else {
        throw ReadingError("\"\(text)\" is no value of \"\(name)\"", at: entry.value.position)
      }
      words[entry.key] = value
    }
    return words
  }

  // MARK: Reading by it

  func read(_ root: ReportNode) throws -> IntakeReader.Parsed {
    let list = try rows.node(in: root)
    let elements = try list.elements()
    guard mayBeEmpty || !elements.isEmpty else {
      throw list.error("the list of rows is empty, and the mapping does not say that it may be")
    }
    if let total {
      let node = try total.node(in: root)
      let count = elements.count
      guard node.json.integer == Int64(count) else {
        throw node.error("it states \(node.json.integer ?? -1) rows, there are \(count)")
      }
    }
    let tools = [
      IntakeReport.Tool(name: tool, version: try version.flatMap { try $0.text(in: root) })
    ]
    return IntakeReader.Parsed(
      tools: tools,
      content: try scope.map { .findings(try findings(elements, $0)) } ?? .tests(tests(elements)))
  }

  private func findings(
    _ rows: ReportElements, _ scope: FindingReport.Scope
  ) throws -> FindingReport {
    var collector = FindingCollector(shownScopes: [scope])
    for row in rows {
      func text(_ name: String) throws -> String? { try fields[name]?.text(in: row) }
      guard let rule = try text("rule") else { throw row.error("the row names no rule") }
      let word = try text("severity") ?? ""
      let score = try text("cvss").flatMap { Double($0) }.flatMap(Score.tenths)
      // A word that the mapping does not name stays unknown: it is never guessed at.
      collector.add(
        Finding(
          rule: rule, severity: severities[word] ?? Severity(rawValue: word) ?? .unknown,
          title: FirstLine.of(try text("title") ?? rule), cvssTenths: score,
          package: try text("package"), fixedVersion: try text("fixedVersion"),
          file: try text("file"),
          line: try text("line").flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil },
          aliases: try text("alias").map { [$0] },
          weaknesses: Weakness.ids(try text("cwe").map { [$0] } ?? [])), scope)
    }
    return collector.report
  }

  private func tests(_ rows: ReportElements) throws -> TestReport {
    var counter = CheckCounter()
    var report = TestReport(
      totals: counter.totals, passedTests: [], failedTests: [], flakyTests: [])
    for row in rows {
      guard let name = try fields["name"]?.text(in: row) else {
        throw row.error("the row names no test")
      }
      let word = try fields["outcome"]?.text(in: row) ?? ""
      switch outcomes[word] ?? word {
      case "passed":
        counter.passed += 1
        report.passedTests.append(name)
      case "failed":
        counter.failed += 1
        report.failedTests.append(name)
      case "error":
        counter.errors += 1
        report.failedTests.append(name)
      case "skipped": counter.skipped += 1
      default: throw row.error("the outcome \"\(word)\" is not one that the mapping names")
      }
    }
    report.totals = counter.totals
    return report
  }
}

/// A JSON pointer (RFC 6901) from a node on.
private struct JSONPath: Sendable {
  private let names: [String]

  init(_ text: String) throws {
    guard text.isEmpty || text.hasPrefix("/") else {
      throw ReadingError("\"\(text)\" is no JSON pointer; it begins with \"/\"")
    }
    names = text.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map {
      String($0).replacing("~1", with: "/").replacing("~0", with: "~")
    }
  }

  private func find(in node: ReportNode) -> ReportNode? {
    var json = node.json
    for name in names {
      let next =
        json.isArray
        ? Int(name).flatMap { place in json.elements.enumerated().first { $0.0 == place }?.1 }
        : json.member(named: name)
      guard let next else { return nil }
      json = next
    }
    return json.isNull ? nil : ReportNode(json)
  }

  func node(in root: ReportNode) throws -> ReportNode {
    guard let node = find(in: root) else {
      throw root.error("there is nothing at /\(names.joined(separator: "/"))")
    }
    return node
  }

  /// A text, a number or a truth value as text; `nil` when nothing is there.
  func text(in node: ReportNode) throws -> String? {
    guard let found = find(in: node) else { return nil }
    if let text = found.json.string { return text.isEmpty ? nil : text }
    if let integer = found.json.integer { return String(integer) }
    if let number = found.json.number { return String(number) }
    if let bool = found.json.bool { return String(bool) }
    throw found.wrong("a text, a number or a truth value")
  }
}
