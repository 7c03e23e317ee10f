import Reading

/// Bills of materials in CycloneDX's JSON: written for what was found, read where advisories must
/// know a distribution's source packages.
extension Inventory {
  /// The inventory as CycloneDX 1.5.
  public func cycloneDX() throws -> [UInt8] {
    var seen: Set<String> = []
    let components = packages.filter { seen.insert($0.label).inserted }.map {
      package -> JSONValue in
      .object([
        "type": .string("library"), "name": .string(Self.name(package)),
        "version": .string(package.version),
        "purl": .string(package.label), "bom-ref": .string(package.label),
      ])
    }
    return try CanonicalJSON.write(
      JSONValue.object([
        "bomFormat": .string("CycloneDX"), "specVersion": .string("1.5"), "version": .integer(1),
        "components": .array(components),
      ]))
  }

  private static func name(_ package: InventoryPackage) -> String {
    let path = package.label.dropFirst(4).prefix { $0 != "?" }
    guard let at = path.lastIndex(of: "@"), let slash = path[..<at].firstIndex(of: "/") else {
      return package.name
    }
    return PackageURL.decode(path[path.index(after: slash)..<at])
  }

  /// Reads the packages of a CycloneDX document. Trivy's properties and the qualifier `upstream` name
  /// the source packages.
  ///
  /// - Returns: the inventory, and how many components no advisory could speak of: those without a
  ///   package URL of a known type, with a version.
  /// - Throws: `ReadingError`.
  public static func cycloneDX(
    _ bytes: [UInt8]
  ) throws -> (inventory: Inventory, without: Int) {
    let root = try JSONDocument.read(bytes).root
    guard root.isObject, root.member("bomFormat")?.string == "CycloneDX" else {
      throw root.fault("expected a CycloneDX document")
    }
    var packages: [InventoryPackage] = []
    var without = 0
    try collect(root, &packages, &without, depth: 0)
    return (Inventory(packages), without)
  }

  private static func collect(
    _ node: JSONNode, _ packages: inout [InventoryPackage], _ without: inout Int, depth: Int
  ) throws {
    guard depth < 64 else { throw node.fault("components lie too deep in each other") }
    for component in try node.list("components") {
      var properties: [String: String] = [:]
      for property in try component.list("properties") {
        if let name = try property.text("name"), let value = try property.text("value") {
          properties[name] = value
        }
      }
      if let purl = try component.text("purl"),
        let package = InventoryPackage(packageURL: purl, source: source(properties))
      {
        packages.append(package)
      } else if !["operating-system", "application", "file"].contains(try component.text("type")) {
        without += 1
      }
      try collect(component, &packages, &without, depth: depth + 1)
    }
  }

  private static func source(_ properties: [String: String]) -> (name: String, version: String)? {
    let prefix = "aquasecurity:trivy:Src"
    guard let name = properties[prefix + "Name"], let version = properties[prefix + "Version"]
    else {
      return nil
    }
    let epoch = properties[prefix + "Epoch"].flatMap { $0 == "0" ? nil : "\($0):" } ?? ""
    let release = properties[prefix + "Release"].map { "-\($0)" } ?? ""
    return (name, epoch + version + release)
  }
}
