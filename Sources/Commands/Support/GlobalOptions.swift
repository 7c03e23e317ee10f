import ArgumentParser
import Foundation
import Journey
import Model

/// Options that most commands take.
struct GlobalOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The ledger's folder.",
      discussion: "Otherwise PRATIQUE_LEDGER, otherwise the user's data folder."))
  var ledger: String?

  @Option(help: "The origin that the ledger must have; any other is refused.")
  var origin: String?

  @Flag(help: "Print the result as JSON.")
  var json = false

  var terminal: Terminal { Terminal(isJSON: json) }

  /// The ledger's folder.
  var ledgerPath: String {
    let environment = ProcessInfo.processInfo.environment
    let path =
      ledger ?? environment["PRATIQUE_LEDGER"] ?? LedgerHome.defaultPath(environment: environment)
    return PathText.resolve(path, in: FileManager.default.currentDirectoryPath)
  }

  /// Opens the ledger.
  func open(readOnly: Bool = false) throws -> LedgerHome {
    try LedgerHome.open(
      at: ledgerPath, origin: origin, readOnly: readOnly,
      ring: KeyRing(secrets: Passphrases.ledger))
  }
}
