import ArgumentParser

/// Gates: asked, explained, asked again.
struct GateGroup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gate", abstract: "Ask what a gate says, why, and what it said before.",
    discussion: """
      Without a verb it asks.

      Example: pratique gate latest --environment production
      """,
    subcommands: [GateAsk.self, GateExplain.self, GateReplay.self],
    defaultSubcommand: GateAsk.self)
}
