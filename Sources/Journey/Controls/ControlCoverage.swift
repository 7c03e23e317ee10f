import Compliance
import Model

/// How far the checks of a catalog reach: what evidence decides, what people say, and what nobody
/// asks yet.
public struct ControlCoverage: Hashable, Sendable, Codable {
  /// The catalog.
  public let catalog: String
  /// The framework, in words.
  public let framework: String
  /// Whether it is not in force yet.
  public let isProposed: Bool
  /// How many controls it has.
  public let controls: Int
  /// How many evidence decides.
  public let byEvidence: Int
  /// How many evidence and a person decide.
  public let byEvidenceAndPerson: Int
  /// How many a person decides.
  public let byPerson: Int
  /// How many a provider answers for.
  public let inherited: Int
  /// Controls that no check asks for.
  public let unchecked: [String]
  /// How many citations were not verified against the text.
  public let unverified: Int
  /// What each environment of the policy makes of it.
  public let environments: [Environment]

  /// What an environment makes of a catalog.
  public struct Environment: Hashable, Sendable, Codable {
    /// The environment.
    public let environment: String
    /// How many of its controls must be met.
    public let required: Int
    /// How many are shown, whatever they say.
    public let shown: Int
    /// How many are not asked at all.
    public let unasked: Int

    /// States the figures of one environment.
    public init(environment: String, required: Int, shown: Int, unasked: Int) {
      self.environment = environment
      self.required = required
      self.shown = shown
      self.unasked = unasked
    }
  }
}

extension ControlBook {
  /// The reach of each catalog.
  public func coverage() -> [ControlCoverage] {
    let places = places
    return catalogs.map { catalog in
      func count(_ automation: Catalog.Automation) -> Int {
        catalog.controls.count { $0.automation == automation }
      }
      let names = bundle?.policy.environments.map(\.name) ?? []
      return ControlCoverage(
        catalog: catalog.catalog, framework: catalog.framework, isProposed: catalog.isProposed,
        controls: catalog.controls.count, byEvidence: count(.evidence),
        byEvidenceAndPerson: count(.evidenceAndPerson), byPerson: count(.person),
        inherited: count(.inherited),
        unchecked: catalog.controls.filter(\.checks.isEmpty).map(\.id),
        unverified: catalog.controls.count { !$0.isTextChecked },
        environments: names.map { name in
          let required = catalog.controls.count {
            places.required[$0.id]?.contains(name) ?? false
          }
          let shown = catalog.controls.count { places.shown[$0.id]?.contains(name) ?? false }
          return .init(
            environment: name, required: required, shown: shown,
            unasked: catalog.controls.count - required - shown)
        })
    }
  }
}
