import ArgumentParser
import Ledger
import Server

/// Lets a witness cosign a log.
struct WitnessAddLog: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add-log", abstract: "Let the witness cosign a ledger from now on.",
    discussion: """
      The key is the line that `pratique ledger init` printed. It must come from the ledger's
      operator by a way that you trust. A server that runs takes it up when it is started again.

      Example: pratique witness add-log ledger.clinic-a.example+2603b4f1+AQOhB7/zzhC+HXDd…
      """)

  @OptionGroup var options: WitnessOptions
  @Argument(help: "The log's verifier key.")
  var key: String

  func run() async throws {
    let log = try NoteKey(key)
    let folder = try await options.open().adding(log: log)
    try options.terminal.result(
      ["origin": log.name, "logs": "\(folder.logs.count)"],
      ["knows \"\(log.name)\" now; \(folder.logs.count) logs in all"])
  }
}
