import ArgumentParser
import Journey
import Model

/// Lets a gate refuse again.
struct ObserveEnd: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "end", abstract: "Let a gate refuse again before its date.",
    discussion: """
      Example:
        pratique observe end --application patient-portal --environment production \\
            --reason "all is green" --key ~/.ssh/id_ed25519
      """)

  @OptionGroup var options: GlobalOptions
  @Option(help: "The application.")
  var application: String
  @Option(help: "The environment.")
  var environment: String
  @Option(help: "Why.")
  var reason: String
  @OptionGroup var acting: ActingOptions

  func run() async throws {
    let ended = try await options.open().endObservation(
      of: application, environment: environment, reason: reason, by: acting.person(),
      time: .system)
    try options.terminal.result(
      ended,
      ["the gate of \(environment) refuses again, recorded as entry \(ended.entry.index)"])
  }
}
