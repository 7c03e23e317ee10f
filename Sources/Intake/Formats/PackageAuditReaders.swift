import Model
import Reading

/// Reads OSV-Scanner's JSON. Each group of ids is one finding.
struct OSVScannerReader {
  private var collector = FindingCollector(shownScopes: [.vulnerability])

  static func read(_ root: ReportNode) throws -> IntakeReader.Parsed {
    var reader = OSVScannerReader()
    for result in try root.required("results") {
      let path = try result.optional("source")?.string("path")
      for package in try result.elements("packages") { try reader.add(package, path) }
    }
    return IntakeReader.Parsed(
      tools: [.init(name: "osv-scanner", version: nil)], content: .findings(reader.collector.report)
    )
  }

  private mutating func add(_ node: ReportNode, _ path: String?) throws {
    let package = try node.member("package")
    let name = try package.requiredString("name")
    let version = try package.string("version") ?? ""
    var known: [String: ReportNode] = [:]
    for row in try node.elements("vulnerabilities") {
      known[try row.requiredString("id")] = row
    }
    var covered: Set<String> = []
    for group in try node.elements("groups") {
      let ids = try group.strings("ids")
      covered.formUnion(ids)
      guard let id = ids.first else { throw group.error("a group without ids") }
      let score = try group.string("max_severity").flatMap { Double($0) }.flatMap(Score.tenths)
      collector.add(
        Finding(
          rule: id, severity: score.map(Score.severity) ?? .unknown,
          title: FirstLine.of(try known[id]?.string("summary") ?? "\(id) in \(name)"),
          cvssTenths: score, package: "\(name)@\(version)", file: path,
          aliases: VulnerabilityID.others(try group.strings("aliases") + ids, than: id)),
        .vulnerability)
    }
    if let lost = known.keys.filter({ !covered.contains($0) }).min() {
      throw node.error("the vulnerability \(lost) is in no group")
    }
  }
}

/// Reads npm's audit report, version 2.
enum NPMAuditReader {
  static func read(_ root: ReportNode) throws -> IntakeReader.Parsed {
    let packages = try root.member("vulnerabilities").members()
    let metadata = try root.member("metadata")
    if let stated = try metadata.member("vulnerabilities").count("total"), stated != packages.count
    {
      throw metadata.error(
        "it states \(stated) vulnerable packages, its rows say \(packages.count)")
    }
    let all = try metadata.optional("dependencies")?.count("total")
    guard all ?? 1 > 0 else { throw metadata.error("npm looked at no dependency") }
    var collector = FindingCollector(shownScopes: [.vulnerability])
    collector.report.componentsScanned = all
    for (name, package) in packages {
      // Packages that are only touched through another one name it by its bare name.
      for cause in try package.required("via") where cause.json.isObject {
        let url = try cause.string("url") ?? ""
        let id = url.split(separator: "/").last.map(String.init) ?? "npm-\(name)"
        let score = try cause.optional("cvss")?.score("score")
        collector.add(
          Finding(
            rule: id, severity: try cause.severity("severity"),
            title: try cause.string("title") ?? id, cvssTenths: score == 0 ? nil : score,
            package: "\(try cause.string("name") ?? name)@\(try cause.string("range") ?? "")",
            file: try package.strings("nodes").first,
            cvssVector: try cause.optional("cvss")?.string("vectorString"),
            weaknesses: Weakness.ids(try cause.strings("cwe"))), .vulnerability)
      }
    }
    return IntakeReader.Parsed(
      tools: [.init(name: "npm audit", version: nil)], content: .findings(collector.report))
  }
}

/// Reads pip-audit's JSON. It states no severity: it stays unknown.
enum PipAuditReader {
  static func read(_ root: ReportNode) throws -> IntakeReader.Parsed {
    var collector = FindingCollector(shownScopes: [.vulnerability])
    var notes: [String] = []
    var count = 0
    for package in try root.required("dependencies") {
      let name = try package.requiredString("name")
      if let reason = try package.string("skip_reason") {
        notes.append("pip-audit skipped \(name): \(reason)")
        continue
      }
      count += 1
      for row in try package.required("vulns") {
        let id = try row.requiredString("id")
        collector.add(
          Finding(
            rule: id, severity: .unknown,
            title: FirstLine.of(try row.string("description") ?? id),
            package: "pkg:pypi/\(name)@\(try package.requiredString("version"))",
            fixedVersion: try row.strings("fix_versions").first,
            aliases: VulnerabilityID.others(try row.strings("aliases"), than: id)), .vulnerability)
      }
    }
    guard count > 0 else { throw root.error("pip-audit looked at no package") }
    collector.report.componentsScanned = count
    return IntakeReader.Parsed(
      tools: [.init(name: "pip-audit", version: nil)], content: .findings(collector.report),
      notes: notes)
  }
}
