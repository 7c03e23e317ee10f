/// Package URLs (purl): written for packages that are found, read from bills of materials.
enum PackageURL {
  /// Percent-encodes what may not stand in a part.
  static func encode(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      if Digits.isDigit(byte) || Digits.isLetter(byte) || [0x2d, 0x2e, 0x5f, 0x7e].contains(byte) {
        result.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        result += "%" + (digits.utf8.count < 2 ? "0" : "") + digits
      }
    }
    return result
  }

  static func decode(_ text: some StringProtocol) -> String {
    var bytes: [UInt8] = []
    var rest = ArraySlice(Array(text.utf8))
    while let byte = rest.popFirst() {
      if byte == 0x25, rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension InventoryPackage {
  /// The package that a package URL names, as advisories know it; `nil` for a type that is not known
  /// here, and for one without a version.
  ///
  /// - Parameters:
  ///   - source: name and version of the source package, for a distribution's package whose URL does
  ///     not say it (`upstream`). Without either, advisories are looked up by the package's own name.
  public init?(packageURL: String, source: (name: String, version: String)? = nil) {
    guard packageURL.hasPrefix("pkg:") else { return nil }
    let main = packageURL.dropFirst(4).prefix { $0 != "#" }
    let halves = main.split(separator: "?", maxSplits: 1)
    guard let path = halves.first, let at = path.lastIndex(of: "@") else { return nil }
    let version = PackageURL.decode(path[path.index(after: at)...])
    let parts = path[..<at].split(separator: "/").map { PackageURL.decode($0) }
    guard !version.isEmpty, parts.count >= 2, let type = parts.first, let name = parts.last else {
      return nil
    }
    var qualifiers: [String: String] = [:]
    for pair in halves.dropFirst().first?.split(separator: "&") ?? [] {
      let sides = pair.split(separator: "=", maxSplits: 1)
      if sides.count == 2 { qualifiers[String(sides[0])] = PackageURL.decode(sides[1]) }
    }
    let full = parts.dropFirst().joined(separator: "/")
    func package(_ family: Ecosystem.Family, _ name: String) -> InventoryPackage {
      InventoryPackage(
        ecosystem: Ecosystem(family), name: Ecosystem(family).canonical(name), version: version,
        label: packageURL)
    }
    switch type.lowercased() {
    case "pypi": self = package(.python, name)
    case "npm": self = package(.npm, full)
    case "maven": self = package(.maven, parts.dropFirst().joined(separator: ":"))
    case "golang": self = package(.go, full)
    case "cargo": self = package(.crates, name)
    case "gem": self = package(.gem, name)
    case "swift": self = package(.swift, full)
    case "deb", "apk", "rpm":
      guard let ecosystem = Self.ecosystem(type.lowercased(), parts, qualifiers["distro"]) else {
        return nil
      }
      let upstream = qualifiers["upstream"].map { text in
        let sides = text.split(separator: "@", maxSplits: 1).map(String.init)
        return (name: sides.first ?? text, version: sides.count == 2 ? sides[1] : version)
      }
      let epoch = qualifiers["epoch"].map { "\($0):" } ?? ""
      let plain = version.contains(":") ? version : epoch + version
      let known = source ?? upstream ?? (name, plain)
      self.init(
        ecosystem: ecosystem, name: known.name, version: known.version, label: packageURL)
    default: return nil
    }
  }

  private static func ecosystem(
    _ type: String, _ parts: [String], _ distribution: String?
  ) -> Ecosystem? {
    let words = distribution?.split(separator: "-", maxSplits: 1).map(String.init) ?? []
    let id = parts.count > 2 ? parts[1] : words.first ?? ""
    let version =
      words.count == 2 ? words[1] : (words.first?.first?.isNumber == true ? words[0] : "")
    return DistributionRelease(id: id, version: version).ecosystem
  }
}
