/// What a gate says of one control. Missing is not failed, and neither is passed.
public enum ControlState: String, Sendable, Codable, CaseIterable {
  /// The evidence shows it.
  case met
  /// Somebody who may has said that the control does not apply, and why.
  case outOfScope = "out-of-scope"
  /// It is not met, and a waiver that is in force excuses it.
  case excepted
  /// No program can judge it.
  case needsPerson = "needs-a-person"
  /// There is evidence, but it is older than the control allows.
  case stale
  /// There is no evidence.
  case missing
  /// The evidence shows the opposite.
  case notMet = "not-met"

  /// Whether a gate that requires the control lets the release pass: only what is met, what does
  /// not apply and what is excused.
  public var isSatisfying: Bool { self == .met || self == .outOfScope || self == .excepted }

  /// How bad it is, zero for met: a control is as good as the worst of what it requires.
  public var severity: Int { Self.allCases.firstIndex(of: self) ?? Self.allCases.count }
}
