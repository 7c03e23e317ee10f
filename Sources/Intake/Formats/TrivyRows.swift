import Model
import Reading

/// Rows of Trivy's report as findings.
enum TrivyRows {
  static func vulnerability(
    _ row: ReportNode, _ target: String, _ pool: inout TextPool
  ) throws -> Finding {
    let name = try row.requiredString("PkgName")
    let id = try row.requiredString("VulnerabilityID")
    let score = try score(row)
    let package = try row.optional("PkgIdentifier")?.string("PURL", &pool)
    return Finding(
      rule: id, severity: try severity(row),
      title: try row.string("Title", &pool)
        ?? row.string("Description").map(FirstLine.of) ?? id,
      cvssTenths: score?.tenths,
      package: try package ?? "\(name)@\(row.string("InstalledVersion") ?? "")",
      fixedVersion: try row.string("FixedVersion"),
      file: try row.string("PkgPath", &pool) ?? target,
      cvssVector: score?.vector?.json.string(in: &pool),
      aliases: VulnerabilityID.others(try row.strings("VendorIDs"), than: id),
      weaknesses: Weakness.ids(try row.strings("CweIDs")),
      published: try row.instant("PublishedDate"))
  }

  /// A failed check; `nil` for one that passed or that an exception lets pass.
  static func misconfiguration(_ row: ReportNode, _ target: String) throws -> Finding? {
    let status = try row.member("Status")
    switch try status.string() {
    case "FAIL": break
    case "PASS", "EXCEPTION": return nil
    case let other: throw status.error("\"\(other)\" is no status of a check")
    }
    let id = try row.string("ID") ?? row.requiredString("AVDID")
    return Finding(
      rule: id, severity: try severity(row),
      title: try row.string("Message") ?? row.string("Title") ?? id, file: target,
      line: try row.optional("CauseMetadata")?.count("StartLine"))
  }

  /// A secret: its rule and place. What matched is left out, masked or not.
  static func secret(_ row: ReportNode, _ target: String) throws -> Finding {
    let id = try row.requiredString("RuleID")
    return Finding(
      rule: id, severity: try severity(row), title: try row.string("Title") ?? id, file: target,
      line: try row.count("StartLine"))
  }

  static func license(_ row: ReportNode) throws -> Finding {
    let name = try row.requiredString("Name")
    return Finding(
      rule: name, severity: try severity(row),
      title: "\(name) (\(try row.string("Category") ?? "no category"))",
      package: try row.string("PkgName"), file: try row.string("FilePath"))
  }

  static func severity(_ row: ReportNode) throws -> Severity {
    guard let text = try row.string("Severity") else { return .unknown }
    switch text {
    case "UNKNOWN": return .unknown
    case "LOW": return .low
    case "MEDIUM": return .medium
    case "HIGH": return .high
    case "CRITICAL": return .critical
    default: throw try row.member("Severity").error("\"\(text)\" is no severity of Trivy's")
    }
  }

  /// The highest CVSS base score that any source gave, versions 3 and 4, and its vector.
  private static func score(_ row: ReportNode) throws -> (tenths: Int, vector: ReportNode?)? {
    guard let scores = try row.optional("CVSS"), scores.json.isObject else { return nil }
    var best: (tenths: Int, vector: ReportNode?)?
    for source in scores.json.members {
      let forms: [(StaticString, StaticString)] = [
        ("V3Score", "V3Vector"), ("V40Score", "V40Vector"),
      ]
      for (score, vector) in forms {
        guard let tenths = source.value.member(score)?.number.flatMap(Score.tenths),
          tenths > best?.tenths ?? -1
        else { continue }
        best = (tenths, source.value.member(vector).map(ReportNode.init))
      }
    }
    return best
  }
}
