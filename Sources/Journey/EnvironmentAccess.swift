public import Delivery
import Foundation
import Ledger
import LedgerSQLite
public import Model
import Processes

/// Reaches the environments of an application: their state lies beside the ledger.
public struct EnvironmentAccess: Sendable {
  private let home: LedgerHome
  private let application: String
  private let variables: [String: String]

  /// Reaches environments with the caller's variables, from which secrets may come.
  public init(home: LedgerHome, application: String, variables: [String: String]) {
    self.home = home
    self.application = application
    self.variables = variables
  }

  /// The ledger's own mark: another ledger on this machine may have environments of the same name.
  private var owner: String { Hexadecimal.encode(home.ledger.key.id) }

  /// Rollouts of the application in an environment.
  public func rollout(
    _ environment: Delivery.EnvironmentDefinition, time: TimeSource = .system,
    report: @escaping @Sendable (RolloutReport.Event) -> Void = { _ in }
  ) throws -> Rollout {
    let folder = "\(home.path)/environments/\(environment.name)/\(application)"
    try LedgerHome.makeFolder(folder)
    let target = try PodmanTarget(
      environment: environment, application: application, folder: folder, owner: owner,
      runner: .live, variables: variables)
    return Rollout(
      environment: environment, application: application, target: target.target, folder: folder,
      time: time, report: report)
  }

  /// Takes an environment of the application down.
  ///
  /// - Returns: what was done to what served; `nil` when nothing did.
  func takeDown(
    _ environment: Delivery.EnvironmentDefinition, reason: String, time: TimeSource
  ) async throws -> RolloutReport? {
    let folder = "\(home.path)/environments/\(environment.name)/\(application)"
    let target = try PodmanTarget(
      environment: environment, application: application, folder: folder, owner: owner,
      runner: .live, variables: variables)
    return try await rollout(environment, time: time).takeDown(reason: reason) {
      try await target.tearDown()
    }
  }

  /// What is where in each environment of a file.
  public func status(_ file: EnvironmentFile) async throws -> [EnvironmentStatus] {
    var statuses: [EnvironmentStatus] = []
    for environment in file.environments {
      statuses.append(try await rollout(environment).status())
    }
    return statuses
  }
}
