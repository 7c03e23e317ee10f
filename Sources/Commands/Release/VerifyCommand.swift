import ArgumentParser
import Foundation
import Journey
import Model

/// Checks a release.
struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check a release: ledger, signatures, image, and each decision by asking again.",
    discussion: """
      docs/verify-without-us.md says how to check the same with other people's programs.

      Example: pratique verify latest
      """)

  @OptionGroup var options: GlobalOptions
  @Argument(help: "The release: a version, the beginning of a digest, or latest.")
  var release = "latest"

  func run() async throws {
    let home = try options.open(readOnly: true)
    let terminal = options.terminal
    let isTerminal = isatty(STDERR_FILENO) == 1
    let verification = try await home.verify(home.release(named: release)) { checked, all in
      if isTerminal, all > 10_000 { terminal.note("checked \(checked) of \(all) entries") }
    }
    try terminal.result(
      verification,
      ["release \(verification.release.version) of \(verification.release.application)"]
        + verification.checks.map {
          "\($0.holds ? "holds   " : $0.isErased ? "ERASED  " : "FAILS   ") \($0.name): \($0.detail)"
        })
    if let failed = verification.checks.first(where: { !$0.holds && !$0.isErased }) {
      throw Problem(.notTrusted, "\(failed.name): \(failed.detail)")
    }
    if let erased = verification.checks.first(where: \.isErased) {
      throw Problem(
        .judgingFailed,
        "evidence was erased, so that not everything can be shown any more:"
          + " \(erased.name): \(erased.detail)")
    }
  }
}
