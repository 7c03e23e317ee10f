import Foundation
import Intake
import Model
import Pipeline

/// `image/scan`: Trivy on the OCI layout that will be deployed: vulnerabilities, secrets and the
/// bill of materials; and on the workspace's configuration files.
enum ImageScan {
  static let signature = ActionSignature(
    "image/scan", parameters: [ActionParameter("configuration")])

  /// Every source of an example feed carries these words; they are looked for in the database.
  static let exampleMark = "Pratique example advisories"

  static func action(_ setting: RunSetting) -> StepAction {
    StepAction(signature) { try await run($0, setting) }
  }

  private static func run(_ context: StepContext, _ setting: RunSetting) async throws
    -> ActionOutcome
  {
    let image = try BuiltImage.read(context.run, setting.home)
    let layout = try setting.home.image(image.manifest)
    let trivy = try await setting.version(context.commands, "trivy", ["--version"])
    let feed = try feed(setting)
    let scan = Scan(context: context, setting: setting, layout: layout, version: trivy.version)
    var evidence = try await scan.image(feed: feed)
    evidence.append(try await scan.inventory())
    if let folder = context.text("configuration") {
      evidence.append(try await scan.configuration(folder))
    }
    return ActionOutcome(.passed, evidence: evidence, tools: [trivy])
  }

  private static func feed(_ setting: RunSetting) throws -> ReportSource.Feed {
    guard let folder = setting.feedFolder else {
      throw Problem(
        .toolMissing, "no vulnerability feed is named, and without one nothing can be found",
        advice: "Name the scanner's cache folder with --feed or PRATIQUE_FEED.")
    }
    return try feed(folder: folder)
  }

  /// The feed in a scanner's cache folder; an example feed is known by its own content.
  static func feed(folder: String) throws -> ReportSource.Feed {
    let database = try? Data(
      contentsOf: URL(fileURLWithPath: "\(folder)/db/trivy.db"), options: .mappedIfSafe)
    let isExample = database?.range(of: Data(exampleMark.utf8)) != nil
    return try ScannerFeed.trivy(cacheFolder: folder, isExample: isExample)
  }
}

/// One image under Trivy.
private struct Scan {
  let context: StepContext
  let setting: RunSetting
  let layout: OCILayout
  let version: String

  private var subject: Subject {
    Subject(name: "image:\(setting.application.name)", digest: layout.manifest)
  }

  private var offline: [String] {
    ["--quiet", "--cache-dir", setting.feedFolder ?? "", "--skip-version-check", "--format"]
  }

  private func trivy(_ arguments: [String]) async throws -> [UInt8] {
    let output = "\(context.scratch)/\(arguments[0])-\(UUID().uuidString).json"
    // In a folder of the step's own: a .trivyignore or trivy.yaml where the program was started
    // would hide findings without a trace in the report.
    _ = try await setting.run(
      context.commands, "trivy", arguments + ["--output", output], in: context.scratch, minutes: 15,
      log: context.log)
    let bytes = try InputFile.read(output)
    _ = try await setting.home.keep(report: bytes, at: "\(arguments[0]).json")
    return bytes
  }

  private func step(_ feed: ReportSource.Feed? = nil) -> ReportingStep {
    ReportingStep(
      application: setting.application.name, run: context.run, time: context.time.now(),
      tool: "trivy", toolVersion: version, feed: feed)
  }

  private func read(_ bytes: [UInt8], _ format: ReportFormat, ofImage: Bool) throws -> IntakeReport
  {
    try IntakeReader.read(
      bytes, format: format, source: "trivy",
      subject: ofImage ? ExpectedSubject(imageConfig: layout.config) : nil)
  }

  /// Vulnerabilities and secrets, from one reading of the image.
  func image(feed: ReportSource.Feed) async throws -> [Evidence] {
    let bytes = try await trivy(
      ["image", "--input", layout.path, "--scanners", "vuln,secret", "--list-all-pkgs"]
        + ["--skip-db-update", "--skip-java-db-update", "--offline-scan"] + offline + ["json"])
    let report = try read(bytes, .trivy, ofImage: true)
    let vulnerabilities = try report.scanResult(scope: .vulnerability, step: step(feed))
    let secrets = try report.scanResult(scope: .secret, step: step())
    context.log(
      "vulnerabilities: \(words(vulnerabilities)); secrets: \(words(secrets));"
        + " feed of \(feed.updatedAt.date)\(feed.isExample ? ", an EXAMPLE feed" : "")")
    return [
      Evidence(kind: .vulnerabilityScan, subjects: [subject], predicate: vulnerabilities),
      Evidence(kind: .staticAnalysis, subjects: [subject], predicate: secrets),
    ]
  }

  func inventory() async throws -> Evidence {
    let bytes = try await trivy(
      ["image", "--input", layout.path, "--skip-db-update", "--offline-scan"] + offline
        + ["cyclonedx"])
    let report = try read(bytes, .cyclonedx, ofImage: true)
    let result = try report.inventoryResult(step: step())
    context.log("bill of materials: \(result.count) components")
    return Evidence(kind: .inventory, subjects: [subject], predicate: result)
  }

  func configuration(_ folder: String) async throws -> Evidence {
    guard !folder.hasPrefix("/"), !folder.split(separator: "/").contains("..") else {
      throw Problem(.badInput, "the path \"\(folder)\" leaves the workspace")
    }
    let source = try await setting.freshExport(to: "\(context.scratch)/source-\(UUID().uuidString)")
    let bytes = try await trivy(
      ["config", "--skip-check-update"] + offline + ["json", "\(source)/\(folder)"])
    let report = try read(bytes, .trivy, ofImage: false)
    let result = try report.scanResult(scope: .misconfiguration, step: step())
    context.log("configuration: \(words(result))")
    return Evidence(kind: .staticAnalysis, subjects: [setting.commit], predicate: result)
  }

  private func words(_ result: ScanResult) -> String {
    let counted = Severity.allCases.reversed().compactMap { severity in
      result.totals[severity] > 0 ? "\(result.totals[severity]) \(severity.rawValue)" : nil
    }
    return counted.isEmpty ? "none" : counted.joined(separator: ", ")
  }
}
