import Model

/// Steps: what passed, what did not, and what a condition left out.
extension Judgement {
  /// Whether a piece says nothing where its series has another: a step that was skipped in one run
  /// takes nothing away from what it came to in another, be that good or bad.
  func yields(_ rule: Rule, _ evidence: AdmittedEvidence) throws -> Bool {
    guard case .stepsPassed = rule else { return false }
    return try evidence.predicate(as: StepReport.self).outcome == .skipped
  }

  func stepPassed(_ step: StepReport, _ skipped: Rule.Skipped) -> Answer {
    let name = "the step \(step.stage)/\(step.step)"
    switch step.outcome {
    case .passed: return .met("\(name) passed")
    case .skipped where skipped == .show: return .met(Self.skippedWords(step))
    case .skipped: return .notMet("\(name) was skipped: \(step.reason ?? "by its condition")")
    default: return .notMet("\(name) ended as \(step.outcome.rawValue)")
    }
  }

  /// All steps that decide, none of which failed.
  func stepsPassed(_ steps: [StepReport]) -> Answer {
    let passed = steps.filter { $0.outcome == .passed }
    let skipped = steps.filter { $0.outcome == .skipped }.map(Self.skippedWords)
    let words = skipped.isEmpty ? "" : "; skipped: " + skipped.joined(separator: ", ")
    guard let first = passed.first else { return .notMet("no step passed\(words)") }
    return .met(
      (passed.count == 1
        ? "the step \(first.stage)/\(first.step) passed"
        : "each of the \(passed.count) steps on record passed") + words)
  }

  private static func skippedWords(_ step: StepReport) -> String {
    "\(step.stage)/\(step.step)" + (step.reason.map { " (\($0))" } ?? "")
  }
}
