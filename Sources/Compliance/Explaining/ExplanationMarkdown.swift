import Model

/// An explanation as Markdown for a pull request: the same parts in the same order.
public struct ExplanationMarkdown {
  private let explanation: Explanation
  private let name: (String) -> String

  /// - Parameter name: the name behind a pseudonym.
  public init(_ explanation: Explanation, name: @escaping (String) -> String) {
    self.explanation = explanation
    self.name = name
  }

  private var decision: Decision { explanation.decision }

  /// The text.
  public var text: String {
    [verdict, bypasses, way, unmet, satisfied, approvals, shown].filter { !$0.isEmpty }
      .map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  private var verdict: [String] {
    let word =
      switch decision.outcome {
      case .allowed: explanation.isOpened ? "⚠️ Open, and not passed" : "✅ Pass"
      case .refused: "❌ Refused"
      case .waiting: "⏳ Waiting for approval"
      case .error: "⚠️ Error: it could not be judged, and so is refused"
      }
    let release = decision.release
    let required = explanation.required
    return [
      "## \(word): \(safe(release.application)) \(safe(release.version)) → "
        + safe(decision.environment), "",
      "Policy \(safe(decision.policy.name)) \(safe(decision.policy.version)):"
        + " \(ExplanationText.counts(required))."
        + " Ledger at \(decision.ledger.size) entries, \(decision.time).",
    ]
  }

  private func safe(_ text: String) -> String { ShownText.markdown(text) }

  private var bypasses: [String] {
    let lines = GroupedBypass.all(of: decision).map { bypass in
      "- **\(ExplanationText.word(bypass.kind))** \(safe(bypass.sentence))"
        + (bypass.control.map { " (\(safe($0)))" } ?? "")
        + (bypass.end.map { " until \($0)" } ?? "")
        + (bypass.evidence.map { " — entry \($0.index)" } ?? "")
    }
    let refused = decision.refused.map {
      "- **NOT ADMITTED** entry \($0.index), \(safe($0.kind.rawValue)): \(safe($0.reason))"
    }
    return lines.isEmpty && refused.isEmpty
      ? [] : ["### Skipped, overridden, waived", ""] + lines + refused
  }

  private var way: [String] {
    guard !explanation.steps.isEmpty else { return [] }
    return ["### \(explanation.wayHeading)", ""]
      + explanation.steps.enumerated().map { place, step in
        "\(place + 1). \(safe(step.sentence))"
          + (step.role.map { " (\(safe($0.rawValue)))" } ?? "")
          + (step.command.map { "<br>\(safe($0))" } ?? "")
      }
  }

  private var unmet: [String] {
    guard !explanation.unmet.isEmpty else { return [] }
    return ["### Not met", "", "| state | control | why |", "| --- | --- | --- |"]
      + explanation.unmet.map { control in
        let reasons = control.checks.filter { $0.state != .met }.map(\.reason)
        return "| \(ExplanationText.mark(control.state)) | \(safe(control.citation))"
          + " \(safe(control.title)) | \(reasons.map(safe).joined(separator: "<br>")) |"
      }
  }

  private var satisfied: [String] {
    guard !explanation.satisfied.isEmpty else { return [] }
    return [
      "<details><summary>Met: \(explanation.satisfied.count)</summary>", "",
      "| control | state | evidence | failed before |", "| --- | --- | --- | --- |",
    ]
      + explanation.satisfied.map { control in
        let evidence = control.checks.flatMap(\.evidence).map { "\($0.index)" }
        let earlier = control.checks.flatMap(\.earlierFailures).map { "\($0.index)" }
        return "| \(safe(control.citation)) \(safe(control.title))"
          + " | \(ExplanationText.mark(control.state)) | \(evidence.joined(separator: ", "))"
          + " | \(earlier.joined(separator: ", ")) |"
      } + ["", "</details>"]
  }

  private var approvals: [String] {
    guard !decision.approvals.isEmpty || !decision.rejectedApprovals.isEmpty else { return [] }
    return ["### Approvals", ""]
      + decision.approvals.map { approval in
        let people = approval.counted.map { "\(safe(name($0.signer))) (entry \($0.index))" }
        return "- \(safe(approval.role.rawValue)): \(approval.counted.count) of"
          + " \(approval.required)\(people.isEmpty ? "" : ": " + people.joined(separator: ", "))"
      }
      + decision.rejectedApprovals.map {
        "- does not count, entry \($0.approval.index): \(safe($0.reason))"
      }
  }

  private var shown: [String] {
    guard !explanation.shown.isEmpty else { return [] }
    return [
      "<details><summary>Shown, not required: \(explanation.shown.count)</summary>", "",
    ]
      + explanation.shown.map {
        "- \(ExplanationText.mark($0.state)): \(safe($0.citation)) \(safe($0.title))"
      } + ["", "</details>"]
  }
}
