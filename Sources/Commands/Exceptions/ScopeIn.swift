import ArgumentParser
import Model

/// Says that controls apply after all.
struct ScopeIn: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "in", abstract: "Say that controls apply after all; anybody may whose key may.",
    discussion: """
      Example:
        pratique scope in ai-act.9 --environment production \\
            --reason "the portal now sorts messages by a model" --key ~/.ssh/id_ed25519
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var scope: ScopeOptions

  func run() async throws { try await scope.record(.inScope, days: 0, options) }
}
