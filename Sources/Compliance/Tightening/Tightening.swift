public import Model

/// Whether a team's policy asks at least what the organisation's asks: the same controls or more, as
/// many approvals or more, ages as short or shorter, no more exceptions. What cannot be told to be a
/// tightening is refused as a loosening.
public struct Tightening: Sendable {
  private let least: PolicyBundle
  private let own: PolicyBundle

  /// Compares a team's policy with the organisation's.
  public init(of least: PolicyBundle, by own: PolicyBundle) {
    self.least = least
    self.own = own
  }

  /// Everything that the team's policy loosens, a sentence each; empty when it loosens nothing.
  public var faults: [String] {
    var faults: [String] = []
    if own.policy.acceptsExampleFeeds, !least.policy.acceptsExampleFeeds {
      faults.append("it lets scans that rest on an example feed count")
    }
    if let retention = own.policy.retention, retention != least.policy.retention {
      faults.append("it says how long payloads are kept, which the organisation's policy says")
    }
    faults += ParameterTightening(least: least, own: own).faults
    for environment in own.policy.environments
    where !least.policy.environments.contains(where: { $0.name.isSame(as: environment.name) }) {
      faults.append(
        "it defines the environment \"\(environment.name)\", which the organisation's does not")
    }
    for environment in least.policy.environments {
      guard
        let team = own.policy.environments.first(where: { $0.name.isSame(as: environment.name) })
      else {
        faults.append("it leaves out the environment \"\(environment.name)\"")
        continue
      }
      let place = "in environment \"\(environment.name)\" "
      faults +=
        (controls(environment, team) + approvals(environment, team)
        + ExceptionTightening(
          least: environment.exceptions ?? .none, own: team.exceptions ?? .none
        ).faults).map { place + $0 }
    }
    return faults
  }

  /// The problem that stands in the way; `nil` when nothing is loosened.
  public func problem(_ code: Problem.Code) -> Problem? {
    let faults = faults
    guard !faults.isEmpty else { return nil }
    return Problem(
      code,
      "the policy \"\(own.policy.policy)\" may only tighten the organisation's,"
        + " \"\(least.policy.policy)\":" + faults.map { "\n  - \($0)" }.joined(),
      advice: "Ask for the same or more; what is to be looser, the organisation's policy must say.")
  }

  /// A control is asked by what it is, not by its name alone: another catalog under the same id could
  /// ask nothing.
  private func controls(
    _ least: Policy.Environment, _ team: Policy.Environment
  ) -> [String] {
    let asked = (least: self.least.controls(in: least), own: own.controls(in: team))
    let seen = asked.own.required + asked.own.shown
    return asked.least.required.compactMap { control in
      guard let same = asked.own.required.first(where: { $0.id.isSame(as: control.id) }) else {
        return "it does not require the control \"\(control.id)\""
      }
      return same == control
        ? nil : "the control \"\(control.id)\" is another one in its catalogs"
    }
      + asked.least.shown.compactMap { control in
        seen.contains { $0.id.isSame(as: control.id) }
          ? nil : "it does not show the control \"\(control.id)\""
      }
  }

  private func approvals(_ least: Policy.Environment, _ team: Policy.Environment) -> [String] {
    least.approvals.flatMap { rule -> [String] in
      let role = rule.role.rawValue
      guard let same = team.approvals.first(where: { $0.role == rule.role }) else {
        return ["it asks for no approval of role \"\(role)\""]
      }
      var faults: [String] = []
      if same.count < rule.count {
        faults.append(
          "it asks for \(same.count) approval(s) of role \"\(role)\", not \(rule.count)")
      }
      if let meaning = rule.meaning, same.meaning != meaning {
        faults.append("approvals of role \"\(role)\" do not mean \"\(meaning)\"")
      }
      if let days = rule.maximumAgeDays, same.maximumAgeDays.map({ $0 > days }) ?? true {
        faults.append("approvals of role \"\(role)\" count for longer than \(days) days")
      }
      return faults
    }
  }
}
