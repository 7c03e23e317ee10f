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

      With --policy, a C2SP tlog-policy file of whoever asks says which witnesses must have cosigned
      a checkpoint that covers the release, and how many.

      Example: pratique verify latest --policy auditor.policy
      """)

  @OptionGroup var options: GlobalOptions
  @Argument(help: "The release: a version, the beginning of a digest, or latest.")
  var release = "latest"
  @Option(help: "A trust policy: how many of which witnesses you demand.")
  var policy: String?

  func run() async throws {
    let home = try options.open(readOnly: true)
    let terminal = options.terminal
    let isTerminal = isatty(STDERR_FILENO) == 1
    let policy = try PolicyFile.read(policy)
    let verification = try await home.verify(home.release(named: release), policy: policy) {
      checked, all in
      if isTerminal, all > 10_000 { terminal.note("checked \(checked) of \(all) entries") }
    }
    try terminal.result(
      verification,
      ["release \(verification.release.version) of \(verification.release.application)"]
        + verification.checks.map {
          "\($0.holds ? "holds   " : "FAILS   ") \($0.name): \($0.detail)"
        })
    if let failed = verification.checks.first(where: { !$0.holds }) {
      throw Problem(.notTrusted, "\(failed.name): \(failed.detail)")
    }
  }
}
