import ArgumentParser
import Foundation
import Journey
import Model

/// Erases payloads.
struct LedgerErase: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "erase",
    abstract: "Erase payloads with their salts, logs and reports; every proof stays.",
    discussion: """
      The erasure is itself an entry, with your name and reason, in the same transaction. A legal
      hold refuses it; the wish is then recorded and waits. What stays, and what this cannot reach:
      docs/retention.md.

      Examples:
        pratique ledger erase 12 13 --reason "a name in the log" --basis spill --key ~/.ssh/id_ed25519
        pratique ledger erase --run 20261123-113000-123-4f2a9c --requested-by request-17 \\
            --reason "asked for by the person concerned" --key ~/.ssh/id_ed25519
      """)

  @OptionGroup var options: GlobalOptions
  @Argument(help: "Indices of entries.")
  var indices: [Int64] = []
  @Option(help: "All entries that this run recorded.")
  var run: String?
  @Option(help: "All entries that speak of this digest.", transform: RetentionArguments.digest)
  var subject: Digest?
  @Option(help: "Why; it stays in the ledger for ever, so name nobody.")
  var reason: String
  @Option(help: "request, or spill: what should never have come into the ledger.")
  var basis = "request"
  @Option(help: "The request's own number, or a pseudonym; never a name.")
  var requestedBy: String?
  @Flag(help: "Erase what may go, although some of it may not.")
  var exceptRefused = false
  @Flag(help: "Remove the folders of the runs that recorded the entries, too.")
  var withRunFolders = false
  @OptionGroup var acting: ActingOptions

  func validate() throws {
    guard ["request", "spill"].contains(basis) else {
      throw ValidationError("--basis takes request or spill; what expired goes with ledger expire")
    }
  }

  func run() async throws {
    let home = try options.open()
    let terminal = options.terminal
    var wish = ErasureWish(reason: reason)
    wish.indices = Set(indices)
    wish.run = run
    wish.subject = subject
    wish.basis = Erasure.Basis(rawValue: basis) ?? .request
    wish.requestedBy = requestedBy
    wish.exceptRefused = exceptRefused
    wish.withRunFolders = withRunFolders
    let outcome = try await home.erase(
      wish, by: acting.person(), time: .system, progress: RetentionArguments.progress(terminal))
    if !outcome.entries.isEmpty { try terminal.result(outcome, Self.lines(outcome)) }
    if let problem = outcome.problem { throw problem }
  }

  static func lines(_ outcome: ErasureOutcome) -> [String] {
    let shown = outcome.entries.prefix(20).map(String.init).joined(separator: " ")
    let entries = shown + (outcome.entries.count > 20 ? " and more" : "")
    let erasures = outcome.erasures.map(String.init).joined(separator: " ")
    var lines = [
      "erased the payloads of \(outcome.entries.count) entries: \(entries)",
      "recorded as entry \(erasures); \(outcome.contents) logs, reports and large payloads went too",
    ]
    lines += outcome.copies.map { "removed the copy \($0)" }
    lines += outcome.runFolders.map {
      "still there: \($0), where the run worked; it goes with --with-run-folders"
    }
    lines.append(
      "Exports, backups and mirrors made before are not reached from here: docs/retention.md.")
    return lines
  }
}
