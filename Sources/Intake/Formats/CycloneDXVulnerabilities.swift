import Model
import Reading

/// Reads the vulnerabilities of a CycloneDX document: with an analysis they are what somebody says
/// (VEX), without one they are findings.
struct CycloneDXVulnerabilities {
  private var collector = FindingCollector(shownScopes: [.vulnerability])
  private var statements: [VEXStatement] = []
  private var names: [String: String] = [:]
  private let author: String?

  static func read(_ root: ReportNode) throws -> [IntakeReport.Content] {
    let metadata = try root.optional("metadata")
    let author =
      try metadata?.elements("authors").first?.string("name")
      ?? metadata?.optional("supplier")?.string("name")
      ?? metadata?.optional("manufacturer")?.string("name")
      ?? metadata?.optional("manufacture")?.string("name")
    var reader = CycloneDXVulnerabilities(author: author)
    if let component = try metadata?.optional("component") { try reader.addName(component) }
    for component in try root.elements("components") { try reader.addName(component) }
    let time = try metadata?.instant("timestamp")
    for row in try root.elements("vulnerabilities") { try reader.add(row, time) }
    var contents: [IntakeReport.Content] = []
    if !reader.statements.isEmpty { contents.append(.exploitability(reader.statements)) }
    if !reader.collector.report.rows.isEmpty {
      contents.append(.findings(reader.collector.report))
    }
    return contents
  }

  private init(author: String?) { self.author = author }

  private mutating func addName(_ component: ReportNode) throws {
    if let reference = try component.string("bom-ref") {
      let version = try component.string("version").map { "@\($0)" } ?? ""
      names[reference] =
        try component.string("purl") ?? "\(component.requiredString("name"))\(version)"
    }
    for inner in try component.elements("components") { try addName(inner) }
  }

  private mutating func add(_ row: ReportNode, _ time: Instant?) throws {
    let id = try row.requiredString("id")
    let products = try row.elements("affects").map { affected in
      let reference = try affected.requiredString("ref")
      return names[reference] ?? reference
    }
    let aliases = VulnerabilityID.others(
      try row.elements("references").compactMap { try $0.string("id") }, than: id)
    guard let analysis = try row.optional("analysis"), analysis.has("state") else {
      for product in products.isEmpty ? [""] : products {
        collector.add(try finding(row, id, product, aliases), .vulnerability)
      }
      return
    }
    let state = try analysis.requiredString("state")
    let status: VEXStatement.Status
    switch state {
    case "not_affected", "false_positive": status = .notAffected
    case "exploitable": status = .affected
    case "in_triage": status = .underInvestigation
    case "resolved", "resolved_with_pedigree": status = .fixed
    default: throw try analysis.member("state").error("\"\(state)\" is no state of CycloneDX")
    }
    statements.append(
      VEXStatement(
        vulnerability: id, aliases: aliases, products: products, status: status,
        justification: try analysis.string("justification"),
        statement: try analysis.string("detail"), author: author,
        timestamp: try analysis.instant("lastUpdated") ?? row.instant("updated") ?? time))
  }

  private func finding(
    _ row: ReportNode, _ id: String, _ product: String, _ aliases: [String]?
  ) throws -> Finding {
    var severity = Severity.unknown
    var score: (tenths: Int, vector: String?)?
    for rating in try row.elements("ratings") {
      severity = max(severity, try rating.severity("severity"))
      let method = try rating.string("method") ?? ""
      guard method.isEmpty || method.hasPrefix("CVSS"),
        let number = try rating.optional("score")?.json.number,
        let tenths = Score.tenths(number), tenths > score?.tenths ?? -1
      else { continue }
      score = (tenths, try rating.string("vector"))
    }
    let weaknesses = try row.elements("cwes").compactMap { $0.json.integer.map { "\($0)" } }
    return Finding(
      rule: id, severity: severity,
      title: FirstLine.of(try row.string("description") ?? id), cvssTenths: score?.tenths,
      package: product.isEmpty ? nil : product, cvssVector: score?.vector, aliases: aliases,
      weaknesses: Weakness.ids(weaknesses))
  }
}
