import ArgumentParser

/// The guard against PHI.
struct PHIGroup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "phi", abstract: "Look for protected health information.",
    discussion: """
      Example: pratique phi scan src fixtures
      """,
    subcommands: [
      PHIScan.self, PHIExplain.self, PHIServe.self, PHISpill.self, PHIHooks.self, PHIHook.self,
    ])
}
