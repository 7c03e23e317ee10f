import Model

extension Gate {
  /// The answer where something could not be judged, and somebody who may has broken the glass: in an
  /// emergency the way out must not hang on a check that cannot be evaluated.
  ///
  /// - Returns: `nil` where nobody has, or not even that can be judged.
  static func opened(
    _ input: Input, _ environment: Policy.Environment, policy: PolicyReference,
    inputs: [DecisionInput], _ error: any Error
  ) -> Decision? {
    guard input.trust.policy(for: input.release.application)?.digest == policy.digest,
      let evidence = try? GateEvidence(
        input.evidence, on: input.release, size: input.position.size, trust: input.trust),
      let bindings = try? ReleaseBinding(
        release: input.release, pieces: evidence.pieces(.release)
      ).entries(), !bindings.isEmpty,
      let emergencies = try? EmergencyActs(
        ExceptionJudging(
          input, evidence, rules: environment.exceptions, authors: [:], checks: []
        ).word, rules: environment.exceptions)
    else { return nil }
    let bypasses = BreakGlassJudging(emergencies: emergencies).outcome().bypasses
    guard !bypasses.isEmpty else { return nil }
    let words = (error as? Problem)?.message ?? "\(error)"
    return Decision(
      environment: input.environment, release: input.release, policy: policy,
      ledger: input.position, time: input.time, timeSource: input.timeSource, outcome: .allowed,
      bypasses: bypasses + UnrecordedJudging(input.unrecorded).bypasses,
      reasons: UnrecordedJudging(input.unrecorded).reasons + ["could not be judged: \(words)"]
        + ReviewJudging(emergencies: emergencies).obstacles(),
      controls: [], approvals: [], rejectedApprovals: [], evidenceSet: [], inputs: inputs)
  }
}
