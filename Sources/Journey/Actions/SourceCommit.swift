import Attestation
import Model
import Pipeline
import Source

/// `source/commit`: says who signed the commit, by the trust root in force, and fails when nobody
/// trusted did.
enum SourceCommit {
  static let signature = ActionSignature("source/commit")

  static func action(_ setting: RunSetting) -> StepAction {
    StepAction(signature) { context in
      let check = try await check(setting, run: context.run)
      context.log(check.reason)
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
    return CommitCheck(
      trustRoot: try await setting.home.trustRoot(), application: setting.application.name,
      run: run,
      time: setting.time.now(), person: { registry.person(email: $0) },
      verify: { algorithm, rawKey, signature, message in
        let key: PublicKey = algorithm == "ed25519" ? .ed25519(rawKey) : .p256(rawKey)
        return key.verify(signature, of: message)
      }
    ).check(setting.source, export: setting.export)
  }
}
