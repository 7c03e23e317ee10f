import Reading

extension Statement {
  /// The application that it speaks of; `nil` for kinds that belong to none.
  ///
  /// Where it stands in each kind is the table of docs/formats/evidence.md.
  public var application: String? {
    field("application", "urn:pratique:application")
      ?? predicate[Self.decision]?["release"]?["application"]?.string
  }

  /// The environment that it speaks of; `nil` where it speaks of none.
  public var environment: String? {
    field("environment", "urn:pratique:environment")
      ?? predicate[Self.decision]?["environment"]?.string
  }

  /// Id of the run that made it; `nil` for what no run makes.
  public var run: String? { field("run", "urn:pratique:run") }

  private static let decision = "urn:pratique:decision:v1"

  /// A field of this program's own: by its name in predicates of its own, by a URI in others.
  private func field(_ name: String, _ foreign: String) -> String? {
    predicate[predicateType.utf8.starts(with: "urn:pratique:".utf8) ? name : foreign]?.string
  }
}
