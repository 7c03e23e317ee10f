import ArgumentParser

/// What people state, with their name and key.
struct AttestGroup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attest", abstract: "Sign what only a person can state.",
    subcommands: [AttestStatement.self])
}
