import ArgumentParser

/// Legal holds.
struct HoldGroup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hold", abstract: "Place, lift and list legal holds, which erasing cannot pass.",
    subcommands: [HoldPlace.self, HoldLift.self, HoldListCommand.self])
}
