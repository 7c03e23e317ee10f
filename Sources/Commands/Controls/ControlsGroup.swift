import ArgumentParser
import Foundation
import Journey
import Model

/// What frameworks ask, and how it is asked of evidence.
struct ControlsGroup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "controls", abstract: "Read catalogs of controls, and run their examples.",
    subcommands: [
      ControlsList.self, ControlsExplain.self, ControlsCoverage.self, ControlsTest.self,
    ])
}

/// Where the controls come from.
struct ControlSource: ParsableArguments {
  @OptionGroup var options: GlobalOptions
  @Option(
    name: .customLong("catalog"),
    help: ArgumentHelp("A catalog file instead of the policy in force.", valueName: "file"))
  var catalogs: [String] = []
  @Option(help: ArgumentHelp("A policy file instead of the policy in force.", valueName: "file"))
  var policy: String?

  func validate() throws {
    guard catalogs.isEmpty || policy == nil else {
      throw ValidationError("Give --catalog or --policy, not both.")
    }
  }

  /// The catalogs of the files that are named, else those of the policy in force.
  func book() async throws -> ControlBook {
    if !catalogs.isEmpty { return try ControlBook.read(catalogs: catalogs.map(Self.path)) }
    if let policy { return try ControlBook.read(policy: Self.path(policy)) }
    return try await options.open(readOnly: true).controlBook()
  }

  /// A path from the folder in which the command runs.
  static func path(_ name: String) -> String {
    PathText.resolve(name, in: FileManager.default.currentDirectoryPath)
  }
}
