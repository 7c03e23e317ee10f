/// Until when the gate of an environment reports without refusing, and what was there when it began:
/// the predicate of kind `observation`.
public struct Observation: Hashable, Sendable, Codable {
  /// What happens.
  public enum Action: String, Sendable, Codable { case begun, ended }

  /// What the gate said of a control when the observation began.
  public struct Baseline: Hashable, Sendable, Codable {
    /// Id of the control.
    public let control: String
    /// What the gate said.
    public let state: ControlState
    /// Findings and failed tests that it rested on, as one line each, sorted.
    public let findings: [String]

    /// States what was there.
    public init(control: String, state: ControlState, findings: [String]) {
      self.control = control
      self.state = state
      self.findings = findings
    }
  }

  /// What happens.
  public let action: Action
  /// The application's name.
  public let application: String
  /// The environment whose gate only reports.
  public let environment: String
  /// From this instant on the gate refuses again; `nil` when the observation is ended.
  public let until: Instant?
  /// Controls that were not satisfied when it began; `nil` when it is ended.
  public let baseline: [Baseline]?
  /// Why, in the person's own words.
  public let reason: String
  /// Pseudonym of the person.
  public let person: String
  /// The capacity in which the person acts.
  public let role: Role
  /// When the person signed.
  public let time: Instant

  /// States that a gate only reports, or refuses again.
  public init(
    action: Action, application: String, environment: String, until: Instant?,
    baseline: [Baseline]?, reason: String, person: String, role: Role, time: Instant
  ) {
    self.action = action
    self.application = application
    self.environment = environment
    self.until = until
    self.baseline = baseline
    self.reason = reason
    self.person = person
    self.role = role
    self.time = time
  }

  /// What the statement speaks of: the application, whatever the release.
  public var subjects: [Subject] { [.application(application)] }
}
