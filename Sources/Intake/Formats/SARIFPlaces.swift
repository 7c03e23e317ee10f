import Model
import Reading

/// What identifies a result of SARIF's when its line moves, and the weaknesses that it names.
enum SARIFPlaces {
  /// The tool's own fingerprint where it gives one (sections 3.27.16 and 3.27.17), else the text of
  /// the place; `nil` where there is neither.
  static func context(_ result: ReportNode) throws -> String? {
    for name: StaticString in ["partialFingerprints", "fingerprints"] {
      guard let prints = try result.optional(name) else { continue }
      let known: [StaticString] = ["primaryLocationLineHash", "primaryLocationLineHash/v1"]
      for key in known { if let print = try prints.string(key) { return print } }
      if let first = try prints.members().min(by: { $0.name < $1.name }) {
        return try first.value.string()
      }
    }
    let region = try result.elements("locations").first?.optional("physicalLocation")?
      .optional("region")
    guard let text = try region?.optional("snippet")?.string("text") else { return nil }
    return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// The package that a scanner of dependencies names in its message, line by line, since SARIF has
  /// no place for one; `nil` where it does not.
  static func package(_ message: String) -> (name: String, fixed: String?)? {
    guard message.utf8.starts(with: "Package: ".utf8) else { return nil }
    var values: [Substring: Substring] = [:]
    for line in message.split(whereSeparator: \.isNewline) {
      guard let colon = line.firstIndex(of: ":") else { continue }
      values[line[..<colon]] = line[line.index(after: colon)...].drop { $0 == " " }
    }
    guard let name = values["Package"], let version = values["Installed Version"] else {
      return nil
    }
    let fixed = values["Fixed Version"].map(String.init)
    return ("\(name)@\(version)", fixed?.isEmpty == true ? nil : fixed)
  }

  /// Weaknesses that a result names by a taxonomy (section 3.27.8); `nil` where it names none.
  static func weaknesses(_ result: ReportNode) throws -> [String]? {
    var ids: [String] = []
    for taxon in try result.elements("taxa") {
      guard try taxon.optional("toolComponent")?.string("name") == "CWE",
        let id = try taxon.string("id")
      else { continue }
      ids.append(id)
    }
    return Weakness.ids(ids)
  }

  /// Weaknesses that a rule names by its relationships or its tags.
  static func weaknesses(ofRule rule: ReportNode) throws -> [String]? {
    var ids: [String] = []
    for relationship in try rule.elements("relationships") {
      guard let target = try relationship.optional("target"),
        try target.optional("toolComponent")?.string("name") == "CWE",
        let id = try target.string("id")
      else { continue }
      ids.append(id)
    }
    let tags = try rule.optional("properties")?.optional("tags")
    for tag in try tags?.elements() ?? ReportElements(nil) {
      guard let text = tag.json.string, text.lowercased().contains("cwe-") else { continue }
      ids.append(text)
    }
    return Weakness.ids(ids)
  }
}
