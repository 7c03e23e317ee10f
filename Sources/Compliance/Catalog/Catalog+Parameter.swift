import CEL
import Reading

extension Catalog {
  /// Something that organisations may tune, with a value.
  public struct Parameter: Hashable, Sendable, Codable {
    /// The name, such as `scanAgeDays`.
    public let name: String
    /// The value.
    public let value: Value

    /// The values that a parameter may have.
    public enum Value: Hashable, Sendable {
      case bool(Bool)
      case integer(Int64)
      case text(String)
      case texts([String])
    }

    /// Whether a text is a name of a parameter: a letter, then letters and digits, 64 at most.
    static func isName(_ text: String) -> Bool {
      let bytes = Array(text.utf8)
      func isLetter(_ byte: UInt8) -> Bool {
        (0x61...0x7a).contains(byte) || (0x41...0x5a).contains(byte)
      }
      guard let first = bytes.first, (0x61...0x7a).contains(first), bytes.count <= 64 else {
        return false
      }
      return bytes.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) }
    }

    /// Reads a mapping of names to values.
    ///
    /// - Throws: `ReadingError` for a name or a value of another form.
    static func read(_ entries: [YAMLNode.Entry]) throws -> [Parameter] {
      try entries.map { entry in
        guard isName(entry.key) else {
          throw ReadingError(
            "\"\(entry.key)\" is no name of a parameter: use letters and digits, as in"
              + " \"scanAgeDays\"", at: entry.position)
        }
        guard let value = Value(entry.value.json) else {
          throw ReadingError(
            "expected the parameter \"\(entry.key)\" as a truth value, an integer, a text or a"
              + " list of texts, found \(entry.value.sort)", at: entry.value.position)
        }
        return Parameter(name: entry.key, value: value)
      }
    }
  }
}

extension Catalog.Parameter.Value {
  fileprivate init?(_ json: JSONValue) {
    switch json {
    case .bool(let truth): self = .bool(truth)
    case .integer(let number): self = .integer(number)
    case .string(let text): self = .text(text)
    case .array(let elements):
      let texts = elements.compactMap(\.string)
      guard texts.count == elements.count else { return nil }
      self = .texts(texts)
    default: return nil
    }
  }

  /// The type in expressions.
  var type: CELType {
    switch self {
    case .bool: .bool
    case .integer: .int
    case .text: .string
    case .texts: .list(.string)
    }
  }

  /// The value in expressions.
  var value: CELValue {
    switch self {
    case .bool(let truth): .bool(truth)
    case .integer(let number): .int(number)
    case .text(let text): .string(text)
    case .texts(let texts): .list(texts.map { .string($0) })
    }
  }
}

extension Catalog.Parameter.Value: Codable {
  /// Reads a JSON value.
  public init(from decoder: any Decoder) throws {
    guard let value = Self(try JSONValue(from: decoder)) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "expected a parameter's value"))
    }
    self = value
  }

  /// Writes a JSON value.
  public func encode(to encoder: any Encoder) throws {
    let json: JSONValue =
      switch self {
      case .bool(let truth): .bool(truth)
      case .integer(let number): .integer(number)
      case .text(let text): .string(text)
      case .texts(let texts): .array(texts.map { .string($0) })
      }
    try json.encode(to: encoder)
  }
}
