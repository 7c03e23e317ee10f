import Model

/// Runs a plan.
public struct Runner: Sendable {
  let request: RunRequest
  let services: RunServices

  /// A run that has not begun.
  public init(_ request: RunRequest, _ services: RunServices) {
    self.request = request
    self.services = services
  }

  /// Runs to the end. Cancelling the task ends every child and container, stops services, and
  /// records that the run was cancelled.
  public func run() async -> RunResult { fatalError("to come") }
}
