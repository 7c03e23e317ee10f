import ArgumentParser
import Foundation
import Journey
import Ledger
import Model

/// Keeps a full copy elsewhere.
struct LedgerMirror: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mirror",
    abstract: "Bring a full copy in another folder up to date, verifying as it copies.",
    discussion: """
      The copy holds entries, payloads, checkpoints, logs and reports, and no key: it can be read, verified and restored from, and nobody can append to it. Interrupted, it goes on where it was when the same command is given again. What the ledger has erased is erased there too, except under a legal hold.

      Examples:
        pratique ledger mirror /srv/elsewhere/ledger
        pratique ledger mirror /srv/elsewhere/ledger --store postgresql://pratique@db.example/mirror
      """)

  @OptionGroup var options: GlobalOptions
  @Option(
    help:
      "Where the mirror's entries lie, otherwise in its folder: postgresql://USER@HOST/DATABASE.")
  var store: String?
  @Flag(help: "Copy the names behind pseudonyms too, for a backup that stays in your hands.")
  var withRegistry = false
  @Argument(help: "The folder: a mirror of this ledger, or nothing yet.")
  var folder: String

  func run() async throws {
    let home = try options.open(readOnly: true)
    let terminal = options.terminal
    let folder = PathText.resolve(folder, in: FileManager.default.currentDirectoryPath)
    let withRegistry = withRegistry
    let store = try store.map {
      try StoreLocation($0, in: FileManager.default.currentDirectoryPath)
    }
    let report = try await Interruption.cancelling {
      try await home.mirror(to: folder, store: store, withRegistry: withRegistry) { done, all in
        if all > 1_000 { terminal.note("copied \(done) of \(all) entries") }
      }
    }
    try terminal.result(
      report,
      [
        "\(report.entries.entries) entries, \(report.entries.copied) of them copied now, root"
          + " \(report.entries.root)",
        "\(report.contents) logs and reports copied, \(report.removed) erased payloads removed,"
          + " \(report.held) kept under a legal hold",
      ])
  }
}
