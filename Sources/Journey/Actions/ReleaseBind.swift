import Model
import Pipeline
import Reading

/// `release/bind`: names the commit, and the image or the artifacts, that travel together from here
/// on.
enum ReleaseBind {
  static let signature = ActionSignature(
    "release/bind", parameters: [ActionParameter("version")])

  static func action(_ setting: RunSetting) -> StepAction {
    StepAction(signature) { context in
      let image = try BuiltImage.find(context.run, setting.home)
      let artifacts = try RunArtifact.all(context.run, among: context.subjects, setting.home)
      guard image != nil || !artifacts.isEmpty else {
        throw Problem(
          .badInput, "there is nothing to bind: no image was built, and no artifact recorded",
          advice:
            "Let a step with `uses: image/build` or `artifact/record` come before this one, and"
            + " let this one need it.")
      }
      let layout = try image.map { try setting.home.image($0.manifest) }
      let short = String(setting.commitID.prefix(9))
      let release = Release(
        application: setting.application.name,
        version: context.text("version").map { "\($0)-\(short)" } ?? short, origin: .built,
        commit: setting.commit, image: image?.subject(setting.application),
        imageConfig: layout?.config, artifacts: artifacts)
      return try bound(release, context, setting)
    }
  }

  /// Makes a release that of the run, and leaves its statement.
  static func bound(
    _ release: Release, _ context: StepContext, _ setting: RunSetting
  ) throws -> ActionOutcome {
    try RunFolder.write(release, to: "\(setting.home.runPath(context.run))/release.json")
    context.log("release \(release.version): \(release.digests.map(\.description))")
    return ActionOutcome(
      .passed,
      evidence: [
        Evidence(
          kind: .release, subjects: release.subjects,
          predicate: try predicate(release, run: context.run, time: context.time.now()))
      ])
  }

  /// The release, with the run that bound it and when: bound again, it is another statement.
  static func predicate(
    _ release: Release, run: String, time: Instant
  ) throws -> JSONValue {
    var fields = try JSONValue(encoding: release).object ?? JSONObject()
    fields["run"] = .string(run)
    fields["time"] = .string(time.description)
    return .object(fields)
  }

  /// The release that a run bound.
  static func release(_ run: String, _ home: LedgerHome) throws -> Release {
    do {
      return try RunFolder.read("\(home.runPath(run))/release.json")
    } catch let problem as Problem where problem.code == .notFound {
      throw Problem(
        .badInput, "no release is bound yet",
        advice: "Let a step with `uses: release/bind` or `release/take` come before this one.")
    }
  }
}
