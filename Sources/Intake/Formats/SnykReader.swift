import Model
import Reading

/// Reads Snyk's JSON of open source and containers: one project, or a list of them.
enum SnykReader {
  static func read(_ root: ReportNode) throws -> IntakeReader.Parsed {
    let projects = root.json.isArray ? try root.elements().map { $0 } : [root]
    guard !projects.isEmpty else { throw root.error("it holds no project: nothing was tested") }
    var collector = FindingCollector(shownScopes: [.vulnerability])
    var notes: [String] = []
    var components = 0
    for project in projects {
      if let complaint = try project.string("error") {
        throw project.error("Snyk says that it could not test: \(FirstLine.of(complaint))")
      }
      components += try add(project, to: &collector, &notes)
    }
    guard components > 0 else {
      throw root.error("Snyk looked at no dependency: nothing was tested")
    }
    collector.report.componentsScanned = components
    return IntakeReader.Parsed(
      tools: [.init(name: "snyk", version: nil)], content: .findings(collector.report),
      notes: notes)
  }

  private static func add(
    _ project: ReportNode, to collector: inout FindingCollector, _ notes: inout [String]
  ) throws -> Int {
    let manager = try project.string("packageManager") ?? ""
    var seen: Set<String> = []
    var ids: Set<String> = []
    var rows = 0
    for row in try project.required("vulnerabilities") {
      rows += 1
      let finding = try finding(row, manager, &collector)
      ids.insert(finding.rule)
      // Each way through the dependencies is a row of its own.
      guard seen.insert("\(finding.rule) \(finding.package ?? "")").inserted else { continue }
      let isLicense = try row.string("type") == "license"
      collector.add(finding, isLicense ? .license : .vulnerability)
    }
    let ok = try project.member("ok")
    guard let isOK = ok.json.bool else { throw ok.wrong("true or false") }
    if isOK, rows > 0 {
      throw ok.error("it says \"ok\", its rows say \(rows) vulnerable paths")
    }
    if let stated = try project.count("uniqueCount"), stated != ids.count {
      throw try project.member("uniqueCount").error(
        "it states \(stated) different issues, its rows say \(ids.count)")
    }
    let ignored = try project.optional("filtered")?.elements("ignore") ?? ReportElements(nil)
    for row in ignored {
      let finding = try finding(row, manager, &collector)
      collector.suppress(finding, .vulnerability)
      notes.append("Snyk ignored \(finding.rule) by its policy.")
    }
    return try project.count("dependencyCount") ?? (rows > 0 ? 1 : 0)
  }

  private static func finding(
    _ row: ReportNode, _ manager: String, _ collector: inout FindingCollector
  ) throws -> Finding {
    let id = try row.requiredString("id")
    let name = try row.string("packageName") ?? row.requiredString("name")
    let version = try row.string("version") ?? ""
    let identifiers = try row.optional("identifiers")
    let aliases = try (identifiers?.strings("CVE") ?? []) + (identifiers?.strings("GHSA") ?? [])
    return Finding(
      rule: id, severity: try row.severity("severity"), title: try row.string("title") ?? id,
      cvssTenths: try row.score("cvssScore"), package: packageURL(manager, name, version),
      fixedVersion: try row.strings("fixedIn").first,
      file: try row.string("displayTargetFile", &collector.pool),
      cvssVector: try row.string("CVSSv3"), aliases: VulnerabilityID.others(aliases, than: id),
      weaknesses: Weakness.ids(try identifiers?.strings("CWE") ?? []))
  }

  private static func packageURL(_ manager: String, _ name: String, _ version: String) -> String {
    let type: String? =
      switch manager {
      case "npm", "yarn", "pnpm": "npm"
      case "pip", "poetry", "pipenv": "pypi"
      case "maven", "gradle", "sbt": "maven"
      case "gomodules", "golangdep": "golang"
      case "rubygems": "gem"
      case "nuget", "paket": "nuget"
      case "composer": "composer"
      case "cargo": "cargo"
      case "swift": "swift"
      case "deb", "rpm", "apk": manager
      default: nil
      }
    guard let type else { return "\(name)@\(version)" }
    let path = type == "maven" ? name.replacing(":", with: "/") : name
    return "pkg:\(type)/\(path)@\(version)"
  }
}
