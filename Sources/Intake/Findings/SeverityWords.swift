import Model
import Reading

/// The words for severities that several tools share. A word that is not known is not guessed at.
enum SeverityWords {
  /// The severity of a word; `nil` when the word is not known.
  static func severity(_ word: String) -> Severity? {
    switch word.lowercased() {
    case "critical", "blocker": .critical
    case "high", "error", "major", "important": .high
    case "medium", "moderate", "warning": .medium
    case "low", "minor", "note", "info", "informational", "information", "negligible", "style":
      .low
    case "none": Severity.none
    case "unknown", "": .unknown
    default: nil
    }
  }
}

extension ReportNode {
  /// The severity that a member names by the words that tools share; unknown when it is absent.
  func severity(_ name: StaticString) throws -> Severity {
    guard let node = try optional(name) else { return .unknown }
    let word = try node.string()
    guard let severity = SeverityWords.severity(word) else {
      throw node.error("\"\(word)\" is no severity that is known")
    }
    return severity
  }

  /// A time that a member states; `nil` when it is absent or no time.
  func time(_ name: StaticString) throws -> StatedTime? {
    guard let node = try optional(name) else { return nil }
    if let text = node.json.string { return StatedTime(text) }
    return node.json.number.flatMap { StatedTime(epoch: $0) }
  }

  /// A time whose moment is known.
  func instant(_ name: StaticString) throws -> Instant? {
    guard let time = try time(name), time.earliest == time.latest else { return nil }
    return time.earliest
  }
}

/// A text's first line.
enum FirstLine {
  static func of(_ text: String) -> String {
    String(text.split(whereSeparator: \.isNewline).first ?? Substring(text))
  }
}
