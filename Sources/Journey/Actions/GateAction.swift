import Model
import Pipeline

/// `gate`: asks the gate of an environment and records the signed decision.
enum GateAction {
  static let signature = ActionSignature(
    "gate", parameters: [ActionParameter("environment", isRequired: true)], isGate: true)

  static func action(_ setting: RunSetting) -> StepAction {
    StepAction(signature) { context in
      let environment = context.text("environment") ?? ""
      let release = try ReleaseBind.release(context.run, setting.home)
      let decision = try await setting.home.judge(
        release, environment: environment, time: setting.time)
      for bypass in decision.bypasses {
        context.log("\(bypass.kind.rawValue): \(bypass.sentence)")
      }
      for control in decision.controls where control.isRequired {
        context.log("\(control.state.rawValue): \(control.citation) \(control.title)")
      }
      let evidence = [setting.home.evidence(of: decision)]
      guard let problem = decision.problem else {
        let notices = Self.notices(decision)
        context.log(
          notices.first ?? "allowed by policy \(decision.policy.name) \(decision.policy.version)")
        return ActionOutcome(.passed, evidence: evidence, notices: notices)
      }
      return ActionOutcome(
        decision.outcome == .waiting ? .waiting(problem) : .failed(problem), evidence: evidence)
    }
  }

  /// What whoever releases must see: that the gate was opened, not passed, and what was waived.
  private static func notices(_ decision: Decision) -> [String] {
    let loud = decision.bypasses.filter {
      [.breakGlass, .observation, .waiver].contains($0.kind)
    }
    let isOpened = loud.contains { $0.kind != .waiver }
    let first =
      "goes on WITHOUT having met policy \(decision.policy.name) \(decision.policy.version)"
    return (isOpened ? [first] : [])
      + loud.map { ($0.kind == .waiver ? "WAIVED: " : "") + $0.sentence }
  }
}
