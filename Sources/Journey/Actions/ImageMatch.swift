import Model
import Pipeline
import Reading

/// `image/match`: the embedded matcher on the OCI layout that will be deployed, by a folder of
/// advisories: the vulnerabilities and the bill of materials, for machines without a scanner.
enum ImageMatch {
  static let signature = ActionSignature(
    "image/match",
    parameters: [
      ActionParameter("maximum-age-days", .integer(0...36_500)),
      ActionParameter("base-layers", .integer(0...1000)),
      ActionParameter("accept-unchecked", .list),
    ])

  static func action(_ setting: RunSetting) -> StepAction {
    StepAction(signature) { try await run($0, setting) }
  }

  private static func run(
    _ context: StepContext, _ setting: RunSetting
  ) async throws -> ActionOutcome {
    guard let folder = setting.feedFolder else {
      throw Problem(
        .toolMissing, "no feed of advisories is named, and without one nothing can be found",
        advice: "Name the folder that holds \"osv\" with --feed or PRATIQUE_FEED.")
    }
    let days = number(context, "maximum-age-days") ?? 7
    let image = try BuiltImage.read(context.run, setting.home)
    let layout = try setting.home.image(image.manifest)
    let now = context.time.now()
    let matching = try VulnerabilityMatching(
      feed: "\(folder)/osv", maximumAgeDays: days,
      accepted: Set(
        context.parameters["accept-unchecked"]?.array?.compactMap(\.string) ?? []), at: now)
    let (report, inventory, config) = try matching.match(
      target: layout.path, baseLayers: number(context, "base-layers"))
    guard config == layout.config else {
      throw Problem(.notTrusted, "the image that was looked at is not the one that was built")
    }
    let digest = try await setting.home.keep(report: report.bytes(), at: "matches.json")
    let scan = try await setting.home.enriched(
      report.scan(
        application: setting.application.name, run: context.run, time: now, report: digest),
      exploits: ExploitFeeds(folder: folder))
    let listed = try await billOfMaterials(inventory, context, setting, now)
    let subject = Subject(name: "image:\(setting.application.name)", digest: layout.manifest)
    context.log(
      "vulnerabilities: \(report.findings.count) in \(report.componentsScanned) packages;"
        + " feed \(report.feed.name) of \(report.feed.updatedAt.date)"
        + (report.feed.isExample ? ", an EXAMPLE feed" : ""))
    for line in report.unchecked { context.log("UNCHECKED  \(line)") }
    return ActionOutcome(
      .passed,
      evidence: [
        Evidence(kind: .vulnerabilityScan, subjects: [subject], predicate: scan),
        Evidence(kind: .inventory, subjects: [subject], predicate: listed),
      ],
      tools: [
        .init(name: VulnerabilityMatching.tool, version: VulnerabilityMatching.version)
      ])
  }

  private static func billOfMaterials(
    _ bytes: [UInt8], _ context: StepContext, _ setting: RunSetting, _ now: Instant
  ) async throws -> InventoryResult {
    let digest = try await setting.home.keep(report: bytes, at: "inventory.json")
    let source = ReportSource(
      tool: VulnerabilityMatching.tool, toolVersion: VulnerabilityMatching.version,
      format: "cyclonedx", report: digest, feed: nil)
    return InventoryResult(
      application: setting.application.name, run: context.run, time: now,
      components: try VulnerabilityMatching.components(bytes), source: source)
  }

  private static func number(_ context: StepContext, _ name: String) -> Int? {
    context.parameters[name]?.integer.map { Int(clamping: $0) }
  }
}
