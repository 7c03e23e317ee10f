import ArgumentParser

/// Waivers.
struct WaiverGroup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "waiver",
    abstract: "Excuse a control for a while, or take that back: docs/exceptions.md.",
    subcommands: [WaiverGrant.self, WaiverWithdraw.self, WaiverListCommand.self])
}
