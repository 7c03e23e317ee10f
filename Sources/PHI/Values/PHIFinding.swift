/// One place that may hold PHI: where it is, what it is, and why it was taken for that. It never
/// carries the value.
public struct PHIFinding: Hashable, Sendable, Encodable {
  /// What was found.
  public let type: PHIKind
  /// First byte of it, counted in UTF-8 bytes from the beginning of the text.
  public let start: Int
  /// The byte after the last.
  public let end: Int
  /// Line, from 1.
  public let line: Int
  /// Column of the first byte, in bytes, from 1.
  public let column: Int
  /// How sure it is, from 1 to 100: an order, no probability.
  public let confidence: Int
  /// The rule that found it; `pratique phi explain` says more of it.
  public let rule: PHIRule
  /// The same for the same value, where a key was given for it; see `PHIMarker`.
  public let mark: String?

  /// States a finding.
  public init(
    type: PHIKind, start: Int, end: Int, line: Int, column: Int, confidence: Int, rule: PHIRule,
    mark: String? = nil
  ) {
    self.type = type
    self.start = start
    self.end = end
    self.line = line
    self.column = column
    self.confidence = confidence
    self.rule = rule
    self.mark = mark
  }
}
