import ArgumentParser
import Journey
import Model

/// Asks past decisions again.
struct GateReplay: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Ask past decisions again: the same bytes, or what changed.",
    discussion: """
      Goes through the ledger once, verifies every entry on the way, and records nothing. With --policy or
      --as-of it asks whether the releases would have passed under another policy or at another time, with
      the evidence that was there then and the approvals as they were given. Ends with 22 when a decision
      cannot be given again as it was; asked otherwise, it ends with 0 whatever the answers are.

      Examples:
        pratique gate replay 41
        pratique gate replay --all --policy next/policy.yaml
        pratique gate replay --release 1.4.0 --as-of 2027-01-01
      """)

  @OptionGroup var options: GlobalOptions
  @Argument(help: "The decision's entry in the ledger.")
  var decision: Int64?
  @Option(help: "All decisions about a release: a version, the beginning of a digest, or latest.")
  var release: String?
  @Flag(help: "All decisions in the ledger.")
  var all = false
  @Option(help: "Only decisions about this environment.")
  var environment: String?
  @Option(help: "A policy file to ask instead of the one that was in force.")
  var policy: String?
  @Option(
    help: "A time to judge by instead of then, RFC 3339 or a date.",
    transform: RetentionArguments.instant)
  var asOf: Instant?

  func validate() throws {
    let ways = [decision != nil, release != nil, all].count { $0 }
    guard ways == 1 else {
      throw ValidationError("Name one decision by its entry, or give --release or --all.")
    }
  }

  func run() async throws {
    let bundle = try policy.map(PolicyFiles.read)
    let home = try options.open(readOnly: true)
    let which: ReplayRequest.Which =
      if let decision { .entry(decision) } else if let release {
        .release(try await home.release(named: release))
      } else { .all }
    let progress = EntryProgress("went through", terminal: options.terminal)
    let report = try await home.replay(
      ReplayRequest(which, environment: environment, bundle: bundle, time: asOf),
      progress: { progress.tell($0, of: $1) })
    try options.terminal.result(report, Self.lines(report))
    guard !report.isWhatIf, report.changed > 0 else { return }
    throw Problem(
      .judgingFailed,
      "\(report.changed) of \(report.decisions.count) decisions cannot be given again as they were")
  }

  /// Of many only those that are other now; of one also that it is the same.
  private static func lines(_ report: ReplayReport) -> [String] {
    let all = report.decisions
    let shown = all.count == 1 ? all : all.filter { !$0.isSame }
    let count = "\(all.count) decision\(all.count == 1 ? "" : "s") asked again"
    let result =
      "\(all.count - report.changed) the same, \(report.changedVerdicts) with another verdict"
    return shown.flatMap(lines) + ["\(count) over \(report.entries) entries: \(result)"]
  }

  private static func lines(_ answer: ReplayedDecision) -> [String] {
    let verdict =
      answer.was == answer.now
      ? answer.was.rawValue : "\(answer.was.rawValue) → \(answer.now.rawValue)"
    let place = "#\(answer.entry)  \(answer.application) \(answer.version)"
    let first =
      "\(place) → \(answer.environment): \(verdict)\(answer.isSame ? ", every byte the same" : "")"
    return [first] + answer.changes.map { "      \($0)" }
  }
}
