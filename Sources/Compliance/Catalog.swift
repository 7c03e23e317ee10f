public import Model
import Reading

/// A framework's controls as data: nothing of a framework is in the code.
public struct Catalog: Hashable, Sendable, Codable {
  /// How far evidence alone can decide a control.
  public enum Automation: String, Sendable, Codable, CaseIterable {
    /// Evidence decides.
    case evidence
    /// Evidence and a person's judgement.
    case evidenceAndPerson = "evidence-and-person"
    /// Only a person can say.
    case person
    /// A provider's report says.
    case inherited
  }

  /// Of what a control speaks.
  public enum Scope: String, Sendable, Codable, CaseIterable { case release, system, organisation }

  /// One control.
  public struct Control: Hashable, Sendable, Codable {
    /// The id, such as `hipaa.164.312.d`.
    public let id: String
    /// The citation, such as `45 CFR 164.312(d)`.
    public let citation: String
    /// A title in our own words.
    public let title: String
    /// Of what it speaks.
    public let scope: Scope
    /// How far evidence decides.
    public let automation: Automation
    /// Who or what produces its evidence; for none, why there is none.
    public let producer: String
    /// Whether the citation was checked against the text.
    public let isTextChecked: Bool
    /// What is asked; empty where only a person or a producer to come can answer.
    public let checks: [Check]
  }

  /// One question to the evidence.
  public struct Check: Hashable, Sendable, Codable {
    /// The id, unique within its control.
    public let id: String
    /// The kind of evidence that answers.
    public let kind: EvidenceKind
    /// Greatest age of the evidence in days; `nil` means any age.
    public let maximumAgeDays: Int?
    /// What is asked of it.
    public let rule: Rule
    /// What to do when it is not met.
    public let fix: String
  }

  /// The catalog's name.
  public let catalog: String
  /// The catalog's version.
  public let version: String
  /// The framework, in words.
  public let framework: String
  /// The controls.
  public let controls: [Control]

  /// Reads a catalog file.
  ///
  /// - Throws: `Problem` with `badInput`, file, line and column.
  public static func read(_ bytes: [UInt8], file: String) throws -> Catalog {
    try Problem.locating(file) { try CatalogReader().catalog(YAMLReader.read(bytes)) }
  }
}

extension Problem {
  /// Puts the file before the place of a reading error.
  static func locating<Value>(_ file: String, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as ReadingError {
      let place = error.position.map { ":\($0)" } ?? error.pointer.map { " \($0)" } ?? ""
      throw Problem(.badInput, error.message, at: file + place)
    }
  }
}

/// Reads catalogs.
private struct CatalogReader {
  func catalog(_ node: YAMLNode) throws -> Catalog {
    let fields = try FieldReader(
      node, "a catalog", known: ["catalog", "version", "framework", "controls"])
    let controls = try fields.list("controls").map(control)
    var seen: Set<String> = []
    for (control, node) in zip(controls, try fields.list("controls"))
    where !seen.insert(control.id).inserted {
      throw ReadingError("the control \"\(control.id)\" stands twice", at: node.position)
    }
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
    return Catalog.Control(
      id: try fields.requiredString("id"), citation: try fields.requiredString("citation"),
      title: try fields.requiredString("title"), scope: scope, automation: automation,
      producer: try fields.requiredString("producer"),
      isTextChecked: try fields.bool("text-checked") ?? false,
      checks: try fields.list("checks").map(check))
  }

  private func check(_ node: YAMLNode) throws -> Catalog.Check {
    let fields = try FieldReader(
      node, "a check", known: ["id", "kind", "maximum-age-days", "rule", "with", "fix"])
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
    return Catalog.Check(
      id: try fields.requiredString("id"), kind: kind,
      maximumAgeDays: try fields.integer("maximum-age-days", in: 1...36_500), rule: rule,
      fix: try fields.requiredString("fix"))
  }
}
