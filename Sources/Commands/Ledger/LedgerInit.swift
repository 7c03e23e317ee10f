import ArgumentParser
import Foundation
import Journey
import Ledger
import LedgerSQLite
import Model

/// Makes a ledger.
struct LedgerInit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Make a ledger whose first entry is the trust root that a file describes.",
    discussion: """
      The entries lie in a file of the ledger's folder, unless --store names a PostgreSQL database
      (docs/postgresql.md). Passwords belong into ~/.pgpass or the file that PGPASSFILE names; one
      that stands in the address is used now and not written down.

      Examples:
        pratique ledger init --trust trust.yaml
        pratique ledger init --trust trust.yaml --store postgresql://pratique@db.example/ledger
      """)

  @OptionGroup var options: GlobalOptions
  @Option(help: "The trust file: people, roles, keys, policy.")
  var trust: String
  @Option(help: "Where the entries lie: sqlite:PATH, or postgresql://USER@HOST/DATABASE.")
  var store: String?

  func run() async throws {
    let file = try TrustFile.read(path: trust)
    let home = try await LedgerHome.initialise(
      at: options.ledgerPath, from: file,
      store: store.map {
        try StoreLocation($0, in: FileManager.default.currentDirectoryPath)
      }, time: TimeSource.system.now())
    let root = try await home.trustRoot()
    try options.terminal.result(
      Report(
        path: home.path, origin: home.ledger.key.name, logKey: home.ledger.key.description,
        trustRoot: root),
      [
        "made the ledger \(home.path)", "entries \(home.ledger.place)",
        "origin  \(home.ledger.key.name)",
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
