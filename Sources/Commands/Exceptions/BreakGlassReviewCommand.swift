import ArgumentParser
import Journey
import Model

/// Reviews what was done in an emergency.
struct BreakGlassReviewCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "review", abstract: "Sign your review of what was done in an emergency.",
    discussion: """
      Whoever signed in it cannot review it. The review covers all that was done so far under the
      emergency's name, and ends it.

      Example:
        pratique break-glass review wrong-patient-7 --application patient-portal \\
            --environment production --reason "justified; the tests were added since" \\
            --key ~/.ssh/id_ed25519
      """)

  @OptionGroup var options: GlobalOptions
  @Argument(help: "The emergency's name.")
  var incident: String
  @Option(help: "The application.")
  var application: String
  @Option(help: "The environment whose gate was opened.")
  var environment: String
  @Option(help: "What you found, and what follows from it.")
  var reason: String
  @Flag(help: "Say that the gate need not have been opened.")
  var notJustified = false
  @OptionGroup var acting: ActingOptions

  func run() async throws {
    let home = try options.open()
    let reviewed = try await home.review(
      incident, application: application, environment: environment,
      verdict: notJustified ? .notJustified : .justified, reason: reason, by: acting.person(),
      time: .system)
    try options.terminal.result(
      reviewed,
      [
        "\(reviewed.value.verdict.rawValue): \(reviewed.value.acts.count) act(s) of"
          + " \"\(incident)\" reviewed, recorded as entry \(reviewed.entry.index)"
      ])
  }
}
