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
  /// The framework of each control, where the policy could be read; not part of the JSON.
  private let frameworks: [String: String]

  private enum CodingKeys: CodingKey { case decision, steps, isShortest }

  /// Explains an answer by the policy that gave it; `nil` where the policy could not be read.
  public init(_ decision: Decision, bundle: PolicyBundle?) {
    let way = ShortestWay(decision, bundle: bundle)
    self.decision = decision
    steps = way.steps
    isShortest = way.isShortest
    frameworks = Dictionary(
      (bundle?.catalogs ?? []).flatMap { catalog in
        catalog.controls.map { ($0.id, catalog.framework) }
      }, uniquingKeysWith: { first, _ in first })
  }

  /// The framework that a control is of; where nobody knows, the first part of its id.
  func framework(of control: String) -> String {
    frameworks[control] ?? String(control.prefix { $0 != "." })
  }

  /// The controls that are required, in the catalogs' order.
  var required: [ControlResult] { decision.controls.filter(\.isRequired) }

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

  /// Whether somebody opened the gate, or it only observes: then nothing was passed.
  var isOpened: Bool {
    decision.bypasses.contains { $0.kind == .breakGlass || $0.kind == .observation }
  }

  /// Controls that are met, excepted or out of scope.
  public var satisfied: [ControlResult] { decision.controls.filter { $0.state.isSatisfying } }

  /// Controls that are not satisfied and that the policy only shows.
  public var shown: [ControlResult] {
    decision.controls.filter { !$0.isRequired && !$0.state.isSatisfying }
  }
}
