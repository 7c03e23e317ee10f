import ArgumentParser

/// What policies are written in.
struct PolicyGroup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "policy", abstract: "Try the expressions that policies are written in.",
    subcommands: [PolicyEval.self])
}
