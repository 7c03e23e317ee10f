import Model
import Reading

/// Reads CycloneDX JSON, versions 1.4 to 1.7, as an inventory.
enum CycloneDXReader {
  private static let versions = ["1.4", "1.5", "1.6", "1.7"]

  static func read(
    _ root: ReportNode, _ subject: ExpectedSubject?
  ) throws -> IntakeReader.Parsed {
    let format = try root.member("bomFormat")
    guard try format.string().utf8.elementsEqual("CycloneDX".utf8) else {
      throw format.error("expected \"CycloneDX\"")
    }
    let version = try root.requiredString("specVersion")
    guard versions.contains(version) else {
      throw try root.member("specVersion").error("expected CycloneDX 1.4 to 1.7, found \(version)")
    }
    if let subject { try check(root, subject) }
    guard let list = try root.optional("components") else {
      throw root.error("\"components\" is missing: this is no inventory")
    }
    var components: [Component] = []
    var references: Set<[UInt8]> = []
    try add(list, to: &components, &references)
    guard !components.isEmpty else {
      throw list.error("the inventory is empty: nothing was looked at")
    }
    var parsed = IntakeReader.Parsed(
      tools: try tools(root), content: .components(components), notes: try notes(root))
    parsed.madeAt = try root.optional("metadata")?.time("timestamp")
    parsed.subjects = try subjects(root)
    if root.has("vulnerabilities") {
      parsed.contents += try CycloneDXVulnerabilities.read(root)
    }
    return parsed
  }

  /// Whether it holds vulnerabilities and no component: what somebody says of a product.
  static func isVEX(_ root: ReportNode) -> Bool {
    guard root.has("bomFormat"), let list = root.json.member("vulnerabilities"),
      !list.elements.isEmpty
    else { return false }
    return root.json.member("components")?.elements.isEmpty ?? true
  }

  /// Reads a document that holds vulnerabilities and no component.
  static func readVEX(_ root: ReportNode) throws -> IntakeReader.Parsed {
    let version = try root.requiredString("specVersion")
    guard versions.contains(version) else {
      throw try root.member("specVersion").error("expected CycloneDX 1.4 to 1.7, found \(version)")
    }
    var parsed = IntakeReader.Parsed(tools: try tools(root))
    parsed.contents = try CycloneDXVulnerabilities.read(root)
    parsed.madeAt = try root.optional("metadata")?.time("timestamp")
    return parsed
  }

  private static func subjects(_ root: ReportNode) throws -> [StatedSubject] {
    guard let component = try root.optional("metadata")?.optional("component") else { return [] }
    var subjects: [StatedSubject] = []
    for property in try component.elements("properties") {
      guard let value = try property.string("value") else { continue }
      switch try property.string("name") {
      case "aquasecurity:trivy:ImageID": subjects.append(.init(.imageConfig, value))
      case "aquasecurity:trivy:RepoDigest":
        guard let digest = value.split(separator: "@").last else { continue }
        subjects.append(.init(.imageManifest, String(digest)))
      default: break
      }
    }
    for hash in try component.elements("hashes") {
      guard let value = try hash.string("content") else { continue }
      switch try hash.string("alg") {
      case "SHA-256": subjects.append(.init(.artifact, "sha256:\(value.lowercased())"))
      case "SHA-512": subjects.append(.init(.artifact, "sha512:\(value.lowercased())"))
      default: break
      }
    }
    return subjects
  }

  private static func add(
    _ list: ReportNode, to components: inout [Component], _ references: inout Set<[UInt8]>
  ) throws {
    for node in try list.elements() {
      _ = try node.requiredString("type")
      if let reference = try node.string("bom-ref"),
        !references.insert(Array(reference.utf8)).inserted
      {
        throw node.error("the bom-ref \"\(reference)\" stands twice")
      }
      let group = try node.string("group")
      let name = try node.requiredString("name")
      components.append(
        Component(
          name: group.map { "\($0)/\(name)" } ?? name, version: try node.string("version") ?? "",
          packageURL: try node.string("purl")))
      if let inner = try node.optional("components") {
        try add(inner, to: &components, &references)
      }
    }
  }

  /// The tools, in the form of 1.4 (an array) or of 1.5 and later (an object).
  private static func tools(_ root: ReportNode) throws -> [IntakeReport.Tool] {
    guard let tools = try root.optional("metadata")?.optional("tools") else { return [] }
    let list: [ReportNode]
    if tools.json.isArray {
      list = try tools.elements().map { $0 }
    } else {
      list =
        try tools.elements("components").map { $0 } + tools.elements("services").map { $0 }
    }
    return try list.map {
      .init(name: try $0.requiredString("name"), version: try $0.string("version"))
    }
  }

  private static func notes(_ root: ReportNode) throws -> [String] {
    try root.elements("compositions").compactMap { composition in
      let aggregate = try composition.requiredString("aggregate")
      return aggregate.hasPrefix("incomplete")
        ? "The inventory says of itself that a part of it is \(aggregate)." : nil
    }
  }

  /// The image stands in Trivy's properties, or as the version in a package URL.
  private static func check(_ root: ReportNode, _ subject: ExpectedSubject) throws {
    let component = try root.member("metadata").member("component")
    let properties = try component.elements("properties")
    let images = try properties.filter { try $0.string("name") == "aquasecurity:trivy:ImageID" }
    guard !images.isEmpty else {
      throw component.error("the inventory does not say which image it is about")
    }
    for image in images
    where try !(image.string("value") ?? "").utf8.elementsEqual(
      subject.imageConfig.description.utf8)
    {
      throw image.error("the inventory is about another image; expected \(subject.imageConfig)")
    }
    guard let manifest = subject.imageManifest else { return }
    let digests = try properties.filter {
      try $0.string("name") == "aquasecurity:trivy:RepoDigest"
    }.map { try $0.string("value") ?? "" }
    guard digests.isEmpty || digests.contains(where: { $0.hasSuffix("@\(manifest)") }) else {
      throw component.error("the inventory names other manifests; expected \(manifest)")
    }
  }
}
