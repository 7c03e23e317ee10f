import Model
import Reading

/// Reads catalogs.
struct CatalogReader {
  func catalog(_ node: YAMLNode) throws -> Catalog {
    let fields = try FieldReader(
      node, "a catalog", known: ["catalog", "version", "framework", "controls"])
    let controls = try fields.list("controls").map(control)
    try refuseRepeated(controls.map(\.id), of: fields.list("controls"), "the control")
    guard !controls.isEmpty else {
      throw ReadingError("a catalog needs at least one control", at: node.position)
    }
    return Catalog(
      catalog: try fields.requiredString("catalog"), version: try fields.requiredString("version"),
      framework: try fields.requiredString("framework"), controls: controls)
  }

  private func control(_ node: YAMLNode) throws -> Catalog.Control {
    let fields = try FieldReader(
      node, "a control",
      known: [
        "id", "citation", "title", "scope", "automation", "producer", "text-checked", "checks",
      ])
    let scope = try fields.choice("scope", of: Catalog.Scope.allCases.map(\.rawValue))
    let automation = try fields.choice(
      "automation", of: Catalog.Automation.allCases.map(\.rawValue))
    guard let scope = scope.flatMap(Catalog.Scope.init),
      let automation = automation.flatMap(Catalog.Automation.init)
    else {
      throw ReadingError("a control needs \"scope\" and \"automation\"", at: node.position)
    }
    let checks = try fields.list("checks").map(check)
    try refuseRepeated(checks.map(\.id), of: fields.list("checks"), "the check")
    return Catalog.Control(
      id: try identifier(fields), citation: try fields.requiredString("citation"),
      title: try fields.requiredString("title"), scope: scope, automation: automation,
      producer: try fields.requiredString("producer"),
      isTextChecked: try fields.bool("text-checked") ?? false, checks: checks)
  }

  private func check(_ node: YAMLNode) throws -> Catalog.Check {
    let fields = try FieldReader(
      node, "a check", known: ["id", "kind", "subject", "maximum-age-days", "rule", "with", "fix"])
    let name = try fields.choice("rule", of: Rule.names)
    guard let name else { throw ReadingError("a check needs \"rule\"", at: node.position) }
    let kind = EvidenceKind(rawValue: try fields.requiredString("kind"))
    let rule = try Rule(name: name, parameters: fields.node("with"), at: node)
    guard rule.kinds.contains(kind) else {
      throw ReadingError(
        "the rule \"\(name)\" does not judge evidence of kind \"\(kind.rawValue)\"; it judges "
          + rule.kinds.map(\.rawValue).joined(separator: ", "),
        at: try fields.required("kind").position)
    }
    let subject =
      try fields.choice("subject", of: Catalog.SubjectKind.allCases.map(\.rawValue))
      .flatMap(Catalog.SubjectKind.init) ?? .usual(for: kind)
    guard subject.isPossible(for: kind) else {
      throw ReadingError(
        "evidence of kind \"\(kind.rawValue)\" does not speak of \"\(subject.rawValue)\"",
        at: try fields.required("subject").position)
    }
    return Catalog.Check(
      id: try identifier(fields), kind: kind, subject: subject,
      maximumAgeDays: try fields.integer("maximum-age-days", in: Catalog.Check.ages), rule: rule,
      fix: try fields.requiredString("fix"))
  }

  /// Ids are compared byte by byte and travel in reports: nothing but the form of identifiers.
  private func identifier(_ fields: FieldReader) throws -> String {
    let id = try fields.requiredString("id")
    guard Actor.isIdentifier(id) else {
      throw ReadingError(
        "\"\(id)\" is no identifier: use a-z, 0-9, '.', '_' and '-', at most 64 of them",
        at: try fields.required("id").position)
    }
    return id
  }

  private func refuseRepeated(_ ids: [String], of nodes: [YAMLNode], _ what: String) throws {
    var seen: Set<String> = []
    for (id, node) in zip(ids, nodes) where !seen.insert(id).inserted {
      throw ReadingError("\(what) \"\(id)\" stands twice", at: node.position)
    }
  }
}
