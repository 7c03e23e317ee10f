import Model
import Reading

/// Reads Grype's JSON.
struct GrypeReader {
  private var collector = FindingCollector(shownScopes: [.vulnerability])
  private var notes: [String] = []

  static func read(_ root: ReportNode) throws -> IntakeReader.Parsed {
    let descriptor = try root.member("descriptor")
    guard try descriptor.requiredString("name").isSame(as: "grype") else {
      throw try descriptor.member("name").error("expected \"grype\"")
    }
    var reader = GrypeReader()
    for match in try root.required("matches") {
      reader.collector.add(try reader.finding(match), .vulnerability)
    }
    for match in try root.elements("ignoredMatches") {
      let finding = try reader.finding(match)
      reader.collector.suppress(finding, .vulnerability)
      reader.notes.append("Grype ignored \(finding.rule) by a rule of its configuration.")
    }
    var parsed = IntakeReader.Parsed(
      tools: [.init(name: "grype", version: try descriptor.string("version"))],
      content: .findings(reader.collector.report), notes: reader.notes)
    parsed.madeAt = try descriptor.time("timestamp")
    parsed.feed = try feed(descriptor)
    parsed.subjects = try subjects(root)
    return parsed
  }

  private mutating func finding(_ match: ReportNode) throws -> Finding {
    let vulnerability = try match.member("vulnerability")
    let artifact = try match.member("artifact")
    let id = try vulnerability.requiredString("id")
    let name = try artifact.requiredString("name")
    let version = try artifact.string("version") ?? ""
    let related = try match.elements("relatedVulnerabilities").map { $0 }
    let score = try Self.score([vulnerability] + related)
    return Finding(
      rule: id, severity: try vulnerability.severity("severity"),
      title: try vulnerability.string("description").map(FirstLine.of) ?? "\(id) in \(name)",
      cvssTenths: score?.tenths,
      package: try artifact.string("purl", &collector.pool) ?? "\(name)@\(version)",
      fixedVersion: try vulnerability.optional("fix")?.strings("versions").first,
      file: try artifact.elements("locations").first?.string("path", &collector.pool),
      cvssVector: score?.vector,
      aliases: VulnerabilityID.others(try related.compactMap { try $0.string("id") }, than: id),
      weaknesses: Weakness.ids(
        try vulnerability.elements("cwes").compactMap { try $0.string("cwe") }))
  }

  /// The highest base score that any source gives, and its vector.
  private static func score(_ nodes: [ReportNode]) throws -> (tenths: Int, vector: String?)? {
    var best: (tenths: Int, vector: String?)?
    for entry in try nodes.flatMap({ try $0.elements("cvss") }) {
      guard let score = try entry.optional("metrics")?.score("baseScore"),
        score > best?.tenths ?? -1
      else { continue }
      best = (score, try entry.string("vector"))
    }
    return best
  }

  /// The database as Grype 5 and 6 describe it: what it was built of must be said.
  private static func feed(_ descriptor: ReportNode) throws -> ReportSource.Feed? {
    guard let database = try descriptor.optional("db") else { return nil }
    let status = try database.optional("status") ?? database
    let complaint = try status.optional("error")
    if let complaint, complaint.json.string?.isEmpty != true {
      throw complaint.error("Grype says of its database that it is not in order")
    }
    if try status.bool("valid") == false {
      throw status.error("Grype says of its database that it is not valid")
    }
    guard let built = try status.instant("built") else { return nil }
    let stated =
      try status.string("checksum")
      ?? status.string("from")?.split(separator: "checksum=").last.map {
        String($0.prefix { $0 != "&" }).replacing("%3A", with: ":")
      }
    guard let digest = stated.flatMap({ Digest($0) }) else { return nil }
    return ReportSource.Feed(name: "grype-db", digest: digest, updatedAt: built, isExample: false)
  }

  private static func subjects(_ root: ReportNode) throws -> [StatedSubject] {
    guard let target = try root.optional("source")?.optional("target"), target.json.isObject
    else { return [] }
    var subjects: [StatedSubject] = []
    if let image = try target.string("imageID") { subjects.append(.init(.imageConfig, image)) }
    if let manifest = try target.string("manifestDigest") {
      subjects.append(.init(.imageManifest, manifest))
    }
    for digest in try target.strings("repoDigests") {
      guard let value = digest.split(separator: "@").last else { continue }
      subjects.append(.init(.imageManifest, String(value)))
    }
    return subjects
  }
}
