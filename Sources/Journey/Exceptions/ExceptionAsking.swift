import Attestation
import Compliance
import Model
import Reading

/// Asks the policy in force who may do what beside the way through a gate, before anything is signed.
///
/// The gate asks again, of the ledger: this only spares people an act that would not count.
struct ExceptionAsking {
  let rules: ExceptionRules
  private let controls: [String]
  private let environment: String
  private let trust: TrustRoot

  /// - Throws: `Problem` with `notFound` for an environment that the policy does not define.
  init(_ home: LedgerHome, environment: String) async throws {
    trust = try await home.trustRoot()
    let bundle = try await home.policy(of: trust)
    let names = bundle.policy.environments.map(\.name)
    guard names.contains(where: { $0.utf8.elementsEqual(environment.utf8) }) else {
      throw Problem(
        .notFound, "the policy defines no environment \"\(environment)\"",
        advice: "Defined are: " + names.joined(separator: ", "))
    }
    rules = bundle.exceptions(in: environment) ?? .none
    controls = bundle.catalogs.flatMap(\.controls).map(\.id)
    self.environment = environment
  }

  /// What the policy says of an act.
  ///
  /// - Throws: `Problem` with `notTrusted` when it says nothing, so that nobody may.
  func rule<Rule>(_ rule: KeyPath<ExceptionRules, Rule?>, _ words: String) throws -> Rule {
    guard let found = rules[keyPath: rule] else {
      throw Problem(
        .notTrusted, "by the policy nobody \(words) in environment \"\(environment)\"",
        advice: "What it allows stands under the environment: docs/exceptions.md.")
    }
    return found
  }

  /// The same for who may state an exception.
  func permission(
    _ permission: KeyPath<ExceptionRules, ExceptionRules.Permission?>, _ words: String
  ) throws -> ExceptionRules.Permission {
    try rule(permission, words)
  }

  /// The controls that ids, or beginnings of ids that end with `*`, name; each once.
  ///
  /// - Throws: `Problem` with `notFound` for one that names none.
  func controls(matching patterns: [String]) throws -> [String] {
    var named: Set<String> = []
    for pattern in patterns {
      let found = controls.filter { id in
        pattern.hasSuffix("*")
          ? id.utf8.starts(with: pattern.utf8.dropLast()) : id.utf8.elementsEqual(pattern.utf8)
      }
      guard !found.isEmpty else {
        let nearest = NearestWord.to(pattern, in: controls)
        throw Problem(
          .notFound, "no catalog of the policy has the control \"\(pattern)\"",
          advice: nearest.map { "Did you mean \"\($0)\"?" })
      }
      named.formUnion(found)
    }
    return named.sorted()
  }

  /// Whether the policy lets these controls be excepted for so many days.
  ///
  /// - Throws: `Problem`.
  func check(
    _ named: [String], _ permission: ExceptionRules.Permission, days: Int
  ) throws {
    for control in try controls(matching: named) where permission.isForbidden(control) {
      throw Problem(
        .notTrusted, "by the policy nobody may except \"\(control)\" in \"\(environment)\"")
    }
    try check(days, at: permission.maximumDays, "days")
  }

  /// - Throws: `Problem` with `badInput` for a time that is longer than the policy allows.
  func check(_ time: Int, at maximum: Int, _ unit: String) throws {
    guard (1...maximum).contains(time) else {
      throw Problem(
        .badInput,
        "\(time) \(unit) are asked for; in environment \"\(environment)\" the policy"
          + " allows from 1 to \(maximum)")
    }
  }

  /// - Throws: `Problem` with `notTrusted` for a role that may not.
  func check(_ person: Signatory, among roles: [Role], _ words: String) throws {
    guard roles.contains(person.role) else {
      throw Problem(
        .notTrusted,
        "as \(person.role.rawValue) \(person.person) may not \(words) in \"\(environment)\"",
        advice: "The policy names: \(roles.map(\.rawValue).joined(separator: ", "))")
    }
  }

  /// The person in a role that may, where they did not say in which one they act.
  func preferring(_ roles: [Role], _ acting: ActingPerson) -> ActingPerson {
    guard acting.role == nil,
      let holder = trust.keys.first(where: { $0.id == acting.signer.publicKey.id })?.holder,
      let role = trust.roles(of: holder).first(where: roles.contains)
    else { return acting }
    return ActingPerson(signer: acting.signer, role: role)
  }
}
