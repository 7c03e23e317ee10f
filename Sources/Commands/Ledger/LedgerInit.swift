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

      A log that goes on with the history of others names the last checkpoint of each in its second
      entry, which somebody signs whom the trust file lets reorganise.

      Examples:
        pratique ledger init --trust trust.yaml
        pratique ledger init --trust trust.yaml --store postgresql://pratique@db.example/ledger
        pratique ledger init --trust trust.yaml --predecessor old.checkpoint --predecessor-key old.vkey \\
            --reason "the old log's key was lost" --key ~/.ssh/id_ed25519
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

  @Option(help: "A file with a predecessor log's last checkpoint; may be repeated.")
  var predecessor: [String] = []
  @Option(help: "A file with that log's verifier key; as many as predecessors, in their order.")
  var predecessorKey: [String] = []
  @Option(help: "An organisation of those logs, where it is another; may be repeated.")
  var from: [String] = []
  @Option(help: "Why this log goes on with those.")
  var reason: String?
  @Option(help: "The private key of who signs that: a file, or a pkcs11: URI.")
  var key: String?
  @Option(help: "In which of your roles you sign it.")
  var role: String?
  @Option(help: "A file whose first line is the passphrase of that key, or the token's PIN.")
  var passphraseFile: String?

  func validate() throws {
    guard predecessor.count == predecessorKey.count else {
      throw ValidationError("each --predecessor needs its --predecessor-key")
    }
    guard predecessor.isEmpty == (reason == nil), predecessor.isEmpty == (key == nil),
      !predecessor.isEmpty || from.isEmpty
    else { throw ValidationError("--predecessor needs --reason and --key") }
  }

  private func succession() throws -> Succession? {
    guard let key, let reason else { return nil }
    let signer = try KeyRing(secrets: Passphrases.source(file: passphraseFile)).signer(key)
    return Succession(
      predecessors: try LedgerReorganise.predecessors(predecessor, keys: predecessorKey),
      from: from, reason: reason,
      person: ActingPerson(signer: signer, role: role.map { Role(rawValue: $0) }))
  }

  func run() async throws {
    let file = try TrustFile.read(path: trust)
    let home = try await LedgerHome.initialise(
      at: options.ledgerPath, from: file,
      store: store.map {
        try StoreLocation($0, in: FileManager.default.currentDirectoryPath)
      }, keys: FoundingKeys(log: logKey, machine: machineKey),
      succession: succession(), ring: KeyRing(secrets: Passphrases.ledger),
      time: TimeSource.system.now())
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
