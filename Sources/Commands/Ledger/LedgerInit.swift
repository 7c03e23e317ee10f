import ArgumentParser
import Journey
import Ledger
import LedgerSQLite
import Model

/// Makes a ledger.
struct LedgerInit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Make a ledger whose first entry is the trust root that a file describes.",
    discussion: "Example: pratique ledger init --trust trust.yaml")

  @OptionGroup var options: GlobalOptions
  @Option(help: "The trust file: people, roles, keys, policy.")
  var trust: String

  func run() async throws {
    let file = try TrustFile.read(path: trust)
    let home = try await LedgerHome.initialise(
      at: options.ledgerPath, from: file, time: TimeSource.system.now())
    let root = try await home.trustRoot()
    try options.terminal.result(
      Report(
        path: home.path, origin: home.ledger.key.name, logKey: home.ledger.key.description,
        trustRoot: root),
      [
        "made the ledger \(home.path)", "origin  \(home.ledger.key.name)",
        "log key \(home.ledger.key.description)",
        "trust root version 1: \(root.people.count) people, \(root.keys.count) keys, policy"
          + " \(root.policies.map { "\($0.name) \($0.version)" }.joined(separator: ", "))",
        "Give the log key to whoever shall check this ledger: it is what they trust.",
      ])
  }

  private struct Report: Encodable {
    let path: String
    let origin: String
    let logKey: String
    let trustRoot: TrustRoot
  }
}
