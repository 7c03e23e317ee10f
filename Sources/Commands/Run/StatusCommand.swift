import ArgumentParser
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
      Example:
        pratique environment back production --application portal --reason "wrong dose shown"
      """)

  @OptionGroup var reach: EnvironmentOptions
  @Argument(help: "The environment.")
  var environment: String
  @Option(help: "Why, in a sentence.")
  var reason: String

  func run() async throws {
    let home = try reach.options.open()
    let access = try reach.access(readOnly: false)
    let report = try await home.goBack(
      access, environment: reach.file().environment(named: environment), reason: reason,
      time: .system)
    try reach.options.terminal.result(
      report,
      [
        "\(report.environment): \(report.version) serves again, instead of"
          + " \(report.previousVersion ?? "nothing")"
      ])
    guard report.outcome == .released else {
      throw Problem(.rolledBack, report.reason ?? "the way back was not healthy; nothing changed")
    }
  }
}

/// Takes an environment down.
struct EnvironmentDown: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "down", abstract: "Stop and remove everything that runs in an environment.")

  @OptionGroup var reach: EnvironmentOptions
  @Argument(help: "The environment.")
  var environment: String

  func run() async throws {
    try await reach.access(readOnly: true).tearDown(
      reach.file().environment(named: environment))
    try reach.options.terminal.result(["environment": environment], ["\(environment) is down"])
  }
}
