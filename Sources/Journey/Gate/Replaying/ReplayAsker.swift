import Compliance
import Model

/// Asks the gate about one past decision after another, and reads each policy once.
struct ReplayAsker {
  /// Which policy decided: by the pinned digests, and the application that may have its own.
  private struct Pin: Hashable {
    let policies: [PolicyReference]
    let application: String
  }

  let home: LedgerHome
  let request: ReplayRequest
  private var bundles: [Pin: Result<PolicyBundle, Problem>] = [:]

  init(home: LedgerHome, request: ReplayRequest) {
    self.home = home
    self.request = request
  }

  /// What the gate says of what it saw then.
  mutating func answer(
    _ item: ReplayPlan.Item, pieces: [ReplayMemory.Piece], trust: TrustRoot, live: LiveRelease?
  ) async throws -> ReplayedDecision {
    let decision = item.decision
    var evidence: [AdmittedEvidence] = []
    var refused: [RefusedEvidence] = []
    var gone: Set<Int64> = []
    for piece in pieces {
      switch piece {
      case .admitted(let piece): evidence.append(piece)
      case .refused(let piece, let erasure):
        // What was erased since was there when the gate was asked.
        if let erasure, erasure >= decision.ledger.size {
          gone.insert(piece.index)
        } else {
          refused.append(piece)
        }
      }
    }
    let now: Decision
    do {
      now = try await ask(decision, evidence, refused, trust, live)
    } catch let problem as Problem {
      return ReplayedDecision(
        item, now: problem.code == .gateRefused ? .refused : .error, changes: [problem.message])
    }
    let asked = now.restoring(decision.inputs.filter { $0.entry.map(gone.contains) ?? false })
    var changes = DecisionDifference(from: decision, to: asked).sentences
    if !changes.isEmpty, !gone.isEmpty {
      let list = gone.sorted().prefix(5).map { "#\($0)" }.joined(separator: ", ")
      changes.append("\(gone.count) of its inputs were erased since: \(list)")
    }
    return ReplayedDecision(item, now: asked.outcome, changes: changes)
  }

  private mutating func ask(
    _ decision: Decision, _ evidence: [AdmittedEvidence], _ refused: [RefusedEvidence],
    _ trust: TrustRoot, _ live: LiveRelease?
  ) async throws -> Decision {
    let time = request.time ?? decision.time
    var input: Gate.Input
    do {
      let bundle = try await bundle(trust, decision.release.application)
      input = Gate.Input(
        release: decision.release, environment: decision.environment, bundle: bundle,
        evidence: evidence, refused: refused, trust: trust, live: live,
        calendar: try home.calendar(
          of: bundle.exceptions(in: decision.environment), around: time),
        position: decision.ledger, time: time, timeSource: decision.timeSource)
    } catch let problem as Problem where problem.code == .judgingFailed {
      // As it was answered then, if it was so then.
      guard let reference = trust.policy(for: decision.release.application) else { throw problem }
      return Gate.unjudged(
        decision.release, environment: decision.environment, policy: reference,
        position: decision.ledger, time: time, timeSource: decision.timeSource, problem)
    }
    input.unrecorded = UnrecordedEvidence.of(decision)
    if request.isWhatIf { input.given = GivenApprovals(decision) }
    return try Gate.decide(input)
  }

  private mutating func bundle(
    _ trust: TrustRoot, _ application: String
  ) async throws -> PolicyBundle {
    if let bundle = request.bundle { return bundle }
    let pin = Pin(policies: trust.policies, application: application)
    if let known = bundles[pin] { return try known.get() }
    let result: Result<PolicyBundle, Problem>
    do {
      result = .success(try await home.policy(of: trust, application: application))
    } catch let problem as Problem {
      result = .failure(problem)
    }
    bundles[pin] = result
    return try result.get()
  }
}
