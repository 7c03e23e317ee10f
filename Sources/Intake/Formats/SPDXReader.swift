import Model
import Reading

/// Reads SPDX 2.2 and 2.3 as JSON.
enum SPDXReader {
  static func read(_ root: ReportNode) throws -> IntakeReader.Parsed {
    let version = try root.requiredString("spdxVersion")
    guard ["SPDX-2.2", "SPDX-2.3"].contains(version) else {
      throw try root.member("spdxVersion").error("expected SPDX 2.2 or 2.3, found \(version)")
    }
    guard try root.requiredString("SPDXID").isSame(as: "SPDXRef-DOCUMENT") else {
      throw try root.member("SPDXID").error("expected \"SPDXRef-DOCUMENT\"")
    }
    _ = try root.requiredString("name")
    let creation = try root.member("creationInfo")
    var ids: Set<String> = ["SPDXRef-DOCUMENT"]
    let list = try root.optional("packages")
    var components: [Component] = []
    var pool = TextPool()
    for package in try list?.elements() ?? ReportElements(nil) {
      let id = try package.requiredString("SPDXID")
      guard ids.insert(id).inserted else { throw package.error("the SPDXID \(id) stands twice") }
      components.append(
        Component(
          name: try package.requiredString("name"),
          version: try package.string("versionInfo", &pool) ?? "",
          packageURL: try packageURL(package)))
    }
    guard !components.isEmpty else {
      throw root.error("the inventory holds no package: nothing was looked at")
    }
    for file in try root.elements("files") { ids.insert(try file.requiredString("SPDXID")) }
    for snippet in try root.elements("snippets") {
      ids.insert(try snippet.requiredString("SPDXID"))
    }
    try checkRelationships(root, ids)
    var parsed = IntakeReader.Parsed(
      tools: SPDXTools.named(try creation.strings("creators")), content: .components(components))
    parsed.madeAt = try creation.time("created")
    return parsed
  }

  private static func packageURL(_ package: ReportNode) throws -> String? {
    for reference in try package.elements("externalRefs")
    where try reference.string("referenceType")?.hasSuffix("purl") == true {
      return try reference.string("referenceLocator")
    }
    return nil
  }

  /// What is related must be there: a package that was cut out would leave its relationship behind.
  private static func checkRelationships(_ root: ReportNode, _ ids: Set<String>) throws {
    for relationship in try root.elements("relationships") {
      for name: StaticString in ["spdxElementId", "relatedSpdxElement"] {
        let id = try relationship.requiredString(name)
        guard id.hasPrefix("SPDXRef-"), !ids.contains(id) else { continue }
        throw relationship.error("it names \(id), which the document does not hold")
      }
    }
  }
}

/// The tools among the creators of an SPDX document.
enum SPDXTools {
  static func named(_ creators: [String]) -> [IntakeReport.Tool] {
    creators.compactMap { creator in
      guard creator.hasPrefix("Tool:") else { return nil }
      let name = creator.dropFirst(5).drop { $0 == " " }
      guard let dash = name.lastIndex(of: "-"),
        name[name.index(after: dash)...].first?.isNumber
          == true
      else { return .init(name: String(name), version: nil) }
      return .init(name: String(name[..<dash]), version: String(name[name.index(after: dash)...]))
    }
  }
}
