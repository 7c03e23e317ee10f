import ArgumentParser
import Model

/// Says that controls do not apply.
struct ScopeOut: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "out", abstract: "Say that controls do not apply, and why, for some days.",
    discussion: """
      Example:
        pratique scope out "ai-act.*" --environment production --days 365 \\
            --reason "no product of ours contains an AI system" --key ~/.ssh/id_ed25519
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var scope: ScopeOptions
  @Option(help: "After how many days the question is asked anew.")
  var days: Int

  func run() async throws { try await scope.record(.outOfScope, days: days, options) }
}
