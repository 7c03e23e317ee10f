/// Something that let a release pass, or stood in for an answer, without the evidence that the rules
/// ask for: shown before anything else.
public struct Bypass: Hashable, Sendable, Codable {
  /// What it is.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// A person opened the gate in an emergency.
    case breakGlass = "break-glass"
    /// The gate only reports until a date.
    case observation
    /// A waiver excuses a control.
    case waiver
    /// A person says that what a scan found needs no mending.
    case vex
    /// Somebody said that a control does not apply.
    case outOfScope = "out-of-scope"
    /// A step, scan or check was left out, or ran without its isolation.
    case skip
    /// A rule was overridden by hand.
    case override
  }

  /// What it is.
  public let kind: Kind
  /// The control that it concerns; `nil` for the whole gate.
  public let control: String?
  /// What it is in one sentence: who, why and until when.
  public let sentence: String
  /// Until when; `nil` when it has no end of its own.
  public let until: Instant?
  /// The signed entry behind it; `nil` for what only shows in other evidence.
  public let evidence: EvidenceReference?

  /// States a bypass.
  public init(
    kind: Kind, control: String?, sentence: String, until: Instant?, evidence: EvidenceReference?
  ) {
    self.kind = kind
    self.control = control
    self.sentence = sentence
    self.until = until
    self.evidence = evidence
  }
}
