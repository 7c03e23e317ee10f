public import Attestation
public import Delivery
import Foundation
import Ledger
public import Model

/// What a person does to an environment without asking a gate: going back, taking down.
///
/// Both are recorded with who asked for it. A key is not needed for that, since going back to a
/// proven release must never wait for one; where none is shown, the evidence says so, and names the
/// person for whom the machine acts.
public struct EnvironmentActs: Sendable {
  private let home: LedgerHome
  private let access: EnvironmentAccess
  private let application: String
  private let environment: Delivery.EnvironmentDefinition
  private let time: TimeSource

  /// Acts on one environment of an application.
  public init(
    home: LedgerHome, application: String, environment: Delivery.EnvironmentDefinition,
    variables: [String: String], time: TimeSource
  ) {
    self.home = home
    access = EnvironmentAccess(home: home, application: application, variables: variables)
    self.application = application
    self.environment = environment
    self.time = time
  }

  /// Goes back to the release that served before, and records it: a way back needs no gate.
  ///
  /// - Parameter key: the person's key, which then signs the evidence too.
  /// - Throws: `Problem` with `notFound` when there is none, `notTrusted` for a key that does not
  ///   count; then nothing was changed.
  public func goBack(reason: String, key: PrivateKey?) async throws -> RolloutReport {
    let recorder = try await home.recorder(role: .pipeline, time: time)
    let rollout = try access.rollout(environment, time: time)
    let request = try await request(key)
    let (serving, previous) = try rollout.releases()
    guard let serving, previous != nil else {
      // Says what is missing, and changes nothing.
      return try await rollout.rollBack(reason: reason, identifier: "none")
    }
    let act = "back.\(UUID().uuidString.lowercased())"
    try await intend(
      "go back from \(serving.version) in \(environment.name): \(reason)", act: act,
      of: serving, recorder)
    let report = try await rollout.rollBack(reason: reason, identifier: act)
      .requested(by: request)
    try await record(report, of: serving, recorder, key)
    return report
  }

  /// Takes the environment down, and records it.
  ///
  /// - Parameter key: the person's key, which then signs the evidence too.
  /// - Returns: `nil` when nothing served there; then there is nothing to record.
  /// - Throws: `Problem` with `notTrusted` for a key that does not count; then nothing was changed.
  public func takeDown(reason: String, key: PrivateKey?) async throws -> RolloutReport? {
    let recorder = try await home.recorder(role: .pipeline, time: time)
    let request = try await request(key)
    guard let serving = try access.rollout(environment, time: time).releases().serving else {
      _ = try await access.takeDown(environment, reason: reason, time: time)
      return nil
    }
    try await intend(
      "take \(environment.name) down, where \(serving.version) serves: \(reason)",
      act: "down.\(UUID().uuidString.lowercased())", of: serving, recorder)
    let report = try await access.takeDown(environment, reason: reason, time: time)?
      .requested(by: request)
    if let report { try await record(report, of: serving, recorder, key) }
    return report
  }

  /// Says what is about to be done; killed after it, the ledger still shows that it was begun.
  private func intend(
    _ effect: String, act: String, of release: Release, _ recorder: LedgerRecorder
  ) async throws {
    let intent = Intent(
      application: application, run: act, stage: "environment",
      step: String(act.prefix { $0 != "." }), environment: environment.name,
      stepKey: .sha256(Array(act.utf8)), effect: effect, time: time.now())
    try await recorder.record(
      Evidence(kind: .intent, subjects: release.subjects, predicate: intent))
  }

  private func record(
    _ report: RolloutReport, of release: Release, _ recorder: LedgerRecorder, _ key: PrivateKey?
  ) async throws {
    let evidence = Evidence(kind: .rollout, subjects: release.subjects, predicate: report)
    _ = try await recorder.record([evidence], with: key?.signer)
  }

  /// Who asks, by their key, or by whom the machine acts for.
  private func request(_ key: PrivateKey?) async throws -> RolloutReport.Request {
    let root = try await home.trustRoot()
    guard let key else {
      guard let machine = root.machines.first(where: { $0.roles.contains(.pipeline) }) else {
        throw Problem(.notTrusted, "no machine of the trust root holds the role \"pipeline\"")
      }
      return .init(person: machine.onBehalfOf, isSigned: false)
    }
    let known = root.keys.first {
      $0.id == key.publicKey.id
        && $0.maySpeak(of: application, environment: environment.name, at: time.now())
    }
    guard let known, root.people.contains(where: { $0.id == known.holder }) else {
      throw Problem(
        .notTrusted,
        "the key \(key.publicKey.id.short) is of no person who may act in \(environment.name)",
        advice: "See who is: pratique trust show")
    }
    return .init(person: known.holder, isSigned: true)
  }
}
