import ArgumentParser
import Ledger
import Model
import Server

/// Serves a witness.
struct WitnessServe: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Answer ledgers that ask for cosignatures, until SIGTERM.",
    discussion: """
      There is no TLS here: it listens on the loopback address, and a proxy with a certificate
      stands before it (docs/witness.md). What happens goes to standard error, a JSON object a
      line.

      Example: pratique witness serve --port 8080
      """)

  @OptionGroup var options: WitnessOptions
  @Option(help: "The address to listen on.")
  var address = "127.0.0.1"
  @Option(help: "The port; 0 for one that is free.")
  var port = 8080

  func validate() throws {
    guard (0...65_535).contains(port) else { throw ValidationError("--port takes 0 to 65535") }
  }

  func run() async throws {
    let folder = try options.open()
    var listener = HTTPListener()
    listener.host = address
    listener.port = port
    let terminal = options.terminal
    let host = address
    do {
      try await WitnessServer.serve(
        folder, on: listener, time: .system, logger: ServerLog.logger("witness")
      ) { port in
        try? terminal.result(
          ["address": host, "port": "\(port)", "key": folder.key.description],
          ["serving http://\(host):\(port)/ as \(folder.key)"])
      }
    } catch let problem as Problem {
      throw problem
    } catch {
      throw Problem(
        .inputOutput, "the witness cannot serve: \(error)", at: "\(address):\(port)",
        advice: "Another program may have the port; name one with --port.")
    }
  }
}
