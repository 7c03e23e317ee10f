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
      The keys of log and machine are made in the ledger's folder. An option names another key
      instead: a file, which is copied there, or a token.

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
  @Option(help: "A private key's file, or a pkcs11: URI, that signs checkpoints; Ed25519.")
  var logKey: String?
  @Option(help: "A private key's file, or a pkcs11: URI, that signs evidence.")
  var machineKey: String?
  @Option(help: "Where the entries lie: sqlite:PATH, or postgresql://USER@HOST/DATABASE.")
  var store: String?

  func run() async throws {
    let file = try TrustFile.read(path: trust)
    let home = try await LedgerHome.initialise(
      at: options.ledgerPath, from: file, keys: FoundingKeys(log: logKey, machine: machineKey),
      ring: KeyRing(secrets: Passphrases.ledger),
      store: store.map {
        try StoreLocation($0, in: FileManager.default.currentDirectoryPath)
      }, time: TimeSource.system.now())
    let root = try await home.trustRoot()
    if root.recovery == nil {
      options.terminal.note(
        "warning: the trust file names no recovery keys. If the log key is lost or stolen, this"
          + " ledger cannot be continued. docs/keys.md says how to make them.")
    }
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
        "Give the log key and the first checkpoint (pratique ledger prove 0) to whoever shall check"
          + " this ledger: they are what they trust.",
      ])
  }

  private struct Report: Encodable {
    let path: String
    let origin: String
    let logKey: String
    let trustRoot: TrustRoot
  }
}
