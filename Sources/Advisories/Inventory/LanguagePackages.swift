import Reading

/// Packages of Node: those that are installed, and those that a lock file names.
enum NodePackages {
  private static func package(_ name: String, _ version: String, _ path: String) -> InventoryPackage
  {
    let encoded = name.split(separator: "/").map { PackageURL.encode(String($0)) }
      .joined(separator: "/")
    return InventoryPackage(
      ecosystem: Ecosystem(.npm), name: name, version: version,
      label: "pkg:npm/\(encoded)@\(PackageURL.encode(version))", file: path)
  }

  static func installed(_ content: [UInt8], path: String) throws -> [InventoryPackage] {
    let root = try JSONDocument.read(content, limits: .statement).root
    // Folders of one package hold files of this name without a name or a version.
    guard root.isObject, let name = root.member("name")?.string,
      let version = root.member("version")?.string
    else { return [] }
    return [package(name, version, path)]
  }

  static func locked(_ content: [UInt8], path: String) throws -> [InventoryPackage] {
    let root = try JSONDocument.read(content, limits: .report).root
    guard root.isObject else { throw root.fault("expected an object, found \(root.sort)") }
    if let packages = try root.object("packages") {
      return try packages.members.compactMap { place, node in
        guard let range = place.firstRange(of: "node_modules/"), !place.isEmpty,
          let version = try node.text("version")
        else { return nil }
        var rest = place[range.upperBound...]
        while let next = rest.firstRange(of: "node_modules/") { rest = rest[next.upperBound...] }
        return package(try node.text("name") ?? String(rest), version, path)
      }
    }
    return try dependencies(root, path, depth: 0)
  }

  private static func dependencies(
    _ node: JSONNode, _ path: String, depth: Int
  ) throws -> [InventoryPackage] {
    guard depth < 64, let members = try node.object("dependencies") else { return [] }
    return try members.members.flatMap { name, value -> [InventoryPackage] in
      let own = try value.text("version").map { [package(name, $0, path)] } ?? []
      return try own + dependencies(value, path, depth: depth + 1)
    }
  }
}

/// Crates that a `Cargo.lock` names.
enum CargoPackages {
  static func read(_ content: [UInt8], path: String) -> [InventoryPackage] {
    var packages: [InventoryPackage] = []
    var name: String?
    for line in String(decoding: content, as: UTF8.self).split(separator: "\n") {
      if line.hasPrefix("[") { name = nil }
      let sides = line.split(separator: "=", maxSplits: 1).map { side in
        side.filter { $0 != "\"" && $0 != " " && $0 != "\r" }
      }
      guard sides.count == 2 else { continue }
      if sides[0] == "name" { name = sides[1] }
      guard sides[0] == "version", let crate = name else { continue }
      packages.append(
        InventoryPackage(
          ecosystem: Ecosystem(.crates), name: crate, version: sides[1],
          label: "pkg:cargo/\(PackageURL.encode(crate))@\(PackageURL.encode(sides[1]))", file: path)
      )
      name = nil
    }
    return packages
  }
}

/// Swift packages that a `Package.resolved` names, in its versions 1 to 3.
enum SwiftPackages {
  static func read(_ content: [UInt8], path: String) throws -> [InventoryPackage] {
    let root = try JSONDocument.read(content, limits: .statement).root
    guard root.isObject else { throw root.fault("expected an object, found \(root.sort)") }
    let pins = try root.object("object")?.list("pins") ?? root.list("pins")
    let ecosystem = Ecosystem(.swift)
    return try pins.compactMap { pin in
      let place = try pin.text("location") ?? pin.text("repositoryURL") ?? ""
      guard let version = try pin.object("state")?.text("version") else { return nil }
      let name = ecosystem.canonical(place)
      return InventoryPackage(
        ecosystem: ecosystem, name: name, version: version,
        label: "pkg:swift/\(name)@\(PackageURL.encode(version))", file: path)
    }
  }
}
