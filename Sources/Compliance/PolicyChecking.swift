import Model
import Reading

/// What a policy and its catalogs must be to decide anything, however they were read.
struct PolicyChecking {
  let policy: Policy
  let catalogs: [Catalog]
  let parameters: [Catalog.Parameter]

  /// - Throws: `Problem` with `badInput`.
  func check() throws {
    try checkCatalogs()
    guard !policy.environments.isEmpty else {
      throw Problem(.badInput, "policy \"\(policy.policy)\" defines no environment")
    }
    if let retention = policy.retention { try check(retention) }
    var names: Set<String> = []
    for environment in policy.environments {
      guard names.insert(environment.name).inserted else {
        throw Problem(.badInput, "the environment \"\(environment.name)\" is defined twice")
      }
      try checkApprovals(of: environment)
      try checkControls(of: environment)
      if let fault = environment.exceptions?.fault {
        throw Problem(.badInput, "the environment \"\(environment.name)\": \(fault)")
      }
    }
  }

  private func checkCatalogs() throws {
    var ids: Set<String> = []
    for control in catalogs.flatMap(\.controls) {
      guard Actor.isIdentifier(control.id) else {
        throw Problem(.badInput, "the control id \"\(control.id)\" is no identifier")
      }
      guard ids.insert(control.id).inserted else {
        throw Problem(
          .badInput,
          "two catalogs of policy \"\(policy.policy)\" have the control \"\(control.id)\"")
      }
      for check in control.checks {
        guard !check.kinds.isEmpty,
          check.kinds.allSatisfy({ Shape.kinds[$0] != nil && check.subject.isPossible(for: $0) }),
          isPossible(check.maximumAge)
        else {
          throw Problem(
            .badInput, "the check \"\(check.id)\" of \"\(control.id)\" asks what cannot be asked")
        }
      }
    }
  }

  private func isPossible(_ age: Catalog.Age?) -> Bool {
    switch age {
    case nil: return true
    case .days(let days): return Catalog.Check.ages.contains(days)
    case .parameter(let name):
      guard case .integer(let days) = parameters.first(where: { $0.name.isSame(as: name) })?.value
      else { return false }
      return Int(exactly: days).map(Catalog.Check.ages.contains) ?? false
    }
  }

  private func check(_ retention: RetentionPolicy) throws {
    let kinds = retention.kinds.map(\.kind)
    let times = [retention.days] + retention.kinds.map(\.days)
    guard times.allSatisfy(RetentionPolicy.bounds.contains), Set(kinds).count == kinds.count,
      EvidenceKind.permanent.isDisjoint(with: kinds)
    else {
      throw Problem(
        .badInput, "policy \"\(policy.policy)\" keeps payloads for a time that cannot be")
    }
  }

  private func checkControls(of environment: Policy.Environment) throws {
    let selection = ControlSelection(
      environment: environment, controls: catalogs.flatMap(\.controls))
    for (control, isRequired) in try selection.asked() where isRequired && !control.isDecidable {
      throw Problem(
        .badInput,
        "the environment \"\(environment.name)\" requires the control \"\(control.id)\", which no"
          + " check can decide, so that its gate would never open",
        advice: "List it under \"shown\", where a person judges it.")
    }
  }

  private func checkApprovals(of environment: Policy.Environment) throws {
    guard !environment.required.isEmpty || !environment.approvals.isEmpty else {
      throw Problem(
        .badInput,
        "the environment \"\(environment.name)\" asks nothing, so its gate would always be open")
    }
    var roles: Set<Role> = []
    for requirement in environment.approvals {
      if let fault = requirement.fault {
        throw Problem(.badInput, "the environment \"\(environment.name)\": \(fault)")
      }
      guard roles.insert(requirement.role).inserted else {
        throw Problem(
          .badInput,
          "the environment \"\(environment.name)\" asks for the role"
            + " \"\(requirement.role.rawValue)\" twice, and one approval would count for both",
          advice: "Say it once, with \"count\".")
      }
    }
  }
}
