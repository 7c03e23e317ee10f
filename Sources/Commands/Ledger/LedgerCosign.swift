import ArgumentParser
import Journey
import Model
import Server

/// Asks the witnesses.
struct LedgerCosign: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cosign",
    abstract:
      "Ask the configured witnesses to cosign the last checkpoint, and keep what they sign.",
    discussion: """
      The file `witnesses` in the ledger's folder names them, in C2SP tlog-policy form with a URL
      each; its quorum line says how many are enough (docs/witness.md). Commands that record ask by
      themselves when they end.

      Example: pratique ledger cosign --seconds 30
      """)

  @OptionGroup var options: GlobalOptions
  @Option(help: "After so many seconds a witness that has not answered counts as absent.")
  var seconds = 30
  @Option(help: "PEM file with the authorities that vouch for the witnesses' servers.")
  var tlsRoots: String?

  func validate() throws {
    guard (1...600).contains(seconds) else { throw ValidationError("--seconds takes 1 to 600") }
  }

  func run() async throws {
    let home = try options.open()
    let report = try await home.cosign(
      over: .live(trustRoots: tlsRoots), milliseconds: Int64(seconds) * 1000)
    guard let report else {
      throw Problem(
        .notFound, "no witnesses are configured", at: "\(home.path)/witnesses",
        advice: "docs/witness.md says how the file is written.")
    }
    try options.terminal.result(report, report.lines)
    if let problem = report.problem { throw problem }
  }
}
