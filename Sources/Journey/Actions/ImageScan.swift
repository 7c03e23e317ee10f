import Foundation
import Intake
import Model
import Pipeline
import Reading
import Scanners

/// `image/scan`: Trivy on the OCI layout that will be deployed: vulnerabilities, secrets and the
/// bill of materials; and on the workspace's configuration files. Three of the steps that run
/// tools, one after the other.
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
    var ofImage = context
    ofImage.parameters = [:]
    var runs: [(ScannerTool, StepContext)] = [(.trivyImage, ofImage), (.trivySBOM, ofImage)]
    if let folder = context.text("configuration") {
      ofImage.parameters = ["path": .string(folder)]
      runs.append((.trivyConfig, ofImage))
    }
    var evidence: [Evidence] = []
    var used: [StepReport.Tool] = []
    for (tool, context) in runs {
      let result = try await ToolPerformance(tool: tool, context: context, setting: setting)
        .perform()
      evidence += result.evidence
      used = [StepReport.Tool(name: tool.name, version: result.tool.version)]
    }
    return ActionOutcome(.passed, evidence: evidence, tools: used)
  }

  /// The feed of a run, which must be named.
  static func feed(_ setting: RunSetting) throws -> ReportSource.Feed {
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
