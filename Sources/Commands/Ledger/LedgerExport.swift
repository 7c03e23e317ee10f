import ArgumentParser
import Journey
import Model

/// Exports entries for other people's programs.
struct LedgerExport: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write leaves, envelopes, proofs and the checkpoint as plain files.",
    discussion: """
      The folder holds checkpoint, log.vkey, the trust root's public keys, and for each entry N:
      N.leaf, N.dsse.json, N.salt and N.tlog-proof; N.erased instead of payload and salt where it was
      erased. docs/verify-without-us.md says how to check them with other programs.

      Example: pratique ledger export --to export/
      """)

  @OptionGroup var options: GlobalOptions
  @Option(name: .customLong("to"), help: "The folder; nothing may be there yet.")
  var folder: String

  func run() async throws {
    let home = try options.open(readOnly: true)
    let count = try await home.export(to: folder)
    try options.terminal.result(
      ["entries": count], ["wrote \(count) entries to \(folder)"])
  }
}
