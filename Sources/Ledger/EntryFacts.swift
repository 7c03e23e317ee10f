public import Attestation

/// What a statement says that an audit asks for, and its leaf does not say.
///
/// Facts follow from the statement alone, so that an index of them can be dropped and built again;
/// they go when the payload is erased.
///
/// They are what an audit finds entries by, and take a field wherever a predicate has it. What a gate
/// believes of a statement is narrower, and stands in `Statement.application` and those beside it.
public struct EntryFacts: Hashable, Sendable {
  /// The form of the facts: another one means that an index must be built again.
  public static let form: Int64 = 1

  /// The application that it speaks of.
  public let application: String?
  /// The environment that it speaks of.
  public let environment: String?
  /// Id of the run that made it.
  public let run: String?
  /// Ids of the controls that it speaks of, sorted, each once; at most a thousand.
  public let controls: [String]

  /// States facts; text that is no fact (empty, longer than 200 bytes, or with white space) is left
  /// out.
  public init(
    application: String? = nil, environment: String? = nil, run: String? = nil,
    controls: [String] = []
  ) {
    self.application = application.flatMap(Self.fact)
    self.environment = environment.flatMap(Self.fact)
    self.run = run.flatMap(Self.fact)
    self.controls =
      controls.isEmpty
      ? [] : Array(Set(controls.compactMap(Self.fact)).sorted(by: Self.precedes).prefix(1_000))
  }

  /// What a statement says: the fields `application`, `environment`, `run`, `control` and `controls`
  /// of its predicate, in a standard predicate under their URI names, and those of a decision.
  public init(_ statement: Statement) {
    self = (try? statement.predicate(as: Fields.self))?.facts ?? EntryFacts()
  }

  /// What the statement in a DSSE envelope says; nothing when it is none.
  public init(envelope bytes: [UInt8]) {
    guard let envelope = try? Envelope(json: bytes),
      let statement = try? Statement(json: envelope.payload)
    else {
      self.init()
      return
    }
    self.init(statement)
  }

  /// Whether there is nothing to know.
  public var isEmpty: Bool {
    application == nil && environment == nil && run == nil && controls.isEmpty
  }

  private static func fact(_ text: String) -> String? {
    let isFact =
      !text.isEmpty && text.utf8.count <= 200 && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7f }
    return isFact ? text : nil
  }

  private static func precedes(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }
}

/// The fields of a predicate that are facts; one that is of another sort is none.
private struct Fields: Decodable {
  let facts: EntryFacts

  private enum Name: String, CodingKey {
    case application, environment, run, control, controls, release
    case standardApplication = "urn:pratique:application"
    case standardEnvironment = "urn:pratique:environment"
    case standardRun = "urn:pratique:run"
    case decision = "urn:pratique:decision:v1"
  }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Name.self)
    func text(_ names: Name...) -> String? {
      names.lazy.compactMap { name in
        // A step's "environment" is a list of names of variables, no environment.
        (try? fields.decodeIfPresent(String.self, forKey: name)) ?? nil
      }.first
    }
    if fields.contains(.decision) {
      facts = try fields.decode(Fields.self, forKey: .decision).facts
      return
    }
    let release = try? fields.decodeIfPresent(Released.self, forKey: .release)
    let controls = try? fields.decodeIfPresent([Control].self, forKey: .controls)
    facts = EntryFacts(
      application: text(.application, .standardApplication) ?? release?.application,
      environment: text(.environment, .standardEnvironment), run: text(.run, .standardRun),
      controls: (controls ?? []).map(\.id) + [text(.control)].compactMap(\.self))
  }

  private struct Released: Decodable {
    let application: String
  }

  /// A control by its id, or what was said of it.
  private struct Control: Decodable {
    let id: String

    private enum Name: CodingKey { case control }

    init(from decoder: any Decoder) throws {
      if let text = try? decoder.singleValueContainer().decode(String.self) {
        id = text
      } else {
        id = try decoder.container(keyedBy: Name.self).decode(String.self, forKey: .control)
      }
    }
  }
}
