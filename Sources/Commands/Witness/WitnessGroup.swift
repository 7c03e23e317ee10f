import ArgumentParser
import Foundation
import Model
import Server

/// A witness of other people's ledgers.
struct WitnessGroup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "witness",
    abstract: "Be a witness of other people's ledgers (C2SP tlog-witness).",
    subcommands: [
      WitnessInit.self, WitnessAddLog.self, WitnessServe.self, WitnessShow.self,
    ])
}

/// Options of every witness command.
struct WitnessOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The witness's folder.",
      discussion: "Otherwise PRATIQUE_WITNESS, otherwise the user's data folder."))
  var witness: String?

  @Flag(help: "Print the result as JSON.")
  var json = false

  var terminal: Terminal { Terminal(isJSON: json) }

  /// The witness's folder.
  var path: String {
    let environment = ProcessInfo.processInfo.environment
    let path =
      witness ?? environment["PRATIQUE_WITNESS"]
      ?? WitnessFolder.defaultPath(environment: environment)
    return PathText.resolve(path, in: FileManager.default.currentDirectoryPath)
  }

  /// Opens the witness.
  func open() throws -> WitnessFolder { try WitnessFolder.open(at: path) }
}
