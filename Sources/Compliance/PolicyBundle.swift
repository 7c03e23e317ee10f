public import Model
import Reading

/// A policy with the catalogs that it draws on: what the trust root pins by digest.
public struct PolicyBundle: Hashable, Sendable, Codable {
  /// The policy.
  public let policy: Policy
  /// Its catalogs.
  public let catalogs: [Catalog]

  /// Binds a policy to its catalogs.
  ///
  /// - Throws: `Problem` with `badInput` when the two do not fit: a control that no catalog has, or
  ///   two; a control that is required, but that evidence alone can never meet; a gate that asks
  ///   nothing; an approval rule that says a role twice.
  public init(policy: Policy, catalogs: [Catalog]) throws {
    self.policy = policy
    self.catalogs = catalogs
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
      try checkControls(of: environment)
      try checkApprovals(of: environment)
      if let fault = environment.exceptions?.fault {
        throw Problem(.badInput, "the environment \"\(environment.name)\": \(fault)")
      }
    }
  }

  /// The canonical bytes, by whose digest the trust root pins the policy.
  public func bytes() throws -> [UInt8] { try CanonicalJSON.write(self) }

  /// Reads a pinned bundle, and checks it as if it were read for the first time.
  ///
  /// - Throws: `Problem` with `judgingFailed` when the bytes are not the pinned ones or not a bundle.
  public init(pinned bytes: [UInt8], as reference: PolicyReference) throws {
    guard Digest.sha256(bytes) == reference.digest else {
      throw Problem(.judgingFailed, "the policy's bytes are not those that the trust root pins")
    }
    do {
      let read: PolicyBundle = try JSONReader.read(bytes).decode()
      try self.init(policy: read.policy, catalogs: read.catalogs)
    } catch {
      throw Problem(
        .judgingFailed, "the pinned policy cannot be used by this version of the program: \(error)")
    }
  }

  /// Name, version and digest.
  public func reference() throws -> PolicyReference {
    PolicyReference(
      name: policy.policy, version: policy.version, digest: .sha256(try bytes()))
  }

  /// What people may do beside the way through an environment's gate; `nil` for nothing.
  public func exceptions(in environment: String) -> ExceptionRules? {
    policy.environments.first { $0.name.isSame(as: environment) }?.exceptions
  }

  /// The control of that id.
  func control(_ id: String) -> Catalog.Control? {
    catalogs.lazy.flatMap(\.controls).first { $0.id.isSame(as: id) }
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
        guard check.rule.kinds.contains(check.kind), check.subject.isPossible(for: check.kind),
          check.maximumAgeDays.map(Catalog.Check.ages.contains) ?? true, check.rule.isWithinBounds
        else {
          throw Problem(
            .badInput, "the check \"\(check.id)\" of \"\(control.id)\" asks what cannot be asked")
        }
      }
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
    let named = environment.required + environment.shown
    for id in named where control(id) == nil {
      let nearest = NearestWord.to(id, in: catalogs.flatMap(\.controls).map(\.id))
      throw Problem(
        .badInput,
        "the environment \"\(environment.name)\" names the control \"\(id)\", which no catalog"
          + " has", advice: nearest.map { "Did you mean \"\($0)\"?" })
    }
    guard Set(named).count == named.count else {
      throw Problem(.badInput, "the environment \"\(environment.name)\" names a control twice")
    }
    for control in environment.required.compactMap(control) {
      guard control.automation == .evidence, !control.checks.isEmpty else {
        throw Problem(
          .badInput,
          "the environment \"\(environment.name)\" requires the control \"\(control.id)\", which"
            + " evidence alone cannot decide, so that its gate would never open",
          advice: "List it under \"shown\", where a person judges it.")
      }
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
