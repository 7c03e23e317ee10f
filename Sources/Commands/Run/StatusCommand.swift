import ArgumentParser
import Attestation
import Delivery
import Foundation
import Journey
import Model

/// Shows what runs where, and takes environments down.
struct EnvironmentGroup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "environment", abstract: "Show environments, go back, take one down.",
    subcommands: [EnvironmentStatusCommand.self, EnvironmentBack.self, EnvironmentDown.self])
}

/// Options of commands that reach environments.
struct EnvironmentOptions: ParsableArguments {
  @OptionGroup var options: GlobalOptions
  @Option(help: "The application's name.")
  var application: String
  @Option(help: "The file that defines environments; otherwise PRATIQUE_ENVIRONMENTS.")
  var environments: String?

  func file() throws -> EnvironmentFile {
    let variables = ProcessInfo.processInfo.environment
    guard let path = environments ?? variables["PRATIQUE_ENVIRONMENTS"] else {
      throw ValidationError("name the file of environments with --environments")
    }
    return try EnvironmentFile.read(InputFile.read(path), path: path)
  }

  /// Acts on one of the environments, with the ledger open for writing.
  func acts(on environment: String) throws -> EnvironmentActs {
    let definition = try file().environment(named: environment)
    return EnvironmentActs(
      home: try options.open(), application: application, environment: definition,
      variables: ProcessInfo.processInfo.environment, time: .system)
  }

  func access(readOnly: Bool) throws -> EnvironmentAccess {
    EnvironmentAccess(
      home: try options.open(readOnly: readOnly), application: application,
      variables: ProcessInfo.processInfo.environment)
  }
}

/// What runs where.
struct EnvironmentStatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show what runs where, and whether that is what should.")

  @OptionGroup var reach: EnvironmentOptions

  func run() async throws {
    let statuses = try await reach.access(readOnly: true).status(reach.file())
    try reach.options.terminal.result(
      statuses,
      statuses.flatMap { status in
        let serving = status.serving.map {
          "\($0.version) (\($0.slot.rawValue), \($0.state.rawValue))"
        }
        return [
          "\(status.environment)  http://127.0.0.1:\(status.port)  \(serving ?? "nothing yet")"
        ] + status.problems.map { "  problem: \($0)" }
      })
  }
}

/// Goes back to the release before.
struct EnvironmentBack: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "back",
    abstract: "Go back to the release that served before; needs no gate, and is recorded.",
    discussion: """
      With --key the evidence bears your signature beside the machine's, and names you. Without, it
      names the person for whom the machine acts, and says that nobody showed a key.

      Example:
        pratique environment back production --application portal --reason "wrong dose shown" \\
            --key ~/.ssh/id_ed25519
      """)

  @OptionGroup var reach: EnvironmentOptions
  @Argument(help: "The environment.")
  var environment: String
  @Option(help: "Why, in a sentence.")
  var reason: String
  @Option(help: "Your private key's file: PEM, or OpenSSH without a passphrase.")
  var key: String?

  func run() async throws {
    let report = try await reach.acts(on: environment)
      .goBack(reason: reason, key: try key.map { try PrivateKey(path: $0) })
    try reach.options.terminal.result(
      report,
      [
        report.outcome == .rolledBack
          ? "\(report.environment): \(report.previousVersion ?? "nothing") serves again, instead of"
            + " \(report.version)"
          : "\(report.environment): \(report.version) still serves"
      ])
    guard report.outcome == .rolledBack else {
      throw Problem(.stepFailed, report.reason ?? "the way back was not healthy; nothing changed")
    }
  }
}

/// Takes an environment down.
struct EnvironmentDown: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "down",
    abstract: "Stop and remove everything that runs in an environment; is recorded.",
    discussion: """
      With --key the evidence bears your signature beside the machine's, and names you.

      Example:
        pratique environment down staging --application portal --reason "the trial is over"
      """)

  @OptionGroup var reach: EnvironmentOptions
  @Argument(help: "The environment.")
  var environment: String
  @Option(help: "Why, in a sentence.")
  var reason: String
  @Option(help: "Your private key's file: PEM, or OpenSSH without a passphrase.")
  var key: String?

  func run() async throws {
    let report = try await reach.acts(on: environment)
      .takeDown(reason: reason, key: try key.map { try PrivateKey(path: $0) })
    let words = report.map { "\($0.version) no longer serves" } ?? "nothing served there"
    guard let report else {
      return try reach.options.terminal.result(
        ["environment": environment], ["\(environment) is down; \(words)"])
    }
    try reach.options.terminal.result(report, ["\(environment) is down; \(words)"])
  }
}
