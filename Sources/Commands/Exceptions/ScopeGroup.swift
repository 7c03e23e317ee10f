import ArgumentParser
import Journey
import Model

/// Controls that do not apply.
struct ScopeGroup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scope",
    abstract: "Say that controls do not apply, and why, or that they do: docs/exceptions.md.",
    subcommands: [ScopeOut.self, ScopeIn.self])
}

/// What both words about scope take.
struct ScopeOptions: ParsableArguments {
  @Argument(help: "Ids of controls, or beginnings of ids that end with *.")
  var controls: [String]
  @Option(help: "The environment whose policy says who may.")
  var environment: String
  @Option(help: "The application that it speaks of; otherwise the whole organisation.")
  var application: String?
  @Option(help: "Why.")
  var reason: String
  @OptionGroup var acting: ActingOptions

  func record(
    _ verdict: ScopeStatement.Verdict, days: Int, _ options: GlobalOptions
  ) async throws {
    let said = try await options.open().stateScope(
      verdict, controls: controls, application: application, environment: environment, days: days,
      reason: reason, by: acting.person(), time: .system)
    let statement = said.value
    let whom = statement.application.map { "application \($0)" } ?? "the organisation"
    try options.terminal.result(
      said,
      [
        "recorded as entry \(said.entry.index): \(statement.controls.count) control(s) are"
          + " \(statement.verdict.rawValue) for \(whom)"
          + (statement.expires.map { " until \($0.date)" } ?? "")
      ] + statement.controls.map { "  \($0)" })
  }
}
