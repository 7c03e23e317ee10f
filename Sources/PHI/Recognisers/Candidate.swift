/// What a recogniser proposes, in bytes of the segment.
struct Candidate {
  var type: PHIKind
  var start: Int
  var end: Int
  var confidence: Int
  var rule: PHIRule
}

/// How much of a text is taken for PHI.
public enum PHISetting: String, Sendable, CaseIterable {
  /// The text may speak of people in care: each identifier counts.
  case clinical
  /// Source code, logs of machines and other text about no patient: an identifier counts where a
  /// label or a check digit ties it to a person.
  case source
}
