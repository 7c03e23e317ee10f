import Model
import Reading

/// Reads Trivy's JSON, schema version 2.
///
/// The report does not say which scanners ran: one of secrets alone lists packages just as a clean
/// vulnerability scan does. Whoever makes evidence of it must say what was asked.
struct TrivyReader {
  private var collector = FindingCollector()
  private static let lists: Set<String> = [
    "Packages", "Vulnerabilities", "Misconfigurations", "Secrets", "Licenses",
    "ExperimentalModifiedFindings",
  ]

  private var notes: [String] = []
  private var packages = 0

  static func read(
    _ root: ReportNode, _ subject: ExpectedSubject?
  ) throws -> IntakeReader.Parsed {
    let schema = try root.member("SchemaVersion")
    guard schema.json.integer == 2 else {
      throw schema.error("expected schema version 2, as Trivy writes it since 0.20")
    }
    _ = try root.requiredString("ArtifactName")
    let type = try root.requiredString("ArtifactType")
    try checkSubject(root, type, subject)
    guard let results = try root.optional("Results") else {
      throw root.error("\"Results\" is missing: Trivy found nothing that it could scan")
    }
    let elements = try results.elements()
    guard !elements.isEmpty else {
      throw results.error("the results are empty: Trivy found nothing that it could scan")
    }
    var reader = TrivyReader()
    if let system = try root.optional("Metadata")?.optional("OS"),
      try system.bool("EOSL") ?? false
    {
      reader.notes.append(
        "\(try system.string("Family") ?? "The operating system") "
          + "\(try system.string("Name") ?? "") is no longer supported: "
          + "advisories for it may be missing.")
    }
    for result in elements { try reader.add(result) }
    reader.collector.report.componentsScanned = reader.packages
    let version = try root.optional("Trivy")?.string("Version")
    var parsed = IntakeReader.Parsed(
      tools: [.init(name: "trivy", version: version)],
      content: .findings(reader.collector.report), notes: reader.notes)
    parsed.madeAt = try root.time("CreatedAt")
    parsed.subjects = try subjects(root, type)
    return parsed
  }

  private static func subjects(_ root: ReportNode, _ type: String) throws -> [StatedSubject] {
    guard let metadata = try root.optional("Metadata") else { return [] }
    var subjects: [StatedSubject] = []
    if type == "container_image", let image = try metadata.string("ImageID") {
      subjects.append(.init(.imageConfig, image))
      for digest in try metadata.strings("RepoDigests") {
        guard let value = digest.split(separator: "@").last else { continue }
        subjects.append(.init(.imageManifest, String(value)))
      }
    }
    if let commit = try metadata.string("Commit") { subjects.append(.init(.commit, commit)) }
    return subjects
  }

  private static func checkSubject(
    _ root: ReportNode, _ type: String, _ subject: ExpectedSubject?
  ) throws {
    guard let subject else { return }
    guard type == "container_image" else {
      throw try root.member("ArtifactType").error("expected a report on an image, found \(type)")
    }
    let metadata = try root.member("Metadata")
    let image = try metadata.member("ImageID")
    guard try image.string().utf8.elementsEqual(subject.imageConfig.description.utf8) else {
      throw image.error("the report is about another image; expected \(subject.imageConfig)")
    }
    // An image that never saw a registry has no digests of manifests; its id alone decides.
    let known = try metadata.optional("RepoDigests")
    guard let known, let manifest = subject.imageManifest else { return }
    let digests = try known.elements().map { try $0.string() }
    guard digests.isEmpty || digests.contains(where: { $0.hasSuffix("@\(manifest)") }) else {
      throw known.error("the report names other manifests; expected \(manifest)")
    }
  }

  private mutating func add(_ result: ReportNode) throws {
    let target = try result.requiredString("Target")
    try result.refuseLists(besides: Self.lists)
    let classNode = try result.member("Class")
    guard let scope = Self.scope(ofClass: try classNode.string()) else {
      throw classNode.error("results of class \"\(try classNode.string())\" are not understood")
    }
    // Listed packages show that there was something to judge, not that it was judged.
    if let scope { collector.report.shownScopes.insert(scope) }
    for package in try result.elements("Packages") {
      _ = try package.requiredString("Name")
      packages += 1
    }
    for row in try result.elements("Vulnerabilities") {
      collector.add(
        try TrivyRows.vulnerability(row, target, &collector.pool), .vulnerability)
    }
    for row in try result.elements("Misconfigurations") {
      if let finding = try TrivyRows.misconfiguration(row, target) {
        let resource = try row.optional("CauseMetadata")?.string("Resource")
        collector.add(finding, .misconfiguration, context: resource)
      }
    }
    try checkSummary(result)
    for row in try result.elements("Secrets") {
      collector.add(try TrivyRows.secret(row, target), .secret, context: "")
    }
    for row in try result.elements("Licenses") {
      collector.add(try TrivyRows.license(row), .license)
    }
    for row in try result.elements("ExperimentalModifiedFindings") {
      let finding = try TrivyRows.vulnerability(
        row.member("Finding"), target, &collector.pool)
      collector.suppress(finding, .vulnerability)
      notes.append(
        "Trivy suppressed \(finding.rule): \(try row.string("Status") ?? "no status"), "
          + "\(try row.string("Statement") ?? "no reason given").")
    }
  }

  /// The scope of a class; `.some(nil)` for a class that shows none, `nil` for an unknown class.
  private static func scope(ofClass name: String) -> FindingReport.Scope?? {
    switch name {
    case "os-pkgs", "lang-pkgs": .vulnerability
    case "config": .misconfiguration
    case "secret": .secret
    case "license", "license-file": .license
    default: nil
    }
  }

  private func checkSummary(_ result: ReportNode) throws {
    guard let summary = try result.optional("MisconfSummary") else { return }
    let stated = try summary.count("Failures") ?? 0
    let rows = try result.elements("Misconfigurations")
      .filter { try $0.string("Status") == "FAIL" }.count
    guard stated == rows else {
      throw summary.error("the summary states \(stated) failures, the rows say \(rows)")
    }
  }
}
