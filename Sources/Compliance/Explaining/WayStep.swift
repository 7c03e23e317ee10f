public import Model

/// One step of the way to green.
public struct WayStep: Hashable, Sendable, Codable {
  /// What sort of step it is, in the order in which they are taken.
  public enum Act: String, Sendable, Codable, CaseIterable {
    /// Change what the evidence shows to be wrong.
    case mend
    /// Change the trust root, or have it approved anew.
    case changeTrust = "change-trust"
    /// A person signs a statement.
    case state
    /// Run the pipeline, which records evidence.
    case run
    /// Something else that the reason names.
    case other
    /// A person approves.
    case approve
  }

  /// What sort of step it is.
  public let act: Act
  /// What to do, in one sentence.
  public let sentence: String
  /// What to type; `nil` where there is no one command.
  public let command: String?
  /// The role that does it; `nil` for nobody in particular.
  public let role: Role?
  /// The controls, as `control/check`, that it answers; empty for the gate as a whole.
  public let supplies: [String]
}
