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

  /// What weight a framework gives a control.
  public enum Level: String, Sendable, Codable, CaseIterable {
    /// The framework asks it of everybody.
    case required
    /// The framework lets it be replaced, with reasons.
    case addressable
    /// The framework's general rule, which its other rules spell out.
    case standard
    /// Not in force yet.
    case proposed
    /// A law's own words.
    case law
    /// A recommendation.
    case guidance
  }

  /// Of what a control speaks.
  public enum Scope: String, Sendable, Codable, CaseIterable { case release, system, organisation }

  /// One control.
  public struct Control: Hashable, Sendable, Codable {
    /// The id, such as `hipaa.164.312.d`.
    public let id: String
    /// The citation, such as `45 CFR 164.312(d)`.
    public let citation: String
    /// What weight the framework gives it; `nil` where the catalog does not say it.
    public let level: Level?
    /// A title in our own words.
    public let title: String
    /// Of what it speaks.
    public let scope: Scope
    /// How far evidence decides.
    public let automation: Automation
    /// Who or what produces its evidence; for none, why there is none.
    public let producer: String
    /// The role that answers for it.
    public let owner: Role?
    /// Whether the citation was checked against the text.
    public let isTextChecked: Bool
    /// Controls of other frameworks that ask the same.
    public let crossReferences: [String]
    /// What is asked; empty where nobody can answer yet.
    public let checks: [Check]

    /// Whether what its checks ask for can ever meet it: a person's part must be asked of a person.
    public var isDecidable: Bool {
      automation == .evidenceAndPerson ? checks.contains(where: \.asksPerson) : !checks.isEmpty
    }
  }

  /// The catalog's name.
  public let catalog: String
  /// The catalog's version.
  public let version: String
  /// The framework, in words.
  public let framework: String
  /// What the catalog is, in our own words.
  public let about: String?
  /// Whether the framework is only proposed: such a catalog is asked by policies that name it, and
  /// by no other.
  public let isProposed: Bool
  /// What organisations may tune, with the catalog's own values.
  public let parameters: [Parameter]
  /// The controls.
  public let controls: [Control]

  /// Reads a catalog file.
  ///
  /// - Throws: `Problem` with `badInput`, file, line and column; for an expression also its line and
  ///   a caret.
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
