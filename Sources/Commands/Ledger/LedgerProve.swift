import ArgumentParser
import Journey
import Ledger
import Model

/// Writes the receipt of an entry.
struct LedgerProve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prove", abstract: "Print the receipt of an entry (C2SP tlog-proof).",
    discussion: "Example: pratique ledger prove 12 > 12.tlog-proof")

  @OptionGroup var options: GlobalOptions
  @Argument(help: "The entry's index.")
  var index: Int64

  func run() async throws {
    let home = try options.open(readOnly: true)
    let receipt = try await home.receipt(index)
    try options.terminal.result(
      ["receipt": receipt.description], [String(receipt.description.dropLast())])
  }
}
