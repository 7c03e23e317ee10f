public import Model

/// A gate's answer for people: the verdict, what was bypassed, the shortest way to green, and what
/// is met by which evidence.
public struct Explanation: Sendable, Encodable {
  /// The gate's answer.
  public let decision: Decision
  /// The fewest steps that lead to green, in the order in which they are taken; empty for a pass.
  public let steps: [WayStep]
  /// Whether the steps were shown to be the fewest; otherwise there were too many choices to try all.
  public let isShortest: Bool

  /// Explains an answer by the policy that gave it; `nil` where the policy could not be read.
  public init(_ decision: Decision, bundle: PolicyBundle?) {
    let way = ShortestWay(decision, bundle: bundle)
    self.decision = decision
    steps = way.steps
    isShortest = way.isShortest
  }

  /// How many controls are required, and how many of those are met, excepted or out of scope.
  var required: (satisfied: Int, all: Int) {
    let all = decision.controls.filter(\.isRequired)
    return (all.count { $0.state.isSatisfying }, all.count)
  }

  /// What stands above the steps: how many, and whether fewer would do.
  var wayHeading: String {
    "To green: \(steps.count) step\(steps.count == 1 ? "" : "s")"
      + (isShortest ? ", the fewest that do" : "")
  }

  /// Required controls that keep the gate shut, worst first, then in the catalogs' order.
  public var unmet: [ControlResult] {
    decision.controls.enumerated()
      .filter { $0.element.isRequired && !$0.element.state.isSatisfying }
      .sorted { ($1.element.state.severity, $0.offset) < ($0.element.state.severity, $1.offset) }
      .map(\.element)
  }

  /// Controls that are met, excepted or out of scope.
  public var satisfied: [ControlResult] { decision.controls.filter { $0.state.isSatisfying } }

  /// Controls that are not satisfied and that the policy only shows.
  public var shown: [ControlResult] {
    decision.controls.filter { !$0.isRequired && !$0.state.isSatisfying }
  }
}
