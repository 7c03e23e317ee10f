import Model
import Reading

/// Reads Nessus' XML, version 2, host by host.
struct NessusReader {
  private var collector = FindingCollector(shownScopes: [.vulnerability])
  private var counter = CheckCounter()
  private var notes: [String] = []
  private var host: String?
  private var hosts = 0
  private var hasEnd = false
  private var madeAt: StatedTime?

  static func read(_ stream: inout XMLStream) throws -> IntakeReader.Parsed {
    var reader = NessusReader()
    while let event = try stream.next() {
      switch event {
      case .start(let name, let attributes):
        try reader.begin(.init(name: name, attributes: attributes), &stream)
      case .end("ReportHost"):
        guard reader.hasEnd else {
          throw stream.error("the scan of \(reader.host ?? "") did not end: it has no HOST_END")
        }
        reader.host = nil
      default: break
      }
    }
    guard reader.hosts > 0 else { throw ReadingError("it holds no host: nothing was scanned") }
    if reader.counter.totals.all > 0 { reader.collector.report.checks = reader.counter.totals }
    var parsed = IntakeReader.Parsed(
      tools: [.init(name: "nessus", version: nil)], content: .findings(reader.collector.report),
      notes: reader.notes)
    parsed.madeAt = reader.madeAt
    return parsed
  }

  private mutating func begin(_ start: XMLStream.Start, _ stream: inout XMLStream) throws {
    switch start.name {
    case "Policy": _ = try stream.element(start)
    case "ReportHost":
      guard let name = start["name"] else { throw stream.error("a host without a name") }
      host = name
      hosts += 1
      hasEnd = false
    case "HostProperties":
      for tag in try stream.element(start).children("tag") where tag["name"] == "HOST_END" {
        hasEnd = tag.trimmed != nil
      }
    case "ReportItem":
      guard let host else { throw stream.error("an item outside of a host") }
      do {
        try add(try stream.element(start), host)
      } catch let error as ReadingError where error.position == nil {
        throw stream.error(error.message)
      }
    default: break
    }
  }

  private static let severities: [String: Severity] = [
    "0": .none, "1": .low, "2": .medium, "3": .high, "4": .critical,
  ]

  private mutating func add(_ item: XMLTree, _ host: String) throws {
    guard let plugin = item["pluginID"] else { throw ReadingError("an item without a plugin's id") }
    guard let severity = item["severity"].flatMap({ Self.severities[$0] }) else {
      throw ReadingError("\"\(item["severity"] ?? "")\" is no severity of Nessus'")
    }
    let cves = item.children("cve").compactMap(\.trimmed)
    let score = (item.value("cvss3_base_score") ?? item.value("cvss_base_score"))
      .flatMap { Double($0) }.flatMap(Score.tenths)
    let port = item["port"].flatMap { $0 == "0" ? nil : ":\($0)" } ?? ""
    let finding = Finding(
      rule: plugin, severity: severity,
      title: FirstLine.of(item["pluginName"] ?? item.value("plugin_name") ?? plugin),
      cvssTenths: score, file: "\(host)\(port)",
      cvssVector: item.value("cvss3_vector") ?? item.value("cvss_vector"),
      aliases: VulnerabilityID.others(cves, than: plugin),
      weaknesses: Weakness.ids(item.children("cwe").compactMap(\.trimmed)))
    guard let result = item.value("compliance-result") else {
      return collector.add(finding, .vulnerability, context: item["protocol"] ?? "")
    }
    let check = item.value("compliance-check-name") ?? plugin
    switch result {
    case "PASSED": counter.passed += 1
    case "FAILED":
      counter.failed += 1
      collector.add(finding, .misconfiguration, context: check)
    case "WARNING", "SKIPPED": counter.skipped += 1
    case "ERROR":
      counter.errors += 1
      collector.add(finding, .misconfiguration, context: check)
    default: throw ReadingError("\"\(result)\" is no result of a compliance check")
    }
  }
}
