import Compliance
public import Model

/// Controls for which a role answers that somebody holds.
public struct OwnedControls: Hashable, Sendable, Encodable {
  /// The role that catalogs name as the owner.
  public let role: Role
  /// Ids of the controls that the policies in force ask somewhere, in the catalogs' order.
  public let controls: [String]
  /// Pseudonyms of the others who hold the role now: nobody, and the controls need a new owner; one,
  /// and that person answers for them alone.
  public let others: [String]
}

extension LedgerHome {
  /// The controls for which a person answers by the policies in force, role by role.
  ///
  /// - Throws: `Problem` with `judgingFailed` for a pinned policy that is not there.
  func ownedControls(
    of person: TrustRoot.Person, _ root: TrustRoot, at now: Instant
  ) async throws -> [OwnedControls] {
    let asked = try await askedControls(root)
    return person.roles.compactMap { role in
      let controls = asked.filter { $0.owners.contains(role) }.map(\.id)
      guard !controls.isEmpty else { return nil }
      return OwnedControls(
        role: role, controls: controls,
        others: root.people.filter {
          $0.id != person.id && $0.isPresent(at: now) && $0.roles.contains(role)
        }.map(\.id))
    }
  }

  /// Every control that a policy in force requires or shows in any environment, once.
  private func askedControls(
    _ root: TrustRoot
  ) async throws -> [(id: String, owners: Set<Role>)] {
    guard !root.policies.isEmpty else { return [] }
    var bundles = [try await policy(of: root)]
    for application in root.applicationPolicies ?? [] {
      bundles.append(try await policy(of: root, application: application.application))
    }
    var known: Set<String> = []
    var asked: [(id: String, owners: Set<Role>)] = []
    for bundle in bundles {
      for environment in bundle.policy.environments {
        let named = bundle.controls(in: environment)
        for control in named.required + named.shown where known.insert(control.id).inserted {
          asked.append(
            (
              control.id,
              Set([control.owner].compactMap(\.self) + control.checks.compactMap(\.owner))
            ))
        }
      }
    }
    return asked
  }
}
