import Model

/// What a policy only shows, counted for each framework, so that the rest of an explanation keeps its
/// place on the screen.
///
/// What is missing is counted; what was answered and is not met is named.
struct ShownControls {
  let explanation: Explanation

  private static let named = 6

  /// The lines; none where nothing is shown.
  var lines: [String] {
    let all = explanation.shown
    guard !all.isEmpty else { return [] }
    let release = explanation.decision.release.version
    let environment = explanation.decision.environment
    return ["Shown, not required: \(counts(all))"]
      + frameworks(all).map { name, controls in
        "  \(name): \(names(controls))"
      }
      + ["  Each with its reason: pratique gate \(release) --environment \(environment)"]
  }

  private func frameworks(_ controls: [ControlResult]) -> [(String, [ControlResult])] {
    var groups: [(name: String, controls: [ControlResult])] = []
    for control in controls {
      let name = explanation.framework(of: control.control)
      if let place = groups.firstIndex(where: { $0.name == name }) {
        groups[place].controls.append(control)
      } else {
        groups.append((name, [control]))
      }
    }
    return groups.map { ($0.name, $0.controls) }
  }

  private static let states: [ControlState] = [.notMet, .stale, .needsPerson, .missing]

  private func counts(_ controls: [ControlResult]) -> String {
    Self.states.compactMap { state in
      let count = controls.count { $0.state == state }
      let mark =
        state == .needsPerson ? "for a person to say" : ExplanationText.mark(state).lowercased()
      return count == 0 ? nil : "\(count) \(mark)"
    }.joined(separator: ", ")
  }

  private func names(_ controls: [ControlResult]) -> String {
    Self.states.compactMap { state in
      let some = controls.filter { $0.state == state }.map(\.control)
      guard !some.isEmpty else { return nil }
      let mark = ExplanationText.mark(state)
      guard state != .missing else { return "\(some.count) \(mark)" }
      return "\(mark) \(some.prefix(Self.named).joined(separator: ", "))"
        + (some.count > Self.named ? " and \(some.count - Self.named) more" : "")
    }.joined(separator: "; ")
  }
}
