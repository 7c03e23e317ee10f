import ArgumentParser

/// Emergencies.
struct BreakGlassGroup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "break-glass",
    abstract: "Open a gate in an emergency, and review that: docs/exceptions.md.",
    subcommands: [BreakGlassOpen.self, BreakGlassReviewCommand.self, BreakGlassList.self],
    defaultSubcommand: BreakGlassOpen.self)
}
