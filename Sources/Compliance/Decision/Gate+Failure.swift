public import Model

extension Gate {
  /// The answer where something could not be judged: a refusal that says what, and no partial
  /// answer beside it that could be taken for one.
  static func failed(
    _ input: Input, policy: PolicyReference, inputs: [DecisionInput], _ error: any Error
  ) -> Decision {
    unjudged(
      input.release, environment: input.environment, policy: policy, position: input.position,
      time: input.time, timeSource: input.timeSource, inputs: inputs, error)
  }

  /// The answer where not even the policy can be read: a decision of outcome `error`, to be recorded
  /// like any other.
  public static func unjudged(
    _ release: Release, environment: String, policy: PolicyReference, position: LedgerPosition,
    time: Instant, timeSource: String, inputs: [DecisionInput] = [], _ error: any Error
  ) -> Decision {
    Decision(
      environment: environment, release: release, policy: policy, ledger: position, time: time,
      timeSource: timeSource, outcome: .error,
      reasons: [(error as? Problem)?.message ?? "\(error)"], controls: [], approvals: [],
      rejectedApprovals: [], evidenceSet: [], inputs: inputs)
  }
}

extension Decision {
  /// The same with inputs that were there when the gate was asked, and whose payload was erased
  /// since: their digests cannot be computed any more.
  public func restoring(_ erased: [DecisionInput]) -> Decision {
    guard !erased.isEmpty else { return self }
    let others = inputs.filter { input in
      input.entry == nil || !erased.contains { $0.entry == input.entry }
    }
    let (things, entries) = (others.filter { $0.entry == nil }, others.filter { $0.entry != nil })
    return Decision(
      environment: environment, release: release, policy: policy, ledger: ledger, time: time,
      timeSource: timeSource, outcome: outcome, bypasses: bypasses, reasons: reasons,
      refused: refused, controls: controls, approvals: approvals,
      rejectedApprovals: rejectedApprovals, barred: barred, changes: changes,
      evidenceSet: evidenceSet, inputs: things + InputListing.ordered(entries + erased))
  }
}
