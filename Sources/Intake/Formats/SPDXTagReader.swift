import Model
import Reading

/// Reads SPDX 2.2 and 2.3 as tag and value (SPDX 2.3, clause 4.4 and annex B).
struct SPDXTagReader {
  private struct Package {
    let name: String
    var id: String?
    var version = ""
    var packageURL: String?
  }

  private var line = 0
  private var version: String?
  private var documentID: String?
  private var creators: [String] = []
  private var created: String?
  private var packages: [Package] = []
  private var isPackage = false
  private var ids: Set<String> = []

  static func read(_ bytes: [UInt8]) throws -> IntakeReader.Parsed {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ReadingError("the document is not valid UTF-8")
    }
    var reader = SPDXTagReader()
    var open: (tag: String, text: String, line: Int)?
    for row in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      reader.line += 1
      if let begun = open {
        open?.text += "\n\(row)"
        guard let end = row.firstRange(of: "</text>") else { continue }
        guard row[end.upperBound...].allSatisfy(\.isWhitespace) else {
          throw reader.error("something stands after </text>")
        }
        try reader.take(begun.tag, String(begun.text.dropFirst(6)))
        open = nil
        continue
      }
      guard let first = row.first(where: { !$0.isWhitespace }), first != "#" else { continue }
      guard let colon = row.firstIndex(of: ":") else {
        throw reader.error("expected a tag, a colon and a value")
      }
      let tag = String(row[..<colon])
      guard !tag.isEmpty, tag.allSatisfy({ $0.isLetter || $0.isNumber }) else {
        throw reader.error("\"\(tag)\" is no tag")
      }
      let value = String(row[row.index(after: colon)...].drop { $0 == " " || $0 == "\t" })
      if value.hasPrefix("<text>"), !value.contains("</text>") {
        open = (tag, value, reader.line)
      } else {
        try reader.take(tag, value)
      }
    }
    if let open {
      throw ReadingError(
        "the document ends inside the text of \(open.tag)",
        at: Position(line: open.line, column: 1))
    }
    return try reader.parsed()
  }

  private func error(_ message: String) -> ReadingError {
    ReadingError(message, at: Position(line: line, column: 1))
  }

  private mutating func take(_ tag: String, _ value: String) throws {
    switch tag {
    case "SPDXVersion": version = value
    case "Creator": creators.append(value)
    case "Created": created = value
    case "PackageName":
      packages.append(Package(name: value))
      isPackage = true
    case "FileName", "SnippetSPDXID", "LicenseID": isPackage = false
    case "SPDXID":
      guard ids.insert(value).inserted else { throw error("the SPDXID \(value) stands twice") }
      if isPackage, let last = packages.indices.last {
        guard packages[last].id == nil else { throw error("the package has two SPDXIDs") }
        packages[last].id = value
      } else if documentID == nil {
        documentID = value
      }
    case "PackageVersion": if let last = packages.indices.last { packages[last].version = value }
    case "ExternalRef":
      let parts = value.split(separator: " ")
      if parts.count >= 3, parts[1] == "purl", let last = packages.indices.last {
        packages[last].packageURL = String(parts[2])
      }
    default: break
    }
  }

  private func parsed() throws -> IntakeReader.Parsed {
    guard let version, ["SPDX-2.2", "SPDX-2.3"].contains(version) else {
      throw ReadingError("expected SPDX 2.2 or 2.3, found \(version ?? "no version")")
    }
    guard documentID == "SPDXRef-DOCUMENT" else {
      throw ReadingError("the document has no SPDXID \"SPDXRef-DOCUMENT\"")
    }
    guard !packages.isEmpty else {
      throw ReadingError("the inventory holds no package: nothing was looked at")
    }
    if let package = packages.first(where: { $0.id == nil || $0.name.isEmpty }) {
      throw ReadingError("the package \"\(package.name)\" has no SPDXID or no name")
    }
    var parsed = IntakeReader.Parsed(
      tools: SPDXTools.named(creators),
      content: .components(
        packages.map { Component(name: $0.name, version: $0.version, packageURL: $0.packageURL) }))
    parsed.madeAt = created.flatMap { StatedTime($0) }
    return parsed
  }
}
