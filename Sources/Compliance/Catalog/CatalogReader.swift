import Model
import Reading

/// Reads catalogs.
struct CatalogReader {
  func catalog(_ node: YAMLNode) throws -> Catalog {
    let fields = try FieldReader(
      node, "a catalog",
      known: [
        "catalog", "version", "framework", "about", "proposed", "parameters", "controls",
      ])
    let parameters = try Catalog.Parameter.read(fields.mapping("parameters"))
    let controls = try fields.list("controls").map { try control($0, parameters) }
    try Self.refuseRepeated(controls.map(\.id), of: fields.list("controls"), "the control")
    guard !controls.isEmpty else {
      throw ReadingError("a catalog needs at least one control", at: node.position)
    }
    return Catalog(
      catalog: try fields.requiredString("catalog"), version: try fields.requiredString("version"),
      framework: try fields.requiredString("framework"), about: try fields.string("about"),
      isProposed: try fields.bool("proposed") ?? false, parameters: parameters, controls: controls)
  }

  private func control(
    _ node: YAMLNode, _ parameters: [Catalog.Parameter]
  ) throws -> Catalog.Control {
    let fields = try FieldReader(
      node, "a control",
      known: [
        "id", "citation", "level", "title", "scope", "automation", "producer", "owner",
        "text-checked", "cross-references", "checks",
      ])
    let scope = try fields.choice("scope", of: Catalog.Scope.allCases.map(\.rawValue))
    let automation = try fields.choice(
      "automation", of: Catalog.Automation.allCases.map(\.rawValue))
    guard let scope = scope.flatMap(Catalog.Scope.init),
      let automation = automation.flatMap(Catalog.Automation.init)
    else {
      throw ReadingError("a control needs \"scope\" and \"automation\"", at: node.position)
    }
    let reader = CheckReader(parameters: parameters)
    let checks = try fields.list("checks").map(reader.check)
    try Self.refuseRepeated(checks.map(\.id), of: fields.list("checks"), "the check")
    return Catalog.Control(
      id: try Self.identifier(fields), citation: try fields.requiredString("citation"),
      level: try fields.choice("level", of: Catalog.Level.allCases.map(\.rawValue))
        .flatMap(Catalog.Level.init),
      title: try fields.requiredString("title"), scope: scope, automation: automation,
      producer: try fields.requiredString("producer"), owner: try Self.owner(fields),
      isTextChecked: try fields.bool("text-checked") ?? false,
      crossReferences: try fields.strings("cross-references"), checks: checks)
  }

  /// Ids are compared byte by byte and travel in reports: nothing but the form of identifiers.
  static func identifier(_ fields: FieldReader) throws -> String {
    let id = try fields.requiredString("id")
    guard Actor.isIdentifier(id) else {
      throw ReadingError(
        "\"\(id)\" is no identifier: use a-z, 0-9, '.', '_' and '-', at most 64 of them",
        at: try fields.required("id").position)
    }
    return id
  }

  /// The role that answers for a control or a check.
  static func owner(_ fields: FieldReader) throws -> Role? {
    guard let owner = try fields.string("owner") else { return nil }
    guard Actor.isIdentifier(owner) else {
      throw ReadingError(
        "\"\(owner)\" is no role: use a-z, 0-9, '.', '_' and '-'",
        at: try fields.required("owner").position)
    }
    return Role(rawValue: owner)
  }

  static func refuseRepeated(_ ids: [String], of nodes: [YAMLNode], _ what: String) throws {
    var seen: Set<String> = []
    for (id, node) in zip(ids, nodes) where !seen.insert(id).inserted {
      throw ReadingError("\(what) \"\(id)\" stands twice", at: node.position)
    }
  }
}
