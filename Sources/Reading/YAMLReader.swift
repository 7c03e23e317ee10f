import Yams

/// A YAML node with its place, in the part of YAML 1.2 that this program takes: mappings with
/// string keys, sequences, scalars. Anchors, aliases and explicit tags are refused.
public struct YAMLNode: Hashable, Sendable {
  /// One key and its value.
  public struct Entry: Hashable, Sendable {
    /// The key's text.
    public let key: String
    /// Where the key stands.
    public let position: Position
    /// Its value.
    public let value: YAMLNode
  }

  /// What the node holds.
  public enum Content: Hashable, Sendable {
    /// A scalar's text, and whether it was written without quotes.
    case scalar(String, isPlain: Bool)
    case sequence([YAMLNode])
    case mapping([Entry])
  }

  /// What the node holds.
  public let content: Content
  /// Where the node begins.
  public let position: Position

  /// A node at a place.
  public init(content: Content, position: Position) {
    self.content = content
    self.position = position
  }

  /// The value of a key, compared byte by byte.
  public subscript(key: String) -> YAMLNode? {
    guard case .mapping(let entries) = content else { return nil }
    return entries.first { $0.key.utf8.elementsEqual(key.utf8) }?.value
  }

  /// The node as a JSON value; plain scalars by YAML 1.2's core schema, without octal,
  /// hexadecimal and the infinities, which stay text.
  public var json: JSONValue {
    switch content {
    case .scalar(let text, let isPlain): isPlain ? Self.resolve(text) : .string(text)
    case .sequence(let elements): .array(elements.map(\.json))
    case .mapping(let entries):
      .object(
        entries.reduce(into: JSONObject()) { object, entry in
          object[entry.key] = entry.value.json
        })
    }
  }

  /// What sort of node it is, for messages.
  public var sort: String {
    switch content {
    case .scalar: json.sort
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }

  private static func resolve(_ text: String) -> JSONValue {
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    default: break
    }
    let digits = text.utf8.drop { $0 == 0x2d }
    guard let first = digits.first, (0x30...0x39).contains(first), text.utf8.count < 40,
      digits.allSatisfy({
        (0x30...0x39).contains($0) || $0 == 0x2e || $0 == 0x65 || $0 == 0x2d || $0 == 0x2b
      })
    else { return .string(text) }
    if digits.count == 1 || first != 0x30, let integer = Int64(text) { return .integer(integer) }
    guard text.contains("."), let number = Double(text), number.isFinite else {
      return .string(text)
    }
    return .number(number)
  }
}

/// Reads YAML files that people write.
public enum YAMLReader {
  /// Reads one document.
  ///
  /// - Throws: `ReadingError` with line and column; also for no document and for several.
  public static func read(
    _ bytes: [UInt8], limits: ReadingLimits = .configuration
  ) throws -> YAMLNode {
    let documents = try readAll(bytes, limits: limits)
    guard let document = documents.first else { throw ReadingError("the file is empty") }
    guard documents.count == 1 else {
      throw ReadingError(
        "expected one document, found \(documents.count)", at: documents[1].position)
    }
    return document
  }

  /// Reads all documents.
  ///
  /// - Throws: `ReadingError` with line and column.
  public static func readAll(
    _ bytes: [UInt8], limits: ReadingLimits = .configuration
  ) throws -> [YAMLNode] {
    guard bytes.count <= limits.bytes else {
      throw ReadingError("the file has \(bytes.count) bytes, more than \(limits.bytes)")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ReadingError("the file is not valid UTF-8")
    }
    do {
      // Texts stay texts: the default resolver would try seven patterns on every key.
      let parser = try Parser(yaml: text, resolver: .basic)
      var documents: [YAMLNode] = []
      var count = 0
      while let root = try parser.nextRoot() {
        documents.append(try convert(root, depth: 0, count: &count, limits: limits))
      }
      return documents
    } catch let error as YamlError {
      throw ReadingError(error)
    }
  }

  private static func convert(
    _ node: Node, depth: Int, count: inout Int, limits: ReadingLimits
  ) throws -> YAMLNode {
    count += 1
    let position = Position(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    guard depth <= limits.depth else {
      throw ReadingError("nested deeper than \(limits.depth) levels", at: position)
    }
    guard count <= limits.values else {
      throw ReadingError("more than \(limits.values) values", at: position)
    }
    guard node.anchor == nil else {
      throw ReadingError("anchors and aliases are not taken; write the value out", at: position)
    }
    switch node {
    case .scalar(let scalar):
      return YAMLNode(
        content: .scalar(scalar.string, isPlain: scalar.style == .plain), position: position)
    case .sequence(let sequence):
      var elements: [YAMLNode] = []
      for element in sequence {
        elements.append(try convert(element, depth: depth + 1, count: &count, limits: limits))
      }
      return YAMLNode(content: .sequence(elements), position: position)
    case .mapping(let mapping):
      var entries: [YAMLNode.Entry] = []
      for (key, value) in mapping {
        guard case .scalar(let name) = key else {
          throw ReadingError("a key must be a text", at: position)
        }
        entries.append(
          YAMLNode.Entry(
            key: name.string,
            position: Position(line: key.mark?.line ?? 1, column: key.mark?.column ?? 1),
            value: try convert(value, depth: depth + 1, count: &count, limits: limits)))
      }
      return YAMLNode(content: .mapping(entries), position: position)
    case .alias:
      throw ReadingError("anchors and aliases are not taken; write the value out", at: position)
    }
  }
}

extension ReadingError {
  /// Says a parser's error in one sentence with its place.
  init(_ error: YamlError) {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      self.init(
        "not well-formed YAML: \(problem)", at: Position(line: mark.line, column: mark.column))
    case .duplicatedKeysInMapping(let keys, let context):
      self.init(
        "the key \"\(keys.first ?? "")\" stands twice in one mapping",
        at: Position(line: context.mark.line, column: context.mark.column))
    case .reader(let problem, _, _, _): self.init("not readable as YAML: \(problem)")
    default: self.init("not readable as YAML: \(error)")
    }
  }
}
