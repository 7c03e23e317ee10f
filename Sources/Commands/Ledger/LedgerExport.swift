import ArgumentParser
import Foundation
import Journey
import Model

/// Exports the log for other people's programs.
struct LedgerExport: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the log as static files (C2SP tlog-tiles), and bring them up to date.",
    discussion: """
      The folder holds checkpoint, tile/ with the tree and the leaves, log.vkey, and the trust root's public keys; any web server can serve it. Given again, only what is new is written, and the checkpoint last. docs/formats/tiles.md describes it. Of each timestamped checkpoint its text, the token (.tst), and the certificates and revocation lists kept with it are there too.

      With --entries each entry N is there as plain files too: N.leaf, N.dsse.json, N.salt and N.tlog-proof. docs/verify-without-us.md says how to check them with other programs. Envelopes are not for everybody: publish the folder without them.

      Examples:
        pratique ledger export /srv/www/log
        pratique ledger export --entries export
      """)

  @OptionGroup var options: GlobalOptions
  @Flag(help: "Write each entry's leaf, envelope, salt and receipt too.")
  var entries = false
  @Argument(help: "The folder: an earlier export of this ledger, or nothing yet.")
  var folder: String

  func run() async throws {
    let home = try options.open(readOnly: true)
    let terminal = options.terminal
    let (folder, entries) = (
      PathText.resolve(folder, in: FileManager.default.currentDirectoryPath), entries
    )
    let report = try await Interruption.cancelling {
      try await home.export(to: folder, withEntries: entries) { done, all in
        if all > 10_000 { terminal.note("exported \(done) of \(all) entries") }
      }
    }
    try terminal.result(
      report,
      [
        "\(report.entries) entries in \(folder), \(report.entries - report.before) of them new,"
          + " \(report.tiles) tiles written"
      ])
  }
}
