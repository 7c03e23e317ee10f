import ArgumentParser
import Ledger
import Server

/// Makes a witness.
struct WitnessInit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Make a witness with a new key.",
    discussion: "Example: pratique witness init --name witness.clinic-b.example/w1")

  @OptionGroup var options: WitnessOptions
  @Option(help: "The name in its cosignatures: a host name that is yours, and a path.")
  var name: String

  func run() async throws {
    let folder = try WitnessFolder.create(at: options.path, name: name)
    try options.terminal.result(
      ["path": folder.path, "key": folder.key.description],
      [
        "made the witness \(folder.path)", "key \(folder.key)",
        "Give the key to whoever shall count on this witness: ledgers and auditors.",
        "Next: pratique witness add-log VKEY, then pratique witness serve",
      ])
  }
}
