import ArgumentParser
import Foundation
import Journey
import Ledger
import Model

/// Carries a ledger to another store.
struct LedgerMigrate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "migrate",
    abstract: "Copy the ledger to another store, and prove that both have the same root.",
    discussion: """
      The copy is verified as it is made, page by page; interrupted, it goes on where it was when
      the same command is given again. The store that the ledger is in now is only read. The other
      place must be empty, or hold a beginning of this ledger.

      With --switch the ledger's folder names the new store afterwards. End all runs and servers
      before: who has the old store open goes on writing to it.

      Examples:
        pratique ledger migrate --to postgresql://pratique@db.example/ledger?schema=ward
        pratique ledger migrate --to sqlite:copy.sqlite
        pratique ledger migrate --to postgresql://pratique@db.example/ledger --switch
      """)

  @OptionGroup var options: GlobalOptions
  @Option(name: .customLong("to"), help: "sqlite:PATH, or postgresql://USER@HOST/DATABASE.")
  var target: String
  @Flag(name: .customLong("switch"), help: "Let the ledger's folder name the new store.")
  var switches = false

  func run() async throws {
    let home = try options.open(readOnly: true)
    let terminal = options.terminal
    let location = try StoreLocation(target, in: FileManager.default.currentDirectoryPath)
    let report = try await Interruption.cancelling {
      try await home.migrate(to: location, switches: switches) { done, all in
        if all > 1_000 { terminal.note("copied \(done) of \(all) entries") }
      }
    }
    let result = Report(
      from: home.ledger.place, to: location.place, entries: report.entries,
      copied: report.copied, sourceRoot: report.sourceRoot, root: report.root,
      isSwitched: switches)
    try terminal.result(
      result,
      [
        "\(report.entries) entries, \(report.copied) of them copied now",
        "root \(report.sourceRoot)  \(result.from)", "root \(report.root)  \(result.to)",
        switches
          ? "the roots agree; the ledger's folder now names \(result.to)"
          : "the roots agree; the ledger's folder still names \(result.from)",
      ])
  }

  private struct Report: Encodable {
    let from: String
    let to: String
    let entries: Int64
    let copied: Int64
    let sourceRoot: String
    let root: String
    let isSwitched: Bool
  }
}
