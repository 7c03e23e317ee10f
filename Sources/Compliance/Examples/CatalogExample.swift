import Model
import Reading

/// An example that a check ships: evidence, and what the check must say of it.
struct CatalogExample {
  /// A piece of made-up evidence.
  struct Piece {
    let kind: EvidenceKind
    let subject: String
    let signer: String?
    let ageDays: Int
    let predicate: JSONValue
    let position: Position
  }

  let control: String
  let check: String
  let state: ControlState
  /// A part of the reason; `nil` for any.
  let because: String?
  let pieces: [Piece]
  let environment: String
  let parameters: [Catalog.Parameter]
  let acceptsExampleFeeds: Bool
  let trust: JSONValue?
  let position: Position

  /// What `subject` may say: of this release, or of another.
  static let subjects =
    Catalog.SubjectKind.allCases.map(\.rawValue) + ["other-commit", "other-image"]
}

/// Reads the examples of a catalog.
struct ExampleReader {
  let catalog: Catalog

  /// All examples, in the order of the file.
  ///
  /// - Throws: `ReadingError` for an example that is of another form.
  func examples(_ node: YAMLNode) throws -> [CatalogExample] {
    let controls = node["controls"]?.elements ?? []
    return try zip(catalog.controls, controls).flatMap { control, node in
      try zip(control.checks, node["checks"]?.elements ?? []).flatMap { check, node in
        try examples(control, check, node["examples"])
      }
    }
  }

  private func examples(
    _ control: Catalog.Control, _ check: Catalog.Check, _ node: YAMLNode?
  ) throws -> [CatalogExample] {
    guard let node else { return [] }
    let fields = try FieldReader(node, "examples", known: ["good", "bad"])
    let good = try fields.list("good").map { try example(control, check, $0, isGood: true) }
    return good + (try fields.list("bad").map { try example(control, check, $0, isGood: false) })
  }

  private func example(
    _ control: Catalog.Control, _ check: Catalog.Check, _ node: YAMLNode, isGood: Bool
  ) throws -> CatalogExample {
    let keys = ["evidence", "environment", "parameters", "accept-example-feeds", "trust"]
    let fields = try FieldReader(
      node, isGood ? "a good example" : "a bad example",
      known: isGood ? keys : keys + ["state", "because"])
    _ = fields.node("evidence")
    let states: [ControlState] = [.notMet, .stale, .missing]
    let state = isGood ? nil : try fields.choice("state", of: states.map(\.rawValue))
    return CatalogExample(
      control: control.id, check: check.id,
      state: isGood ? .met : state.flatMap(ControlState.init) ?? .notMet,
      because: isGood ? nil : try fields.string("because"),
      pieces: try fields.list("evidence").map { try piece(check, $0) },
      environment: try fields.string("environment") ?? "production",
      parameters: try parameters(fields),
      acceptsExampleFeeds: try fields.bool("accept-example-feeds") ?? false,
      trust: fields.node("trust")?.json, position: node.position)
  }

  private func parameters(_ fields: FieldReader) throws -> [Catalog.Parameter] {
    let own = try Catalog.Parameter.read(fields.mapping("parameters"))
    for parameter in own
    where !catalog.parameters.contains(where: { $0.hasForm(of: parameter) }) {
      throw ReadingError(
        "the catalog has no parameter \"\(parameter.name)\" of type \(parameter.value.type)",
        at: (fields.node("parameters") ?? fields.node).position)
    }
    return catalog.parameters.map { parameter in
      own.first { $0.hasForm(of: parameter) } ?? parameter
    }
  }

  private func piece(_ check: Catalog.Check, _ node: YAMLNode) throws -> CatalogExample.Piece {
    let fields = try FieldReader(
      node, "a piece of evidence",
      known: ["kind", "subject", "signer", "age-days", "predicate"])
    let kind = try fields.choice("kind", of: EvidenceKind.all.map(\.rawValue).sorted())
    return CatalogExample.Piece(
      kind: kind.map(EvidenceKind.init(rawValue:)) ?? check.kinds[0],
      subject: try fields.choice("subject", of: CatalogExample.subjects) ?? check.subject.rawValue,
      signer: try fields.string("signer"),
      ageDays: try fields.integer("age-days", in: 0...36_500) ?? 1,
      predicate: fields.node("predicate")?.json ?? .object([:]), position: node.position)
  }
}

extension Catalog.Parameter {
  fileprivate func hasForm(of other: Catalog.Parameter) -> Bool {
    name.isSame(as: other.name) && value.type == other.value.type
  }
}

extension YAMLNode {
  /// The elements, where it is a list.
  fileprivate var elements: [YAMLNode] {
    if case .sequence(let elements) = content { elements } else { [] }
  }
}
