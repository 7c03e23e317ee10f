import Delivery
import Foundation
import Model
import Pipeline

/// `environment/deploy`: asks the environment's gate again, then brings the release in; an
/// unhealthy one is taken back.
enum EnvironmentDeploy {
  static let signature = ActionSignature(
    "environment/deploy",
    parameters: [
      ActionParameter("environment", isRequired: true), ActionParameter("manifests"),
    ])

  static func action(_ setting: RunSetting) -> StepAction {
    StepAction(
      signature,
      effect: { context in
        let bound = try? ReleaseBind.release(context.run, setting.home)
        let version = bound?.version ?? String(setting.commitID.prefix(9))
        return "release \(version) to \(context.text("environment") ?? "")"
      },
      run: { try await run($0, setting) })
  }

  private static func run(
    _ context: StepContext, _ setting: RunSetting
  ) async throws -> ActionOutcome {
    let name = context.text("environment") ?? ""
    let release = try ReleaseBind.release(context.run, setting.home)
    // What the gate said some minutes ago is no pass for what is here now.
    let decision = try await setting.home.judge(release, environment: name, time: setting.time)
    let judged = setting.home.evidence(of: decision)
    if let problem = decision.problem {
      return ActionOutcome(
        decision.outcome == .waiting ? .waiting(problem) : .failed(problem), evidence: [judged])
    }
    let layout = try setting.home.image(of: release)
    let environment = try await environment(name, context, setting)
    let rollout = try EnvironmentAccess(
      home: setting.home, application: setting.application.name,
      variables: setting.callerEnvironment
    ).rollout(environment, time: setting.time) { context.log("\($0.time) \($0.message)") }
    let report = try await rollout.release(
      release, layout: layout.path, identifier: "\(context.run).\(name)")
    context.log(
      "\(report.requests.served) requests served, \(report.requests.lost) lost,"
        + " \(report.requests.serverErrors) server errors")
    let evidence = [
      judged, Evidence(kind: .rollout, subjects: release.subjects, predicate: report),
    ]
    guard report.outcome == .released else {
      let words =
        switch report.outcome {
        case .rolledBack: "rolled back"
        case .failed: "failed, and there is nothing healthy to go back to"
        case .refused, .released, .takenDown: "refused, nothing changed"
        }
      let previous = report.previousVersion.map { "; \($0) serves" } ?? ""
      return ActionOutcome(
        .failed(
          Problem(
            .rolledBack,
            "\(words): \(report.reason ?? "it was unhealthy")\(previous)",
            at: "environment \(name)",
            advice: "Mend what made it unhealthy, and release the mended commit.")),
        evidence: evidence)
    }
    return ActionOutcome(.passed, evidence: evidence)
  }

  /// The environment with the manifests of the commit itself, exported anew: what a step did to its
  /// workspace is not what is deployed.
  private static func environment(
    _ name: String, _ context: StepContext, _ setting: RunSetting
  ) async throws -> Delivery.EnvironmentDefinition {
    guard let file = setting.environmentFile else {
      throw Problem(
        .notFound, "no file of environments is named, so \"\(name)\" is not defined",
        advice: "Name it with --environments or PRATIQUE_ENVIRONMENTS.")
    }
    let defined = try EnvironmentFile.read(InputFile.read(file), path: file)
      .environment(named: name)
    guard let manifests = context.text("manifests") else { return defined }
    guard !manifests.hasPrefix("/"), !manifests.split(separator: "/").contains("..") else {
      throw Problem(.badInput, "the path \"\(manifests)\" leaves the repository")
    }
    let folder = try await setting.freshExport(
      to: "\(setting.home.runPath(context.run))/manifests-\(UUID().uuidString)")
    return defined.with(manifests: "\(folder)/\(manifests)")
  }
}
