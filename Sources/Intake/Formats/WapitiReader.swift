import Model
import Reading

/// Reads Wapiti's JSON, of versions 3.0 and 3.1.
///
/// Before 3.1 the report does not say how many pages were looked at, so an empty one shows nothing
/// by itself: whoever runs the tool must know that it reached something.
struct WapitiReader {
  private var collector = FindingCollector(shownScopes: [.web])
  private var weaknesses: [String: [String]] = [:]

  static func read(_ root: ReportNode) throws -> IntakeReader.Parsed {
    var reader = WapitiReader()
    let infos = try root.member("infos")
    let target = try infos.requiredString("target")
    let pages = try infos.count("crawled_pages_nbr")
    if pages == 0 { throw infos.error("Wapiti reached no page of \(target): nothing was tested") }
    for kind in try root.member("classifications").members() {
      let references = try kind.value.optional("ref")?.members().map(\.name) ?? []
      reader.weaknesses[kind.name] = references.filter { $0.hasPrefix("CWE-") }
        .compactMap { $0.split(separator: ":").first.map(String.init) }
    }
    for list in [try root.member("vulnerabilities"), try root.member("anomalies")] {
      for kind in try list.members() {
        for row in try kind.value.elements() { try reader.add(row, kind.name) }
      }
    }
    let version = try infos.string("version").map {
      $0.split(separator: " ").last.map(String.init) ?? $0
    }
    var parsed = IntakeReader.Parsed(
      tools: [.init(name: "wapiti", version: version)],
      content: .findings(reader.collector.report),
      notes: pages == nil && reader.collector.report.rows.isEmpty
        ? ["The report lists nothing, and does not show what wapiti looked at."] : [])
    parsed.madeAt = try infos.string("date").flatMap(time)
    return parsed
  }

  private mutating func add(_ row: ReportNode, _ kind: String) throws {
    let severity: Severity
    switch try row.count("level") {
    case 0: severity = .none
    case 1: severity = .low
    case 2: severity = .medium
    case 3: severity = .high
    case 4: severity = .critical
    default: throw try row.member("level").error("expected a level from 0 to 4")
    }
    let parameter = try row.string("parameter") ?? ""
    let info = try row.requiredString("info")
    collector.add(
      Finding(
        rule: kind, severity: severity, title: FirstLine.of(info),
        file: try row.requiredString("path"), weaknesses: Weakness.ids(weaknesses[kind] ?? [])),
      .web, context: "\(try row.string("method") ?? "") \(parameter) \(info)")
  }

  /// `Mon, 23 Nov 2026 21:26:13 +0000`, as e-mail writes it (RFC 5322, section 3.3).
  private static func time(_ text: String) -> StatedTime? {
    let words = text.split(separator: " ")
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    guard words.count == 6, let month = months.firstIndex(of: String(words[2])) else { return nil }
    let day = words[1].count == 1 ? "0\(words[1])" : String(words[1])
    let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
    return StatedTime("\(words[3])-\(number)-\(day)T\(words[4])\(words[5])")
  }
}
