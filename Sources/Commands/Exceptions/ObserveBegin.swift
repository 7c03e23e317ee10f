import ArgumentParser
import Journey
import Model

/// Lets a gate only report.
struct ObserveBegin: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "begin", abstract: "Let a gate report without refusing, for some days.",
    discussion: """
      What the gate would refuse the named release for now is the baseline: what comes later is shown
      apart, as new. The days count from the first time on, however often it is begun anew.

      Example:
        pratique observe begin latest --environment production --days 60 \\
            --reason "we begin; the tests come in spring" --key ~/.ssh/id_ed25519
      """)

  @OptionGroup var options: GlobalOptions
  @Argument(help: "The release that the baseline is taken of.")
  var release: String
  @Option(help: "The environment whose gate only reports.")
  var environment: String
  @Option(help: "For how many days.")
  var days: Int
  @Option(help: "Why.")
  var reason: String
  @OptionGroup var acting: ActingOptions

  func run() async throws {
    let home = try options.open()
    let begun = try await home.observe(
      home.release(named: release), environment: environment, days: days, reason: reason,
      by: acting.person(), time: .system)
    let baseline = begun.value.baseline ?? []
    try options.terminal.result(
      begun,
      [
        "recorded as entry \(begun.entry.index): the gate of \(environment) reports, and does not"
          + " refuse, until \(begun.value.until?.description ?? "")",
        "there before: \(baseline.count) control(s)",
      ]
        + baseline.map { "  \($0.control): \($0.state.rawValue), \($0.findings.count) finding(s)" })
  }
}
