import ArgumentParser
import Foundation
import Journey
import Ledger
import Model
import Server

/// Brings a ledger back from a copy without forking its log.
struct LedgerRestore: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Bring a ledger back from a copy, and ask what it has shown since.",
    discussion: """
      A restored backup is a rollback, and the next append would fork the log. So a restored ledger is open for reading only until the configured witnesses and everybody named were asked for the highest checkpoint that it ever showed, and what mirrors still have was brought back. It can be given again with others to ask. docs/restoring.md has the whole way.

      Where entries are lost for good, --open-epoch lets the log go on under another name, with an entry that names what is lost.

      Examples:
        pratique ledger restore /srv/backup/ledger --keys /srv/safe/keys --mirror /srv/elsewhere/ledger
        pratique ledger restore --checkpoint kept-by-the-auditor.txt
        pratique ledger restore --open-epoch --reason "fire in the server room" --key ~/.ssh/id_ed25519
      """)

  @OptionGroup var options: GlobalOptions
  @Argument(help: "A mirror or another copy; left out when the ledger is in its place already.")
  var backup: String?
  @Option(help: "A folder with the ledger's keys, which a mirror has not.")
  var keys: String?
  @Option(help: "A mirror to ask, and to bring entries back from; may be repeated.")
  var mirror: [String] = []
  @Option(help: "A file with a checkpoint or a receipt that somebody kept; may be repeated.")
  var checkpoint: [String] = []
  @Option(help: "A file that names the witnesses, where the ledger's folder has none.")
  var witnesses: String?
  @Option(help: "How many of the witnesses must answer; otherwise all of them.")
  var need: Int?
  @Option(help: "After so many seconds a witness that has not answered counts as absent.")
  var witnessSeconds = 10
  @Option(help: "PEM file with the authorities that vouch for the witnesses' servers.")
  var tlsRoots: String?
  @Flag(help: "Take the copy's own word, where nobody else can be asked.")
  var alone = false
  @Flag(help: "Let the log go on under another name, for the entries that are lost for good.")
  var openEpoch = false
  @Option(help: "Why entries are lost.")
  var reason: String?
  @Option(help: "In which of your roles you open the epoch.")
  var role: String?
  @Option(help: "Your private key: a file, or a pkcs11: URI.")
  var key: String?
  @Option(help: "A file whose first line is the key's passphrase or the token's PIN.")
  var passphraseFile: String?

  func validate() throws {
    guard !openEpoch || (reason != nil && key != nil) else {
      throw ValidationError("--open-epoch needs --reason and --key")
    }
    guard (need ?? 0) >= 0 else { throw ValidationError("--need takes a number of witnesses") }
    guard (1...600).contains(witnessSeconds) else {
      throw ValidationError("--witness-seconds takes 1 to 600")
    }
  }

  func run() async throws {
    let terminal = options.terminal
    let now = TimeSource.system.now()
    if let backup {
      let (keys, path) = (keys, options.ledgerPath)
      _ = try await Interruption.cancelling {
        try await LedgerHome.restore(from: backup, to: path, keys: keys, time: now) { done, all in
          if all > 1_000 { terminal.note("copied \(done) of \(all) entries") }
        }
      }
      terminal.note("the copy is in its place, and open for reading only")
    }
    let home = try options.open()
    if backup == nil { try await home.beginRestoring(time: now) }
    let sources = try sources(home)
    let report = try await Interruption.cancelling {
      try await home.restore(from: sources) { done, all in
        if all > 1_000 { terminal.note("brought back \(done) of \(all) entries") }
      }
    }
    guard report.size < report.highest, openEpoch else { return try say(report, home) }
    try await open(home, time: now)
  }

  /// Whom this restoration asks.
  private func sources(_ home: LedgerHome) throws -> RestoreSources {
    var sources = RestoreSources()
    sources.shown = try checkpoint.map { ShownCheckpoint(name: $0, note: try Self.note(in: $0)) }
    sources.mirrors = mirror
    sources.copy = backup
    sources.exchange = .live(
      trustRoots: tlsRoots ?? ProcessInfo.processInfo.environment["PRATIQUE_TLS_ROOTS"])
    sources.witnesses = try witnesses.map {
      try home.witnesses(InputFile.read($0), file: $0)
    }
    sources.witnessMilliseconds = Int64(witnessSeconds) * 1_000
    sources.neededWitnesses = need
    sources.isAlone = alone
    return sources
  }

  private func say(_ report: RestoreReport, _ home: LedgerHome) throws {
    try options.terminal.result(
      report,
      report.asked.map { "asked " + $0 } + [
        "\(report.size) entries, \(report.refilled) of them brought back now",
        report.isComplete
          ? "nothing is missing that was ever shown to those asked; the ledger is open again"
          : report.problem(home.path)?.message ?? "",
      ])
    if let problem = report.problem(home.path) { throw problem }
  }

  private func open(_ home: LedgerHome, time: Instant) async throws {
    let signer = try KeyRing(secrets: Passphrases.source(file: passphraseFile)).signer(key ?? "")
    let (epoch, recorded) = try await home.openEpoch(
      reason: reason ?? "",
      by: ActingPerson(signer: signer, role: role.map { Role(rawValue: $0) }), time: time)
    try options.terminal.result(
      epoch,
      [
        "entries \(epoch.size) to \(epoch.lostUntil - 1) of \(epoch.previousOrigin) are lost;"
          + " entry \(recorded.index) says so",
        "the log goes on as \(epoch.origin): tell everybody who holds its key, and its witnesses",
      ])
  }

  /// The signed checkpoint in a file: by itself, or in a receipt.
  private static func note(in file: String) throws -> String {
    guard let text = String(validating: try InputFile.read(file), as: UTF8.self) else {
      throw Problem(.badInput, "the file is not valid UTF-8", at: file)
    }
    do {
      return text.hasPrefix("c2sp.org/tlog-proof") ? try Receipt(text).checkpoint : text
    } catch let problem as Problem {
      throw Problem(problem.code, problem.message, at: file, advice: problem.advice)
    }
  }
}
