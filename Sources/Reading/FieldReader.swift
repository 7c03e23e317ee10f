/// Reads the fields of a mapping that people write: every key must be known, every value of its
/// type, and each mistake is told with its place, what was expected and the nearest correct word.
public struct FieldReader: Sendable {
  /// The mapping.
  public let node: YAMLNode
  private let entries: [YAMLNode.Entry]
  private let what: String

  /// Looks at a node as a mapping with known keys.
  ///
  /// - Parameters:
  ///   - what: what the mapping describes, for messages, such as `a step`.
  ///   - known: the keys that may stand in it.
  /// - Throws: `ReadingError` when the node is no mapping, or has a key that is not known.
  public init(_ node: YAMLNode, _ what: String, known: [String]) throws {
    guard case .mapping(let entries) = node.content else {
      throw ReadingError("expected \(what) as a mapping, found \(node.sort)", at: node.position)
    }
    for entry in entries where !known.contains(where: { $0.utf8.elementsEqual(entry.key.utf8) }) {
      let nearest = NearestWord.to(entry.key, in: known)
      throw ReadingError(
        "\"\(entry.key)\" is not a key of \(what)"
          + (nearest.map { "; did you mean \"\($0)\"?" }
            ?? "; expected one of \(known.sorted().joined(separator: ", "))"),
        at: entry.position)
    }
    self.node = node
    self.entries = entries
    self.what = what
  }

  /// The node under a key; `nil` when the key is absent or its value empty.
  public func node(_ key: String) -> YAMLNode? {
    guard let value = entries.first(where: { $0.key.utf8.elementsEqual(key.utf8) })?.value,
      value.json != .null
    else { return nil }
    return value
  }

  /// The node under a key that must be there.
  public func required(_ key: String) throws -> YAMLNode {
    guard let node = node(key) else {
      throw ReadingError("\(what) needs \"\(key)\"", at: self.node.position)
    }
    return node
  }

  /// A text; numbers and truth values written without quotes are refused, since their text is
  /// not what was written.
  public func string(_ key: String) throws -> String? { try node(key).map(Self.string) }

  /// A text that must be there and not be empty.
  public func requiredString(_ key: String) throws -> String {
    let text = try Self.string(required(key))
    guard !text.isEmpty else {
      throw ReadingError("\"\(key)\" must not be empty", at: try required(key).position)
    }
    return text
  }

  /// An integer within bounds.
  public func integer(_ key: String, in range: ClosedRange<Int>) throws -> Int? {
    guard let node = node(key) else { return nil }
    guard let value = node.json.integer, let integer = Int(exactly: value),
      range.contains(integer)
    else {
      throw ReadingError(
        "expected \"\(key)\" as an integer from \(range.lowerBound) to \(range.upperBound)",
        at: node.position)
    }
    return integer
  }

  /// A truth value.
  public func bool(_ key: String) throws -> Bool? {
    guard let node = node(key) else { return nil }
    guard let value = node.json.bool else {
      throw ReadingError(
        "expected \"\(key)\" as true or false, found \(node.sort)", at: node.position)
    }
    return value
  }

  /// One of a set of words.
  public func choice(_ key: String, of words: [String]) throws -> String? {
    guard let node = node(key) else { return nil }
    let text = try Self.string(node)
    guard words.contains(where: { $0.utf8.elementsEqual(text.utf8) }) else {
      let nearest = NearestWord.to(text, in: words)
      throw ReadingError(
        "\"\(text)\" is not a value of \"\(key)\""
          + (nearest.map { "; did you mean \"\($0)\"?" }
            ?? "; expected one of \(words.joined(separator: ", "))"),
        at: node.position)
    }
    return text
  }

  /// A list of texts; empty when the key is absent.
  public func strings(_ key: String) throws -> [String] { try list(key).map(Self.string) }

  /// The elements of a list; empty when the key is absent.
  public func list(_ key: String) throws -> [YAMLNode] {
    guard let node = node(key) else { return [] }
    guard case .sequence(let elements) = node.content else {
      throw ReadingError("expected \"\(key)\" as a list, found \(node.sort)", at: node.position)
    }
    return elements
  }

  /// The entries of a mapping with free keys; empty when the key is absent.
  public func mapping(_ key: String) throws -> [YAMLNode.Entry] {
    guard let node = node(key) else { return [] }
    guard case .mapping(let entries) = node.content else {
      throw ReadingError("expected \"\(key)\" as a mapping, found \(node.sort)", at: node.position)
    }
    return entries
  }

  /// A node as a text.
  public static func string(_ node: YAMLNode) throws -> String {
    guard case .scalar(let text, _) = node.content, case .string = node.json else {
      throw ReadingError("expected a text, found \(node.sort); put it in quotes", at: node.position)
    }
    return text
  }
}

/// Finds the word that was probably meant.
public enum NearestWord {
  /// The word with the least edits from `text`, when those are at most a third of its length and
  /// at least one.
  public static func to(_ text: String, in words: [String]) -> String? {
    let source = Array(text.lowercased().utf8.prefix(64))
    let limit = max(1, source.count / 3)
    return words.map { ($0, edits(source, Array($0.lowercased().utf8))) }
      .filter { $0.1 <= limit }
      .min { $0.1 < $1.1 }?.0
  }

  /// Damerau's distance with adjacent swaps (optimal string alignment).
  private static func edits(_ source: [UInt8], _ target: [UInt8]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...target.count)
    for (row, byte) in source.enumerated() {
      var current = [row + 1]
      for (column, other) in target.enumerated() {
        var cost = min(
          last[column + 1] + 1, current[column] + 1, last[column] + (byte == other ? 0 : 1))
        if row > 0, column > 0, byte == target[column - 1], source[row - 1] == other {
          cost = min(cost, beforeLast[column - 1] + 1)
        }
        current.append(cost)
      }
      beforeLast = last
      last = current
    }
    return last[target.count]
  }
}
