import Model
import Reading

/// Rows of Trivy's report as findings.
enum TrivyRows {
  static func vulnerability(_ row: ReportNode, _ target: String) throws -> Finding {
    let name = try row.requiredString("PkgName")
    let installed = try row.string("InstalledVersion") ?? ""
    let id = try row.requiredString("VulnerabilityID")
    return Finding(
      rule: id, severity: try severity(row),
      title: try row.string("Title") ?? row.string("Description").map(firstLine) ?? id,
      cvssTenths: try score(row),
      package: try row.optional("PkgIdentifier")?.string("PURL") ?? "\(name)@\(installed)",
      fixedVersion: try row.string("FixedVersion"),
      file: try row.string("PkgPath") ?? target)
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

  /// The highest CVSS base score that any source gave, versions 3 and 4.
  private static func score(_ row: ReportNode) throws -> Int? {
    guard let scores = try row.optional("CVSS")?.value.object else { return nil }
    return scores.members.flatMap { source in
      ["V3Score", "V40Score"].compactMap { source.value[$0]?.number }
    }.compactMap(Score.tenths).max()
  }

  private static func firstLine(_ text: String) -> String {
    String(text.split(whereSeparator: \.isNewline).first ?? "")
  }
}
