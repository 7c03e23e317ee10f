import ArgumentParser
import Foundation
import Journey
import Ledger
import Model
import Timestamps

/// Checks a release.
struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check a release: ledger, signatures, image, and each decision by asking again.",
    discussion: """
      docs/verify-without-us.md says how to check the same with other people's programs.

      With --policy, a C2SP tlog-policy file of whoever asks says which witnesses must have cosigned a checkpoint that covers the release, and how many.

      With --offline, a receipt or a bundle is checked on a machine that never saw the ledger: what is trusted is the policy file (C2SP tlog-policy) and nothing else. docs/formats/bundle.md says what a bundle shows and what it does not.

      Examples:
        pratique verify latest
        pratique verify --offline portal-1.4.bundle --policy auditor.policy
        pratique verify --offline portal-1.4.bundle --policy auditor.policy --timestamp-roots tsa.pem
        pratique verify --offline 12.tlog-proof --leaf 12.leaf --policy auditor.policy
      """)

  @OptionGroup var options: GlobalOptions
  @Argument(help: "The release: a version, the beginning of a digest, or latest.")
  var release = "latest"
  @Option(help: "A bundle or a receipt to check without a ledger.")
  var offline: String?
  @Option(help: "The trust policy by which it is judged: whose logs and witnesses count.")
  var policy: String?
  @Option(help: "The leaf that a receipt is about.")
  var leaf: String?
  @Option(help: "The digest of the first trust root's envelope, as you were told it.")
  var trustRoot: String?

  @Option(help: "PEM file with the roots of the time-stamping authorities that you trust.")
  var timestampRoots: String?

  func validate() throws {
    guard timestampRoots == nil || offline != nil else {
      throw ValidationError("--timestamp-roots is for --offline")
    }
    guard offline == nil || policy != nil else {
      throw ValidationError("--offline needs --policy: nothing in a bundle says whom to trust")
    }
  }

  func run() async throws {
    if let offline, let policy { return try await verify(offline, policy: policy) }
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

  private func verify(_ file: String, policy: String) async throws {
    let terminal = options.terminal
    let isTerminal = isatty(STDERR_FILENO) == 1
    let root = try trustRoot.map { text in
      guard let digest = Digest(text) else {
        throw Problem(.badInput, "\"\(text)\" is no digest", advice: "Write it as sha256:…")
      }
      return digest
    }
    let roots = try timestampRoots.map {
      try TimestampRoots(pem: String(decoding: InputFile.read($0), as: UTF8.self), file: $0)
    }
    let found = try await OfflineVerification.verify(
      file, policy: TrustPolicy(bytes: InputFile.read(policy), file: policy),
      leaf: leaf.map { try InputFile.read($0) }, trustRoot: root, timestampRoots: roots
    ) { checked, all in
      if isTerminal, all > 10_000 { terminal.note("checked \(checked) of \(all) entries") }
    }
    let faults = found.bundle?.faults ?? []
    try terminal.result(found, Self.lines(found))
    if let fault = faults.first {
      let place = fault.index.map { "entry \($0): " } ?? ""
      throw Problem(.notTrusted, "the bundle is not sound: \(place)\(fault.message)", at: file)
    }
    if roots != nil, found.timestamps.allSatisfy({ $0.verified == nil }) {
      throw Problem(
        .notTrusted, "no timestamp in it is by an authority that the roots given vouch for",
        at: file)
    }
  }

  private static func lines(_ found: OfflineVerification) -> [String] {
    let head =
      ["checkpoint of \(found.origin): \(found.size) entries, root \(found.root)"] + found.quorum
    guard let bundle = found.bundle else {
      return head + ["entry \(found.entry ?? 0) is in the log"]
    }
    return head + [
      "\(bundle.description.entries) entries: "
        + bundle.kinds.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        .joined(separator: ", "),
      "\(bundle.envelopes) envelopes verified by trust root"
        + " \(bundle.trustRoot?.description ?? "none"), \(bundle.erased) payloads erased",
      bundle.completeness,
    ]
      + found.timestamps.map(\.line)
      + bundle.faults.map { "  - \($0.index.map { "entry \($0): " } ?? "")\($0.message)" }
  }
}
