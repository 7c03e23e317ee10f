import Model
import Reading

/// Reads the checks of a catalog, and compiles each expression, so that a mistake is told with its
/// place when the catalog is read and not when a release waits.
struct CheckReader {
  let parameters: [Catalog.Parameter]

  /// Keys of a check.
  private static let keys = [
    "id", "kind", "kinds", "subject", "maximum-age-days", "about", "series", "silent", "each",
    "together", "met", "unmet", "together-met", "together-unmet", "fix", "owner", "examples",
  ]

  func check(_ node: YAMLNode) throws -> Catalog.Check {
    let fields = try FieldReader(node, "a check", known: Self.keys)
    let kinds = try kinds(fields)
    let check = Catalog.Check(
      id: try CatalogReader.identifier(fields), kinds: kinds, subject: try subject(fields, kinds),
      maximumAge: try age(fields), about: try fields.string("about"),
      series: try fields.string("series"), silent: try fields.string("silent"),
      each: try conditions(fields, "each", "unmet"),
      together: try conditions(fields, "together", "together-unmet"),
      met: try fields.string("met"), togetherMet: try fields.string("together-met"),
      fix: try fields.requiredString("fix"), owner: try CatalogReader.owner(fields))
    do {
      _ = try CheckProgram(check, parameters: parameters)
    } catch {
      throw ReadingError(error.message, at: Self.place(of: error, in: fields))
    }
    return check
  }

  private func kinds(_ fields: FieldReader) throws -> [EvidenceKind] {
    let nodes = try fields.node("kind").map { [$0] } ?? fields.list("kinds")
    guard !nodes.isEmpty else { _ = try fields.required("kind"); return [] }
    if let both = fields.node("kinds"), fields.node("kind") != nil {
      throw ReadingError("a check has \"kind\" or \"kinds\", not both", at: both.position)
    }
    let known = Shape.kinds.keys.map(\.rawValue).sorted()
    return try nodes.map { node in
      let word = try FieldReader.string(node)
      guard Shape.kinds[EvidenceKind(rawValue: word)] != nil else {
        let nearest = NearestWord.to(word, in: known)
        throw ReadingError(
          "\"\(word)\" is no kind of evidence"
            + (nearest.map { "; did you mean \"\($0)\"?" } ?? ""), at: node.position)
      }
      return EvidenceKind(rawValue: word)
    }
  }

  private func subject(
    _ fields: FieldReader, _ kinds: [EvidenceKind]
  ) throws -> Catalog.SubjectKind {
    let word = try fields.choice("subject", of: Catalog.SubjectKind.allCases.map(\.rawValue))
    let subject = word.flatMap(Catalog.SubjectKind.init) ?? .usual(for: kinds[0])
    for kind in kinds where !subject.isPossible(for: kind) {
      throw ReadingError(
        "evidence of kind \"\(kind.rawValue)\" does not speak of \"\(subject.rawValue)\"",
        at: (fields.node("subject") ?? fields.node).position)
    }
    return subject
  }

  private func age(_ fields: FieldReader) throws -> Catalog.Age? {
    guard let node = fields.node("maximum-age-days"), let name = node.json.string else {
      return try fields.integer("maximum-age-days", in: Catalog.Check.ages).map(Catalog.Age.days)
    }
    let parameter = parameters.first { $0.name.isSame(as: name) }
    guard case .integer(let days) = parameter?.value,
      Int(exactly: days).map(Catalog.Check.ages.contains) ?? false
    else {
      throw ReadingError(
        "expected \"maximum-age-days\" as an integer from 1 to 36500, or as the name of a parameter"
          + " that has such a value", at: node.position)
    }
    return .parameter(name)
  }

  private func conditions(
    _ fields: FieldReader, _ key: String, _ message: String
  ) throws -> [Catalog.Condition] {
    guard let node = fields.node(key) else {
      if let unused = fields.node(message) {
        throw ReadingError("\"\(message)\" is said only where \"\(key)\" is", at: unused.position)
      }
      return []
    }
    guard case .sequence(let nodes) = node.content else {
      return [
        Catalog.Condition(
          that: try FieldReader.string(node), unmet: try fields.string(message), otherwise: .notMet)
      ]
    }
    if let unused = fields.node(message) {
      throw ReadingError(
        "where \"\(key)\" is a list, each condition has an \"unmet\" of its own",
        at: unused.position)
    }
    guard !nodes.isEmpty else { throw ReadingError("\"\(key)\" is empty", at: node.position) }
    return try nodes.map { node in
      let fields = try FieldReader(node, "a condition", known: ["that", "unmet", "otherwise"])
      let words = Catalog.Condition.Otherwise.allCases.map(\.rawValue)
      return Catalog.Condition(
        that: try fields.requiredString("that"), unmet: try fields.string("unmet"),
        otherwise: try fields.choice("otherwise", of: words)
          .flatMap(Catalog.Condition.Otherwise.init) ?? .notMet)
    }
  }

  /// Where an expression stands in the file: exactly, where it is written on one line.
  private static func place(of fault: CheckProgram.Fault, in fields: FieldReader) -> Position {
    var node = fields.node(fault.key) ?? fields.node
    if let place = fault.place, case .sequence(let nodes) = node.content {
      let condition = nodes.indices.contains(place) ? nodes[place] : node
      node = condition[fault.isMessage ? "unmet" : "that"] ?? condition
    } else if fault.isMessage, fault.place != nil {
      node = fields.node(fault.key == "each" ? "unmet" : "together-unmet") ?? node
    }
    guard case .scalar(let text, let isPlain) = node.content, !text.utf8.contains(0x0A) else {
      return node.position
    }
    return Position(
      line: node.position.line, column: node.position.column + (isPlain ? 0 : 1) + fault.offset)
  }
}
