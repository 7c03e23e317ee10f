public import Compliance
public import Model

extension LedgerHome {
  /// Asks the gate of an environment about a release, with all evidence up to now.
  ///
  /// What cannot be judged is an answer of outcome `error`, so that it is recorded like any other.
  /// What was signed and is not recorded could speak against the release: while something waits in the
  /// spool only break-glass opens the gate, and the answer says what waits.
  ///
  /// - Throws: `Problem` with `gateRefused` for an environment that is not defined, `judgingFailed`
  ///   where no policy is pinned at all.
  public func judge(
    _ release: Release, environment: String, time: TimeSource
  ) async throws -> Decision {
    return try await ask(
      release, environment, evidence(on: release), unrecorded: unrecorded(), time: time.now(),
      source: time.name
    ).decision
  }

  /// Asks as `judge` does, and explains the answer.
  public func explain(
    _ release: Release, environment: String, time: TimeSource
  ) async throws -> Explanation {
    let answer = try await ask(
      release, environment, evidence(on: release), unrecorded: unrecorded(), time: time.now(),
      source: time.name)
    return Explanation(answer.decision, bundle: answer.bundle)
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
    // What was erased since was there when the gate was asked; its verdict is in the decision.
    let gone = Set(collected.erased.filter { $0.erasure >= decision.ledger.size }.map(\.entry))
    return try await ask(
      decision.release, decision.environment, collected,
      refused: collected.refused.filter { !gone.contains($0.index) },
      unrecorded: UnrecordedEvidence.of(decision), time: decision.time, source: decision.timeSource
    ).decision.restoring(decision.inputs.filter { $0.entry.map(gone.contains) ?? false })
  }

  /// The answer, and the policy by which it was given; none where it could not be read.
  private func ask(
    _ release: Release, _ environment: String, _ collected: CollectedEvidence,
    refused: [RefusedEvidence]? = nil, unrecorded: [UnrecordedEvidence], time: Instant,
    source: String
  ) async throws -> (decision: Decision, bundle: PolicyBundle?) {
    var input: Gate.Input
    do {
      input = try await gateInput(
        release, environment, collected, refused: refused, time: time, source: source)
      input.unrecorded = unrecorded
    } catch let problem as Problem where problem.code == .judgingFailed {
      guard let reference = collected.trust.policy(for: release.application) else { throw problem }
      let decision = Gate.unjudged(
        release, environment: environment, policy: reference, position: collected.position,
        time: time, timeSource: source, problem)
      return (decision, nil)
    }
    return (try Gate.decide(input), input.bundle)
  }

  /// Everything that a gate looks at, with the calendar of its environment as instants.
  ///
  /// - Throws: `Problem` with `judgingFailed` where no policy is there, or not what was pinned.
  func gateInput(
    _ release: Release, _ environment: String, _ collected: CollectedEvidence,
    refused: [RefusedEvidence]? = nil, time: Instant, source: String
  ) async throws -> Gate.Input {
    let live = try await serving(
      release.application, in: environment, besides: release.commitID,
      size: collected.position.size)
    let bundle = try await policy(
      of: collected.trust, application: release.application)
    return .init(
      release: release, environment: environment, bundle: bundle, evidence: collected.evidence,
      refused: refused ?? collected.refused, trust: collected.trust, live: live,
      calendar: try calendar(of: bundle.exceptions(in: environment), around: time),
      position: collected.position, time: time, timeSource: source)
  }

  /// Freezes and windows as instants; `nil` where a policy has none.
  func calendar(of rules: ExceptionRules?, around time: Instant) throws -> GateCalendar? {
    guard let rules, rules.needsCalendar else { return nil }
    do {
      return try CalendarExpansion(rules).calendar(around: time)
    } catch let problem as Problem {
      // A zone that another machine knew when the policy was pinned.
      throw Problem(.judgingFailed, problem.message, advice: problem.advice)
    }
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
    case .error:
      return Problem(.judgingFailed, "could not be judged:\(list)", at: place)
    case .waiting:
      return Problem(
        .waitingForApproval, "everything but approvals is there:\(list)", at: place,
        advice: "Approve with: pratique approve \(release.version) --environment \(environment)"
          + " --role ROLE --key FILE --reason TEXT")
    }
  }
}
