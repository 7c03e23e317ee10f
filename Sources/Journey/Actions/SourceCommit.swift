import Attestation
import Compliance
import Model
import Pipeline
import Processes
import Source

/// `source/commit`: says who signed the commit, by the trust root in force, and fails when nobody
/// trusted did.
enum SourceCommit {
  static let signature = ActionSignature("source/commit")

  static func action(_ setting: RunSetting) -> StepAction {
    StepAction(signature) { context in
      let check = try await check(setting, run: context.run)
      context.log(check.reason)
      for changes in check.changes { context.log(words(changes)) }
      let evidence = [
        Evidence(kind: .sourceCheck, subjects: [setting.commit], predicate: check)
      ]
      guard check.isSigned, check.isCommitterMatched else {
        return ActionOutcome(
          .failed(
            Problem(
              .stepFailed, check.reason, at: "commit \(setting.commitID.prefix(12))",
              advice: "Sign commits with a key of the trust root: git commit -S, with"
                + " gpg.format=ssh and user.signingkey set.")), evidence: evidence)
      }
      return ActionOutcome(.passed, evidence: evidence)
    }
  }

  private static func check(_ setting: RunSetting, run: String) async throws -> SourceCheck {
    let registry = setting.home.registry
    let trustRoot = try await setting.home.trustRoot()
    let check = CommitCheck(
      trustRoot: trustRoot, application: setting.application.name,
      run: run,
      time: setting.time.now(), person: { registry.person(email: $0) })
    return check.check(
      setting.source, export: setting.export, changes: try await changes(setting, trustRoot))
  }

  /// Who made what the commit would bring into each environment whose gate asks for approvals.
  private static func changes(
    _ setting: RunSetting, _ trustRoot: TrustRoot
  ) async throws -> [Changes] {
    let home = setting.home
    let registry = home.registry
    let contributors = Contributors(
      repository: GitRepository(directory: setting.repository, runner: .live),
      trustRoot: trustRoot, person: { registry.person(email: $0) })
    var changes: [Changes] = []
    for environment in try await home.policy(
      of: trustRoot, application: setting.application.name
    ).policy.environments
    where !environment.approvals.isEmpty {
      let live = try await home.serving(
        setting.application.name, in: environment.name, besides: setting.source.id)
      changes.append(
        try await contributors.changes(
          of: setting.source.id, into: environment.name, since: live?.commit))
    }
    return changes
  }

  private static func words(_ changes: Changes) -> String {
    "into \(changes.environment): \(changes.commits) commit\(changes.commits == 1 ? "" : "s")"
      + (changes.since.map { " since \($0.short)" } ?? ", all that are reachable")
      + (changes.isComplete ? "" : ", cut off at the newest")
      + ", by \(changes.people.isEmpty ? "nobody who is known" : changes.people.joined(separator: ", "))"
      + (changes.unknownAuthors == 0
        ? "" : "; of \(changes.unknownAuthors) the author is not known")
  }
}
