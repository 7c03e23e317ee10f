import ArgumentParser

/// What people state and what commands did, signed.
struct AttestGroup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attest",
    abstract: "Run a command and record what it did, or sign what only a person can state.",
    discussion: """
      Without a subcommand it runs the command after "--": see `pratique attest command --help`.

      Example: pratique attest --application portal --step unit -- make test
      """,
    subcommands: [AttestCommand.self, AttestStatement.self],
    defaultSubcommand: AttestCommand.self)
}
