import ArgumentParser
import Attestation
import Journey
import Model

/// Signs a person's yes or no.
struct ApproveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve", abstract: "Sign your approval of a release, or your rejection.",
    discussion: """
      The approval is bound to the release's digests, the environment, the policy and the evidence
      that the gate shows now; a change in any of them voids it.

      Example:
        pratique approve latest --environment production --role clinical-lead \\
            --key ~/.ssh/id_ed25519 --reason "reviewed with the ward"
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var cosigning: CosigningOptions
  @Argument(help: "The release: a version, the beginning of a digest, or latest.")
  var release: String
  @Option(help: "The environment that it may enter.")
  var environment: String
  @Option(help: "The role in which you approve.")
  var role: String
  @OptionGroup var key: KeyOptions
  @Option(help: "Why, in a sentence.")
  var reason: String
  @Flag(help: "Say no instead of yes.")
  var reject = false

  func run() async throws {
    let home = try options.open()
    let (approval, entry) = try await home.approve(
      home.release(named: release), environment: environment,
      verdict: reject ? .rejected : .approved, role: Role(rawValue: role), reason: reason,
      key: key.signer(), time: .system)
    let contradiction = await cosigning.ask(home, options.terminal)
    try options.terminal.result(
      approval,
      [
        "\(approval.verdict.rawValue) by \(home.registry.name(of: approval.person)) as \(role),"
          + " recorded as entry \(entry.index)",
        "bound to \(approval.release.count) digests and \(approval.evidenceSet.count) pieces of"
          + " evidence",
      ]
        + (approval.verdict == .approved ? approval.meaning.map { ["it means: \($0)"] } ?? [] : []))
    if let contradiction { throw contradiction }
  }
}
