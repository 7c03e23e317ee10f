/// What a plan would change in an infrastructure: the predicate of kind `infrastructure-plan`.
public struct InfrastructurePlan: Hashable, Sendable, Codable {
  /// One resource and what would be done to it.
  public struct Change: Hashable, Sendable, Codable {
    /// What a plan does to a resource.
    public enum Action: String, Sendable, Codable, CaseIterable {
      case create, update, delete, replace, read, forget, none
    }

    /// The resource's address.
    public let address: String
    /// What would be done.
    public let action: Action

    /// Names a change.
    public init(address: String, action: Action) {
      self.address = address
      self.action = action
    }
  }

  /// The application's name.
  public let application: String
  /// Id of the run in which the plan was read.
  public let run: String
  /// When it was read.
  public let time: Instant
  /// How many resources each action touches.
  public let totals: [String: Int]
  /// What would be deleted or replaced first, then the rest; at most the first 200.
  public let changes: [Change]
  /// The tool and its plan.
  public let source: ReportSource

  /// States a plan; resources that stay as they are are counted and not listed.
  public init(
    application: String, run: String, time: Instant, changes: [Change], source: ReportSource
  ) {
    self.application = application
    self.run = run
    self.time = time
    var totals: [String: Int] = [:]
    for action in Change.Action.allCases { totals[action.rawValue] = 0 }
    for change in changes { totals[change.action.rawValue, default: 0] += 1 }
    self.totals = totals
    let order: [Change.Action] = [.delete, .replace, .forget, .update, .create, .read]
    self.changes = Array(
      order.flatMap { action in changes.filter { $0.action == action } }.prefix(200))
    self.source = source
  }
}
