import ArgumentParser
import Foundation
import Journey
import Ledger
import Model

/// Erases what has expired.
struct LedgerExpire: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "expire",
    abstract: "Say which payloads have expired and why the others stay; erase the expired.",
    discussion: """
      A payload is kept for the time that the policy in force states, six years where it states
      none, counted from when its release last served. What a live release rests on does not expire,
      and nothing under a legal hold does. With --dry-run nothing is erased and no key is needed.

      Examples:
        pratique ledger expire --dry-run --as-of 2032-01-01
        pratique ledger expire --key ~/.ssh/id_ed25519
      """)

  @OptionGroup var options: GlobalOptions
  @Flag(help: "Only say what would expire.")
  var dryRun = false
  @Option(
    help: "The time to judge by; one to come only with --dry-run.",
    transform: RetentionArguments.instant)
  var asOf: Instant?
  @Option(help: "Why; otherwise that their time was over.")
  var reason: String?
  @Option(help: "Your private key: a file or a pkcs11: URI; needed unless --dry-run is given.")
  var key: String?
  @Option(help: "A file whose first line is the key's passphrase or the token's PIN.")
  var passphraseFile: String?
  @Option(help: "The role in which you act; otherwise the first that you hold.")
  var role: String?

  func validate() throws {
    guard dryRun || key != nil else {
      throw ValidationError("--key is needed, or --dry-run to only look")
    }
  }

  func run() async throws {
    let home = try options.open(readOnly: dryRun)
    let terminal = options.terminal
    let progress = RetentionArguments.progress(terminal)
    guard !dryRun, let key else {
      let plan = try await home.expiryPlan(
        asOf: asOf ?? TimeSource.system.now(), progress: progress)
      return try terminal.result(plan, Self.lines(plan))
    }
    let person = ActingPerson(
      signer: try KeyRing(secrets: Passphrases.source(file: passphraseFile)).signer(key),
      role: role.map { Role(rawValue: $0) })
    let plan = try await home.expire(
      by: person, asOf: asOf, reason: reason, time: .system, progress: progress)
    try terminal.result(plan, Self.lines(plan))
    if let problem = plan.outcome?.problem { throw problem }
  }

  static func lines(_ plan: ExpiryPlan) -> [String] {
    let source = plan.isDefault ? "this program's default; the policy says nothing" : "the policy"
    var lines = [
      "as of \(plan.asOf), ledger of \(plan.size) entries, kept \(plan.retention.days) days (\(source))"
    ]
    lines += plan.retention.kinds.map { "  \($0.kind.rawValue): \($0.days) days" }
    for group in plan.groups {
      let end = group.nextEnd.map { ", the first until \($0.date)" } ?? ""
      lines.append(
        "\(pad(group.answer, 10))\(pad("\(group.entries)", 8))\(pad(group.kind.rawValue, 20))"
          + "\(group.reason)\(end)")
    }
    lines += plan.free.map {
      "waits no longer: the erasure that entry \($0.request.index) asks for may be done now"
    }
    lines += plan.waiting.map {
      "waits: the erasure that entry \($0.request.index) asks for, held by"
        + " \($0.holds.joined(separator: ", "))"
    }
    if plan.unreferenced > 0 {
      lines.append(
        "\(plan.unreferenced) contents that no entry refers to; they go when they were put more than"
          + " \(ExpiryPlan.unreferencedDays) days ago and no hold is in force:"
          + " \(plan.unreferencedRemoved) went")
    }
    guard let outcome = plan.outcome else {
      return lines + ["\(plan.expired.count) payloads would be erased; nothing was changed"]
    }
    lines += outcome.entries.isEmpty ? ["nothing was erased"] : LedgerErase.lines(outcome)
    return lines
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }
}
