import Reading

/// What becomes of one field of a manifest under podman.
enum FieldRule: Sendable, Hashable {
  /// Podman takes it as Kubernetes does.
  case passed
  /// This program sees to it in another way.
  case done(String)
  /// Nobody does it; why that can be borne.
  case ignored(String)
  /// Taken with this value only, which changes nothing.
  case only(JSONValue, String)
  /// Not taken: leaving it out would change what the release may do, or how it behaves.
  case refused(String)
}

/// The fields of one sort of mapping, with what becomes of each.
struct FieldTable: Sendable {
  /// What the mapping is, for messages, such as `a container`.
  let what: String
  /// Where it stands in a manifest, for the documentation.
  let place: String
  /// Field by field.
  let rules: [(field: String, rule: FieldRule)]

  func rule(of field: String) -> FieldRule? {
    rules.first { $0.field.utf8.elementsEqual(field.utf8) }?.rule
  }
}

/// Walks through manifests by tables, and gathers what is done otherwise.
struct ManifestWalker {
  /// A sentence each, in the order found, none twice.
  private(set) var translations: [String] = []
  /// The object that is being read, such as `Deployment portal`.
  var object = ""

  mutating func note(_ sentence: String) {
    if !translations.contains(sentence) { translations.append(sentence) }
  }

  /// Looks at a mapping by its table: refuses what is refused or unknown, notes what is not done.
  mutating func fields(_ node: YAMLNode, _ table: FieldTable) throws -> FieldReader {
    let reader = try FieldReader(node, table.what, known: table.rules.map(\.field))
    guard case .mapping(let entries) = node.content else { return reader }
    for entry in entries where entry.value.json != .null {
      switch table.rule(of: entry.key) {
      case .passed, nil: break
      case .done(let how), .ignored(let how):
        note("\(object): \(table.place)\(entry.key): \(how)")
      case .only(let value, let reason):
        guard entry.value.json == value else {
          throw ReadingError(
            "\"\(entry.key)\" is not taken with this value: \(reason)", at: entry.value.position)
        }
      case .refused(let reason):
        throw ReadingError("\"\(entry.key)\" is not taken: \(reason)", at: entry.position)
      }
    }
    return reader
  }
}
