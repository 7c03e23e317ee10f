import Compliance
import Model

/// A control on one line.
public struct ControlLine: Hashable, Sendable, Codable {
  /// The id.
  public let control: String
  /// The citation, with a word where it was not verified against the text.
  public let citation: String
  /// A title in our own words.
  public let title: String
  /// The catalog.
  public let catalog: String
  /// What weight the framework gives it.
  public let level: String?
  /// `organisation`, `system` or `release`.
  public let scope: String
  /// How far evidence decides: `evidence`, `evidence-and-person`, `person` or `inherited`.
  public let automation: String
  /// The role that answers for it.
  public let owner: String?
  /// How many checks ask for it.
  public let checks: Int
  /// The environments that require it.
  public let required: [String]
  /// The environments that only show it.
  public let shown: [String]
}

extension ControlBook {
  /// Which controls are listed; `nil` for any.
  public struct Filter: Sendable {
    /// The catalog's name.
    public var catalog: String?
    /// How far evidence decides.
    public var automation: String?
    /// Of what it speaks.
    public var scope: String?
    /// An environment that requires or shows it.
    public var environment: String?

    /// Lists all controls.
    public init() {}
  }

  /// The controls in the order of the catalogs.
  ///
  /// - Throws: `Problem` with `badInput` for a filter's word that nothing has.
  public func list(_ filter: Filter = Filter()) throws -> [ControlLine] {
    let environments = bundle?.policy.environments.map(\.name) ?? []
    try check(filter.catalog, of: catalogs.map(\.catalog), "catalog")
    try check(filter.automation, of: Catalog.Automation.allCases.map(\.rawValue), "automation")
    try check(filter.scope, of: Catalog.Scope.allCases.map(\.rawValue), "scope")
    try check(filter.environment, of: environments, "environment")
    let places = places
    return catalogs.flatMap { catalog in
      catalog.controls.map { control in
        ControlLine(
          control: control.id, citation: control.shownCitation, title: control.title,
          catalog: catalog.catalog, level: control.level?.rawValue, scope: control.scope.rawValue,
          automation: control.automation.rawValue, owner: control.owner?.rawValue,
          checks: control.checks.count, required: places.required[control.id] ?? [],
          shown: places.shown[control.id] ?? [])
      }
    }.filter { filter.takes($0) }
  }

  private func check(_ word: String?, of words: [String], _ what: String) throws {
    guard let word, !words.contains(word) else { return }
    throw Problem(
      .badInput, "there is no \(what) \"\(word)\"",
      advice: "There is: \(words.joined(separator: ", "))")
  }
}

extension ControlBook.Filter {
  fileprivate func takes(_ line: ControlLine) -> Bool {
    (catalog ?? line.catalog) == line.catalog
      && (automation ?? line.automation) == line.automation && (scope ?? line.scope) == line.scope
      && environment.map { (line.required + line.shown).contains($0) } ?? true
  }
}

extension Catalog.Control {
  /// The citation, with a word where nobody compared it with the text.
  var shownCitation: String {
    citation + (isTextChecked ? "" : " (not verified against the text)")
  }
}
