import ArgumentParser
import Foundation
import Journey
import Model

/// Judges what runs by today's feeds.
struct RecheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recheck",
    abstract: "Judge what runs in every environment by today's feeds, without building anything.",
    discussion: """
      Takes each release that serves, its recorded bill of materials and the policy of its environment,
      and says which required controls fail by today's feeds that did not fail without them. It
      records what it finds. Ends with 20 when something newly fails, and with 10 when something
      could not be judged.

      Examples:
        pratique recheck --feed /var/feeds
        pratique recheck --feed /var/feeds --dry-run --json
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var feed: FeedOptions
  @Flag(help: "Record nothing.")
  var dryRun = false

  func run() async throws {
    let home = try options.open(readOnly: dryRun)
    let terminal = options.terminal
    let rechecks = try await home.recheck(
      feed: feed.folder(), maximumAgeDays: feed.maximumAgeDays,
      accepted: Set(feed.acceptUnchecked), isRecorded: !dryRun, time: .system
    ) { terminal.note("judging \($0)") }
    try terminal.result(
      rechecks,
      rechecks.isEmpty ? ["nothing serves in any environment"] : rechecks.flatMap(Self.lines))
    let newly = rechecks.filter { $0.result?.outcome == .newlyFailing }
    guard newly.isEmpty else {
      throw Problem(
        .gateRefused, "\(newly.count) of \(rechecks.count) releases that run newly fail",
        advice: "Build with the fixed versions, or take over a VEX statement: pratique vex state")
    }
    let unjudged = rechecks.filter { $0.problem != nil }
    guard unjudged.isEmpty else {
      throw Problem(
        .stepFailed,
        "\(unjudged.count) of \(rechecks.count) releases could not be judged, and are"
          + " not known to be clean")
    }
  }

  private static func lines(_ recheck: Recheck) -> [String] {
    let head =
      "\(recheck.application) \(recheck.version) in \(recheck.environment), since \(recheck.since.date)"
    guard let result = recheck.result else {
      return ["NOT JUDGED  \(head): \(recheck.problem ?? "")"]
    }
    let word =
      switch result.outcome {
      case .passing: "passing"
      case .failing: "FAILING"
      case .newlyFailing: "NEWLY FAILING"
      }
    let new = Set(result.newFindings)
    let findings = result.findings.map { finding in
      "  \(new.contains(finding) ? "new  " : "     ")"
        + MatchCommand.line(finding)
        + (finding.firstSeen.map { "  first seen \($0.date)" } ?? "")
    }
    return [
      "\(word)  \(head)"
        + (result.newlyFailing.isEmpty ? "" : ": \(result.newlyFailing.joined(separator: ", "))"),
      "  feed of \(result.source.feed?.updatedAt.date ?? "")"
        + (result.source.feed?.isExample == true ? " (an EXAMPLE feed)" : "")
        + ", \(result.componentsScanned) packages, \(result.findings.count) findings listed"
        + (recheck.entry.map { "; recorded as entry \($0.index)" } ?? "; not recorded"),
    ] + findings
  }
}
