/// A distribution's release, as `os-release` names it.
struct DistributionRelease {
  let id: String
  let version: String

  init(id: String, version: String) {
    self.id = id.lowercased()
    self.version = version
  }

  /// Reads `os-release`: assignments in the shell's form.
  init?(_ content: [UInt8]) {
    var values: [String: String] = [:]
    for line in String(decoding: content, as: UTF8.self).split(separator: "\n") {
      let sides = line.split(separator: "=", maxSplits: 1)
      guard sides.count == 2 else { continue }
      values[String(sides[0])] = sides[1].filter { $0 != "\"" && $0 != "'" }
    }
    guard let id = values["ID"] else { return nil }
    self.init(id: id, version: values["VERSION_ID"] ?? "")
  }

  /// OSV's word for it; `nil` for a distribution that is not known here.
  var ecosystem: Ecosystem? {
    let parts = version.split(separator: ".").map(String.init)
    let major = parts.first ?? ""
    switch id {
    case "debian": return Ecosystem(.debian, release: major)
    case "ubuntu": return Ecosystem(.ubuntu, release: parts.prefix(2).joined(separator: "."))
    case "alpine":
      return Ecosystem(
        .alpine, release: parts.count < 2 ? "" : "v\(parts[0]).\(parts[1])")
    case "rocky": return Ecosystem(.rocky, release: major)
    case "almalinux": return Ecosystem(.alma, release: major)
    case "wolfi", "chainguard": return Ecosystem(.wolfi)
    default: return nil
    }
  }
}
