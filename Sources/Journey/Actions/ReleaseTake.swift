import Foundation
import Model
import Pipeline

/// `release/take`: goes on with a release that the ledger has already, as one that was acquired.
///
/// The run's commit brings manifests and settings of the environment; it is no part of the release.
enum ReleaseTake {
  static let signature = ActionSignature(
    "release/take", parameters: [ActionParameter("release", isRequired: true)])

  static func action(_ setting: RunSetting) -> StepAction {
    StepAction(
      signature,
      restore: { context, _ in
        (try? ReleaseBind.release(context.run, setting.home))?.delivered
      },
      run: { context in
        let release = try await find(context, setting)
        try RunFolder.write(release, to: "\(setting.home.runPath(context.run))/release.json")
        context.log("release \(release.version), \(release.origin.rawValue): \(release.digests)")
        return ActionOutcome(.passed, subjects: release.delivered)
      })
  }

  /// The release of this application that a step names.
  ///
  /// - Throws: `Problem` with `notFound`, or `badInput` for another application's.
  static func find(_ context: StepContext, _ setting: RunSetting) async throws -> Release {
    let name = context.text("release") ?? ""
    let release = try await setting.home.release(named: name)
    guard release.application.utf8.elementsEqual(setting.application.name.utf8) else {
      throw Problem(
        .badInput,
        "the release \"\(name)\" is of \(release.application), and this pipeline delivers"
          + " \(setting.application.name)")
    }
    // Changed bytes are told here, and not only where they would be deployed.
    if release.containerImage != nil { _ = try setting.home.image(of: release) }
    return release
  }
}

/// `release/configure`: binds what an earlier release delivers with the settings of this commit, as a
/// release of its own.
enum ReleaseConfigure {
  static let signature = ActionSignature(
    "release/configure",
    parameters: [ActionParameter("release", isRequired: true), ActionParameter("version")])

  static func action(_ setting: RunSetting) -> StepAction {
    StepAction(
      signature,
      restore: { context, _ in
        (try? ReleaseBind.release(context.run, setting.home))?.delivered
      },
      run: { context in
        let base = try await ReleaseTake.find(context, setting)
        let short = String(setting.commitID.prefix(9))
        let release = Release(
          application: base.application,
          version: "\(context.text("version") ?? base.version)-\(short)", origin: .configured,
          commit: setting.commit, image: base.containerImage, imageConfig: base.containerConfig,
          artifacts: base.artifacts ?? [], vendor: base.vendor)
        var outcome = try ReleaseBind.bound(release, context, setting)
        outcome.subjects = release.delivered
        return outcome
      })
  }
}
