/// Packages that dpkg has installed: its status file, or one file a package as small images have it.
enum DebianPackages {
  static func read(
    _ content: [UInt8], _ ecosystem: Ecosystem, _ release: DistributionRelease, path: String,
    isStatus: Bool
  ) -> [InventoryPackage] {
    Stanzas.read(content).compactMap { fields in
      guard let name = fields["Package"], let version = fields["Version"] else { return nil }
      if isStatus, fields["Status"].map({ $0.hasSuffix(" installed") }) != true { return nil }
      var source = name
      var sourceVersion = version
      if let stated = fields["Source"] {
        let parts = stated.split(separator: " ", maxSplits: 1).map(String.init)
        source = parts.first ?? name
        if parts.count == 2 { sourceVersion = parts[1].filter { $0 != "(" && $0 != ")" } }
      }
      let label =
        "pkg:deb/\(release.id)/\(PackageURL.encode(name))@\(PackageURL.encode(version))"
        + "?arch=\(PackageURL.encode(fields["Architecture"] ?? "all"))"
        + "&distro=\(release.id)-\(PackageURL.encode(release.version))"
        + (source == name && sourceVersion == version
          ? "" : "&upstream=\(PackageURL.encode("\(source)@\(sourceVersion)"))")
      return InventoryPackage(
        ecosystem: ecosystem, name: source, version: sourceVersion, label: label, file: path)
    }
  }
}

/// Packages that Alpine's apk has installed.
enum AlpinePackages {
  static func read(
    _ content: [UInt8], _ ecosystem: Ecosystem, _ release: DistributionRelease, path: String
  ) -> [InventoryPackage] {
    Stanzas.read(content).compactMap { fields in
      guard let name = fields["P"], let version = fields["V"] else { return nil }
      let origin = fields["o"] ?? name
      let label =
        "pkg:apk/\(release.id)/\(PackageURL.encode(name))@\(PackageURL.encode(version))"
        + "?arch=\(PackageURL.encode(fields["A"] ?? ""))"
        + "&distro=\(release.id)-\(PackageURL.encode(release.version))"
        + (origin == name ? "" : "&upstream=\(PackageURL.encode(origin))")
      return InventoryPackage(
        ecosystem: ecosystem, name: origin, version: version, label: label, file: path)
    }
  }
}

/// Python distributions, by the core metadata beside them.
enum PythonPackages {
  static func read(_ content: [UInt8], path: String) -> [InventoryPackage] {
    guard let fields = Stanzas.read(content, firstOnly: true).first, let name = fields["Name"],
      let version = fields["Version"]
    else { return [] }
    let ecosystem = Ecosystem(.python)
    let canonical = ecosystem.canonical(name)
    return [
      InventoryPackage(
        ecosystem: ecosystem, name: canonical, version: version,
        label: "pkg:pypi/\(PackageURL.encode(canonical))@\(PackageURL.encode(version))", file: path)
    ]
  }
}

/// Fields in paragraphs, as dpkg, apk and e-mail headers have them; lines that go on are left out.
enum Stanzas {
  static func read(_ content: [UInt8], firstOnly: Bool = false) -> [[String: String]] {
    var stanzas: [[String: String]] = []
    var fields: [String: String] = [:]
    for line in content.split(separator: 0x0a, omittingEmptySubsequences: false) {
      let line = line.last == 0x0d ? line.dropLast() : line
      guard let first = line.first else {
        if !fields.isEmpty { stanzas.append(fields) }
        fields = [:]
        if firstOnly, !stanzas.isEmpty { return stanzas }
        continue
      }
      guard first != 0x20, first != 0x09, let colon = line.firstIndex(of: 0x3a) else { continue }
      let name = String(decoding: line[..<colon], as: UTF8.self)
      guard fields[name] == nil else { continue }
      fields[name] = String(
        decoding: line[(colon + 1)...].drop { $0 == 0x20 || $0 == 0x09 }, as: UTF8.self)
    }
    if !fields.isEmpty { stanzas.append(fields) }
    return stanzas
  }
}
