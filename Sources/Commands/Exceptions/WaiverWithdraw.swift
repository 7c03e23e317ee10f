import ArgumentParser
import Journey
import Model

/// Withdraws a waiver.
struct WaiverWithdraw: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "withdraw",
    abstract: "Take a waiver back; anybody may whose key may sign waivers.",
    discussion: """
      Example:
        pratique waiver withdraw bench-2026 --application patient-portal \\
            --environment production --reason "the bench is back" --key ~/.ssh/id_ed25519
      """)

  @OptionGroup var options: GlobalOptions
  @Argument(help: "The waiver's name.")
  var name: String
  @Option(help: "The application.")
  var application: String
  @Option(help: "The environment.")
  var environment: String
  @Option(help: "Why.")
  var reason: String
  @OptionGroup var acting: ActingOptions

  func run() async throws {
    let home = try options.open()
    let withdrawn = try await home.withdraw(
      name, application: application, environment: environment, reason: reason,
      by: acting.person(), time: .system)
    try options.terminal.result(
      withdrawn, ["waiver \"\(name)\" withdrawn, recorded as entry \(withdrawn.entry.index)"])
  }
}
