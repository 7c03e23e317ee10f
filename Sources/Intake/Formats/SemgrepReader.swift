import Model
import Reading

/// Reads Semgrep's JSON.
struct SemgrepReader {
  private var collector = FindingCollector(shownScopes: [.code])
  private var notes: [String] = []

  static func read(_ root: ReportNode) throws -> IntakeReader.Parsed {
    let scanned = try root.member("paths").required("scanned")
    guard !scanned.isEmpty else {
      throw try root.member("paths").error("Semgrep scanned no file: nothing was looked at")
    }
    var reader = SemgrepReader()
    for row in try root.required("results") { try reader.add(row) }
    for error in try root.required("errors") {
      let level = try error.string("level") ?? "error"
      let place = try error.string("path").map { " in \($0)" } ?? ""
      reader.notes.append(
        "Semgrep reports \(level == "warn" ? "a warning" : "an error") of its own\(place): "
          + FirstLine.of(try error.string("message") ?? "no message"))
    }
    return IntakeReader.Parsed(
      tools: [.init(name: "semgrep", version: try root.string("version"))],
      content: .findings(reader.collector.report), notes: reader.notes)
  }

  private mutating func add(_ row: ReportNode) throws {
    let extra = try row.member("extra")
    let metadata = try extra.optional("metadata")
    let rule = try row.requiredString("check_id")
    let finding = Finding(
      rule: rule, severity: try Self.severity(extra),
      title: FirstLine.of(try extra.string("message") ?? rule),
      fixedVersion: nil, file: try row.requiredString("path"),
      line: try row.member("start").line("line"),
      weaknesses: Weakness.ids(try metadata?.strings("cwe") ?? []))
    // Without an account Semgrep writes these words where the code would stand.
    let lines = try extra.string("lines").flatMap { $0 == "requires login" ? nil : $0 }
    let mark = try extra.string("fingerprint").flatMap { $0 == "requires login" ? nil : $0 }
    let context = (lines ?? mark)?.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    if try extra.bool("is_ignored") ?? false {
      collector.suppress(finding, .code, context: context)
      notes.append("Semgrep ignored a finding of \(rule), as a comment in the code asks.")
    } else {
      collector.add(finding, .code, context: context)
    }
  }

  private static func severity(_ extra: ReportNode) throws -> Severity {
    switch try extra.string("severity") {
    case "INVENTORY": .none
    case "EXPERIMENT": .unknown
    default: try extra.severity("severity")
    }
  }
}
