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

  /// Of which of a release's subjects evidence must speak to answer a check.
  public enum SubjectKind: String, Sendable, Codable, CaseIterable {
    /// Of the image; or, made before there was an image, of the commit and nothing else.
    case release
    /// Of the commit.
    case commit
    /// Of the image.
    case image
    /// Of the organisation: its trust root, or what a person states of it.
    case organisation
    /// Of the application, whatever the release: what a person states of it.
    case application

    /// What evidence of a kind speaks of where a catalog does not say it.
    static func usual(for kind: EvidenceKind) -> SubjectKind {
      switch kind {
      case .trustRoot, .personStatement: .organisation
      case .sourceCheck: .commit
      case .vulnerabilityScan, .inventory, .provenance, .rollout: .image
      default: .release
      }
    }

    /// Whether evidence of a kind can speak of it.
    func isPossible(for kind: EvidenceKind) -> Bool {
      switch self {
      case .organisation: EvidenceKind.standing.contains(kind)
      case .application: EvidenceKind.standing.contains(kind) && kind != .trustRoot
      case .release, .commit, .image: !EvidenceKind.standing.contains(kind)
      }
    }
  }

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
    /// What that evidence must speak of.
    public let subject: SubjectKind
    /// Greatest age of the evidence in days; `nil` means any age.
    public let maximumAgeDays: Int?
    /// What is asked of it.
    public let rule: Rule
    /// What to do when it is not met.
    public let fix: String

    /// The ages that a check may ask, in days.
    static let ages = 1...36_500
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
