import CEL
import Model
import Reading

/// The form of a value in evidence, as its schema says it: what a check may ask about, and what a
/// piece must be to be taken at its word.
indirect enum Shape: Hashable, Sendable {
  case any
  case string
  /// A pseudonym or another identifier.
  case name
  /// Algorithm and hexadecimal value.
  case digest
  /// A git commit id.
  case commit
  /// RFC 3339 in UTC.
  case instant
  case bool
  case number
  case integer(ClosedRange<Int64>)
  case words([String])
  case list(Shape)
  case map(Shape)
  case fields(Fields)

  /// An object with known fields.
  struct Fields: Hashable, Sendable {
    /// One field.
    struct Field: Hashable, Sendable {
      /// The name in the evidence.
      let written: String
      /// The name in expressions: without this program's own prefix.
      let name: String
      let shape: Shape
      let isRequired: Bool
    }

    /// The fields in the schema's order.
    let all: [Field]
    /// Their names in expressions, which all evidence of this form shares.
    let names: CELFields

    init(all: [Field]) {
      self.all = all
      names = CELFields(all.map(\.name))
    }

    static func == (left: Fields, right: Fields) -> Bool { left.all == right.all }

    func hash(into hasher: inout Hasher) { hasher.combine(all) }

    subscript(name: String) -> Field? {
      all.first { field in field.name.isSame(as: name) || field.written.isSame(as: name) }
    }
  }

  /// The prefix of this program's own fields in statements of other people's forms.
  static let prefix = "urn:pratique:"

  /// The shapes of all kinds of evidence.
  static let kinds: [EvidenceKind: Shape] = {
    guard let value = try? JSONReader.read(Array(EvidenceFields.text.utf8)) else { return [:] }
    let members = value.object?.members ?? []
    return Dictionary(
      uniqueKeysWithValues: members.map { (EvidenceKind(rawValue: $0.name), Shape($0.value)) })
  }()

  private static let plain: [String: Shape] = [
    "string": .string, "name": .name, "digest": .digest, "commit": .commit, "instant": .instant,
    "boolean": .bool, "number": .number, "integer": .integer(.min ... .max),
  ]

  /// Reads what `scripts/evidence-fields` writes; what it does not know is any value.
  private init(_ value: JSONValue) {
    if let word = value.string {
      self = Self.plain[word] ?? .any
    } else if let words = value["words"]?.array {
      self = .words(words.compactMap(\.string))
    } else if let element = value["list"] {
      self = .list(Shape(element))
    } else if let element = value["map"] {
      self = .map(Shape(element))
    } else if let least = value["integer"]?[0]?.integer, let most = value["integer"]?[1]?.integer,
      least <= most
    {
      self = .integer(least...most)
    } else if let members = value["fields"]?.object?.members {
      let required = (value["required"]?.array ?? []).compactMap(\.string)
      self = .fields(
        Fields(
          all: members.map { member in
            let isOwn = member.name.hasPrefix(Self.prefix)
            return .init(
              written: member.name,
              name: isOwn ? String(member.name.dropFirst(Self.prefix.count)) : member.name,
              shape: Shape(member.value),
              isRequired: required.contains(member.name))
          }))
    } else {
      self = .any
    }
  }

  /// What two kinds of evidence have, for a check that asks both: fields of either, of which those
  /// that only one has may be absent.
  func merged(with other: Shape) -> Shape {
    guard self != other else { return self }
    switch (self, other) {
    case (.list(let left), .list(let right)): return .list(left.merged(with: right))
    case (.map(let left), .map(let right)): return .map(left.merged(with: right))
    case (.fields(let left), .fields(let right)):
      let shared = left.all.map { field in
        let twin = right[field.name]
        return Fields.Field(
          written: field.written, name: field.name,
          shape: twin.map { field.shape.merged(with: $0.shape) } ?? field.shape,
          isRequired: field.isRequired && twin?.isRequired == true)
      }
      let more = right.all.filter { left[$0.name] == nil }.map {
        Fields.Field(written: $0.written, name: $0.name, shape: $0.shape, isRequired: false)
      }
      return .fields(Fields(all: shared + more))
    default: return isText && other.isText ? .string : .any
    }
  }

  private var isText: Bool {
    switch self {
    case .string, .name, .digest, .commit, .instant, .words: true
    default: false
    }
  }
}
