import Model
import Reading

extension ReadingError {
  /// The error as a problem with file, line and column.
  func problem(in file: String) -> Problem {
    let place = position.map { "\(file):\($0)" } ?? file
    return Problem(.badInput, message, at: place)
  }
}

/// Small readers that several parts of the file share.
enum Fields {
  /// A name of a stage, step or service.
  static func identifier(_ entry: YAMLNode.Entry, _ what: String) throws -> String {
    guard Actor.isIdentifier(entry.key) else {
      throw ReadingError(
        "\"\(entry.key)\" cannot name \(what): expected 1 to 64 of a-z, 0-9, \".\", \"_\" and "
          + "\"-\", the first a letter or digit", at: entry.position)
    }
    return entry.key
  }

  /// A length of time, such as `90s`.
  static func duration(
    _ fields: FieldReader, _ key: String, in range: ClosedRange<Int64>
  ) throws -> Int64? {
    guard let node = fields.node(key) else { return nil }
    let expected = "expected \"\(key)\" as a length of time such as 500ms, 90s, 10m or 2h"
    guard case .scalar(let text, _) = node.content else {
      throw ReadingError("\(expected), found \(node.sort)", at: node.position)
    }
    let digits = text.utf8.prefix { (0x30...0x39).contains($0) }
    let units: [String: Int64] = ["ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000]
    guard let number = Int64(String(Substring(digits))), digits.count < 10,
      let unit = units[String(text.dropFirst(digits.count))]
    else { throw ReadingError("\(expected), found \"\(text)\"", at: node.position) }
    guard range.contains(number * unit) else {
      throw ReadingError(
        "\"\(key)\" must be from \(words(range.lowerBound)) to \(words(range.upperBound))",
        at: node.position)
    }
    return number * unit
  }

  private static func words(_ milliseconds: Int64) -> String {
    switch milliseconds {
    case let value where value % 3_600_000 == 0: "\(value / 3_600_000)h"
    case let value where value % 1000 == 0: "\(value / 1000)s"
    default: "\(milliseconds)ms"
    }
  }

  /// One text or a list of texts, with their places.
  static func texts(_ fields: FieldReader, _ key: String) throws -> [(text: String, at: Position)] {
    guard let node = fields.node(key) else { return [] }
    if case .scalar = node.content { return [(try FieldReader.string(node), node.position)] }
    return try fields.list(key).map { (try FieldReader.string($0), $0.position) }
  }

  /// Patterns of paths.
  static func globs(_ fields: FieldReader, _ key: String) throws -> [Glob] {
    try texts(fields, key).map { try glob($0.text, at: $0.at) }
  }

  static func glob(_ text: String, at position: Position) throws -> Glob {
    guard let glob = Glob(text) else {
      throw ReadingError(
        "\"\(text)\" is no path below the workspace: it \(Glob.refusal(of: text) ?? "is wrong")",
        at: position)
    }
    return glob
  }

  /// A folder below the workspace; empty when the key is absent.
  static func directory(_ fields: FieldReader) throws -> String {
    guard let text = try fields.string("directory"), let node = fields.node("directory") else {
      return ""
    }
    guard Glob.refusal(of: text) == nil, !text.utf8.contains(0x2a), !text.utf8.contains(0x3f) else {
      throw ReadingError(
        "\"\(text)\" is no folder below the workspace", at: node.position)
    }
    return text
  }

  /// `run`: a text for the shell, or a list for a program.
  static func work(_ fields: FieldReader) throws -> StepDefinition.Work? {
    guard let node = fields.node("run") else { return nil }
    guard case .sequence(let elements) = node.content else {
      guard case .scalar = node.content else {
        throw ReadingError(
          "expected \"run\" as a text for the shell or a list of texts, found \(node.sort)",
          at: node.position)
      }
      return .shell(try fields.requiredString("run"))
    }
    let words = try elements.map(FieldReader.string)
    guard let program = words.first, !program.isEmpty else {
      throw ReadingError("\"run\" needs a program as its first element", at: node.position)
    }
    return .command(words)
  }

  /// Says that a word is not known, with the nearest that is.
  static func unknown(
    _ what: String, _ word: String, in known: [String], at position: Position
  ) -> ReadingError {
    let hint =
      NearestWord.to(word, in: known).map { "; did you mean \"\($0)\"?" }
      ?? (known.isEmpty
        ? "; there is none" : "; expected one of \(known.sorted().joined(separator: ", "))")
    return ReadingError("there is no \(what) \"\(word)\"\(hint)", at: position)
  }

  static func contains(_ word: String, in words: [String]) -> Bool {
    words.contains { $0.utf8.elementsEqual(word.utf8) }
  }
}
