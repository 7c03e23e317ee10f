import Model
import Reading

/// Reads SPDX 3.0 as JSON-LD, serialised as one `@graph`.
enum SPDX3Reader {
  /// Whether the context is SPDX's, alone or beside others.
  static func isContext(_ root: ReportNode) -> Bool {
    guard let context = root.json.member("@context") else { return false }
    let names = [context.string] + context.elements.map(\.string)
    return names.contains { $0?.hasPrefix("https://spdx.org/rdf/3.") ?? false }
  }

  static func read(_ root: ReportNode) throws -> IntakeReader.Parsed {
    var ids: Set<String> = []
    var components: [Component] = []
    var hasDocument = false
    var madeAt: StatedTime?
    var tools: [IntakeReport.Tool] = []
    for element in try root.required("@graph") {
      let type = try element.string("type") ?? element.requiredString("@type")
      if let id = try element.string("spdxId"), !ids.insert(id).inserted {
        throw element.error("the spdxId \(id) stands twice")
      }
      switch type {
      case "SpdxDocument":
        hasDocument = true
        _ = try element.requiredString("spdxId")
      case "CreationInfo":
        let version = try element.requiredString("specVersion")
        guard version.hasPrefix("3.") else {
          throw try element.member("specVersion").error("expected SPDX 3, found \(version)")
        }
        madeAt = try element.time("created") ?? madeAt
      case "Tool": tools.append(.init(name: try element.requiredString("name"), version: nil))
      case "software_Package":
        _ = try element.requiredString("spdxId")
        components.append(
          Component(
            name: try element.requiredString("name"),
            version: try element.string("software_packageVersion") ?? "",
            packageURL: try packageURL(element)))
      default: break
      }
    }
    guard hasDocument else { throw root.error("the graph holds no SpdxDocument") }
    guard !components.isEmpty else {
      throw root.error("the inventory holds no package: nothing was looked at")
    }
    var parsed = IntakeReader.Parsed(tools: tools, content: .components(components))
    parsed.madeAt = madeAt
    return parsed
  }

  private static func packageURL(_ element: ReportNode) throws -> String? {
    if let url = try element.string("software_packageUrl") { return url }
    for identifier in try element.elements("externalIdentifier")
    where try identifier.string("externalIdentifierType") == "packageUrl" {
      return try identifier.string("identifier")
    }
    return nil
  }
}
