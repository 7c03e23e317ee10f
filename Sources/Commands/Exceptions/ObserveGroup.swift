import ArgumentParser

/// Gates that only report.
struct ObserveGroup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "observe",
    abstract: "Let a gate report without refusing until a date: docs/exceptions.md.",
    subcommands: [ObserveBegin.self, ObserveEnd.self])
}
