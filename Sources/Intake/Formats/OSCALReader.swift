import Model
import Reading

/// Reads OSCAL 1.x in JSON, as far as it says something of a system; other documents are recognised
/// and kept.
enum OSCALReader {
  static func assessmentResults(_ root: ReportNode) throws -> IntakeReader.Parsed {
    let body = try checked(root, "assessment-results")
    var collector = FindingCollector(shownScopes: [.misconfiguration])
    var counter = CheckCounter()
    let results = try body.required("results")
    guard !results.isEmpty else { throw body.error("it holds no result: nothing was assessed") }
    var madeAt: StatedTime?
    for result in results {
      madeAt = try result.time("end") ?? result.time("start") ?? madeAt
      for finding in try result.elements("findings") {
        let target = try finding.member("target")
        let state = try target.member("status").requiredString("state")
        switch state {
        case "satisfied": counter.passed += 1
        case "not-satisfied":
          counter.failed += 1
          let id = try target.requiredString("target-id")
          collector.add(
            Finding(
              rule: id, severity: .unknown,
              title: FirstLine.of(try finding.string("title") ?? id)), .misconfiguration)
        default: throw target.error("\"\(state)\" is no state of an objective")
        }
      }
    }
    collector.report.checks = counter.totals
    var parsed = IntakeReader.Parsed(
      content: .findings(collector.report),
      notes: counter.totals.all == 0
        ? ["The results hold observations and no finding: no objective was judged."] : [])
    parsed.madeAt = try madeAt ?? body.member("metadata").time("last-modified")
    return parsed
  }

  static func planOfAction(_ root: ReportNode) throws -> IntakeReader.Parsed {
    let body = try checked(root, "plan-of-action-and-milestones")
    var collector = FindingCollector(shownScopes: [.misconfiguration])
    let items = try body.required("poam-items")
    guard !items.isEmpty else { throw body.error("it holds no item") }
    for item in items {
      let title = try item.requiredString("title")
      collector.add(
        Finding(
          rule: try item.string("uuid") ?? title, severity: .unknown, title: FirstLine.of(title)),
        .misconfiguration)
    }
    return IntakeReader.Parsed(content: .findings(collector.report))
  }

  /// A document that says what is to be done, or what something can do.
  static func document(_ root: ReportNode, _ name: StaticString) throws -> IntakeReader.Parsed {
    let body = try checked(root, name)
    let metadata = try body.member("metadata")
    return IntakeReader.Parsed(
      content: .document(
        DocumentTitle(
          sort: "\(name)", title: try metadata.requiredString("title"),
          version: try metadata.string("version"))))
  }

  /// What every OSCAL document must have: metadata with title, version and OSCAL's version, and a
  /// different UUID for each thing.
  private static func checked(_ root: ReportNode, _ name: StaticString) throws -> ReportNode {
    let body = try root.member(name)
    _ = try body.requiredString("uuid")
    let metadata = try body.member("metadata")
    _ = try metadata.requiredString("title")
    _ = try metadata.requiredString("last-modified")
    let version = try metadata.requiredString("oscal-version")
    guard version.hasPrefix("1.") else {
      throw try metadata.member("oscal-version").error("expected OSCAL 1, found \(version)")
    }
    var seen: Set<String> = []
    try checkIDs(root, &seen)
    return body
  }

  private static func checkIDs(_ node: ReportNode, _ seen: inout Set<String>) throws {
    if node.json.isArray {
      for element in try node.elements() { try checkIDs(element, &seen) }
    } else if node.json.isObject {
      if let id = try node.string("uuid"), !seen.insert(id.lowercased()).inserted {
        throw try node.member("uuid").error("the UUID \(id) stands twice in the document")
      }
      for member in try node.members() { try checkIDs(member.value, &seen) }
    }
  }
}
