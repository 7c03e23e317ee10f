import Compliance
public import Model

extension LedgerHome {
  /// Asks the gate of an environment about a release, with all evidence up to now.
  ///
  /// - Throws: `Problem` with `gateRefused` for an environment that is not defined, `judgingFailed`
  ///   when something could not be judged.
  public func judge(
    _ release: Release, environment: String, time: TimeSource
  ) async throws -> Decision {
    let collected = try await evidence(on: release)
    let bundle = try await policy(of: collected.trust)
    return try Gate.decide(
      .init(
        release: release, environment: environment, bundle: bundle, evidence: collected.evidence,
        refused: collected.refused, trust: collected.trust, position: collected.position,
        time: time.now(), timeSource: time.name))
  }

  /// Asks again what a decision answered: same evidence, same policy, same time.
  ///
  /// Evidence that was erased after the decision is left out: where the decision did not rest on it,
  /// the gate answers the same without it.
  ///
  /// - Returns: what the gate says now of what it saw then; equal to the decision, or something was
  ///   changed.
  public func replay(_ decision: Decision) async throws -> Decision {
    let collected = try await evidence(
      on: decision.release, size: decision.ledger.size)
    let bundle = try await policy(of: collected.trust)
    let gone = Set(collected.erased.filter { $0.erasure >= decision.ledger.size }.map(\.entry))
    return try Gate.decide(
      .init(
        release: decision.release, environment: decision.environment, bundle: bundle,
        evidence: collected.evidence,
        refused: collected.refused.filter { !gone.contains($0.index) }, trust: collected.trust,
        position: collected.position, time: decision.time, timeSource: decision.timeSource))
  }

  /// The evidence of a signed decision.
  public func evidence(of decision: Decision) -> Evidence {
    Evidence(
      kind: .decision, subjects: decision.release.subjects,
      predicate: VerificationSummary(decision, verifier: "urn:pratique:gate"))
  }
}

extension Decision {
  /// The problem that stands in the way; `nil` when the gate is open.
  public var problem: Problem? {
    let place = "gate of \(environment)"
    let list = reasons.map { "\n  - \($0)" }.joined()
    switch outcome {
    case .allowed: return nil
    case .refused:
      return Problem(.gateRefused, "refused, for \(reasons.count) reason(s):\(list)", at: place)
    case .waiting:
      return Problem(
        .waitingForApproval, "everything but approvals is there:\(list)", at: place,
        advice: "Approve with: pratique approve \(release.version) --environment \(environment)"
          + " --role ROLE --key FILE --reason TEXT")
    }
  }
}
