import ArgumentParser
import Foundation
import Journey
import Ledger
import Model

/// Writes a bundle.
struct LedgerBundle: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bundle",
    abstract: "Write one file that proves a release or a period elsewhere.",
    discussion: """
      It holds the entries with their payloads and proofs, and the checkpoint with the signatures that it has. A bundle of a period holds every entry from the first to the last, so that nothing can be left out of it; one of a release says that it cannot show that. docs/formats/bundle.md describes it.

      Examples:
        pratique ledger bundle --release latest portal-1.4.bundle
        pratique ledger bundle --from 2026-01-01 --to 2026-04-01 first-quarter.bundle
        pratique verify --offline portal-1.4.bundle --policy auditor.policy
      """)

  @OptionGroup var options: GlobalOptions
  @Option(help: "A release: a version, the beginning of a digest, or latest.")
  var release: String?
  @Option(help: "The first day, or instant, of a period (RFC 3339, UTC).")
  var from: String?
  @Option(help: "The day, or instant, at which the period ends.")
  var to: String?
  @Flag(help: "Everything there is.")
  var all = false
  @Argument(help: "The file; nothing may be there yet.")
  var file: String

  func validate() throws {
    let asked = [release != nil, from != nil || to != nil, all].count { $0 }
    guard asked == 1, (from == nil) == (to == nil) else {
      throw ValidationError("say one of --release, --from with --to, or --all")
    }
  }

  func run() async throws {
    let home = try options.open(readOnly: true)
    let terminal = options.terminal
    let choice: BundleChoice
    if let release {
      choice = .release(try await home.release(named: release))
    } else if let from, let to {
      choice = .period(from: try Self.instant(from), to: try Self.instant(to))
    } else {
      choice = .all
    }
    let file = file
    let description = try await Interruption.cancelling {
      try await home.bundle(choice, to: file) { written, all in
        if all > 10_000, written % 10_240 == 0 {
          terminal.note("wrote \(written) of \(all) entries")
        }
      }
    }
    try terminal.result(
      description,
      [
        "wrote \(description.entries) entries of \(description.origin), up to a checkpoint of"
          + " \(description.size), to \(file)", description.completeness,
      ])
  }

  /// An instant, or the begin of a day in UTC.
  static func instant(_ text: String) throws -> Instant {
    let isDay = text.utf8.count == 10
    guard let instant = Instant(isDay ? "\(text)T00:00:00Z" : text) else {
      throw Problem(
        .badInput, "\"\(text)\" is no day and no instant",
        advice: "Write it as 2026-03-01 or 2026-03-01T12:00:00Z.")
    }
    return instant
  }
}
