import Foundation
import Model
import Pipeline

/// `phi/scan-image`: looks for PHI in the layers and the configuration of the image that the run
/// built, before anything is pushed or deployed.
enum PHIImageStep {
  static let signature = ActionSignature(
    "phi/scan-image",
    parameters: [
      ActionParameter("as", .choice(PHIScanStep.settings)), ActionParameter("allow"),
    ])

  static func action(_ setting: RunSetting) -> StepAction {
    StepAction(signature) { try await run($0, setting) }
  }

  private static func run(
    _ context: StepContext, _ setting: RunSetting
  ) async throws -> ActionOutcome {
    let image = try BuiltImage.read(context.run, setting.home)
    let layout = try setting.home.image(image.manifest)
    let folder = try await setting.freshExport(to: "\(context.scratch)/source-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let allow = try setting.inside(context.text("allow") ?? PHIExcuses.file)
    let excuses = try PHIExcuses(file: allow, in: folder, isNamed: context.text("allow") != nil)
    let search = PHISearch(
      setting: setting, run: context.run, time: context.time.now(), scope: "image", paths: [""],
      taken: context.text("as") ?? "auto")
    let seen = try await LayerSearch(home: setting.home, search: search)
      .look(at: layout, log: context.log)
    let result = search.result(seen, excuses.judge(seen, today: search.today))
    for line in PHISearch.words(result) { context.log(line) }
    return ActionOutcome(
      PHISearch.problem(result, excuses: allow).map { .failed($0) } ?? .passed,
      evidence: [
        Evidence(
          kind: .phiScan, subjects: [image.subject(setting.application)], predicate: result)
      ])
  }
}
