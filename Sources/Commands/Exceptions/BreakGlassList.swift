import ArgumentParser
import Journey
import Model

/// Lists emergencies.
struct BreakGlassList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List what was done in emergencies, and what was reviewed.",
    discussion: "Example: pratique break-glass list --application patient-portal")

  @OptionGroup var options: GlobalOptions
  @Option(help: "The application.")
  var application: String

  func run() async throws {
    let home = try options.open(readOnly: true)
    let list = try await home.emergencies(of: application)
    let now = TimeSource.system.now()
    var lines: [String] = []
    for one in list.acts {
      let act = one.value
      let review = list.reviews.first { $0.value.acts.contains(one.entry.envelope) }
      let state =
        review.map {
          "\($0.value.verdict.rawValue), says \(home.registry.name(of: $0.value.person)), entry"
            + " \($0.entry.index)"
        }
        ?? (now < act.reviewBy
          ? "to be reviewed by \(act.reviewBy)" : "REVIEW OVERDUE since \(act.reviewBy)")
      lines.append(
        "\(act.incident)  \(act.environment), \(act.time) until \(act.until), by"
          + " \(home.registry.name(of: act.person)) as \(act.role.rawValue), entry"
          + " \(one.entry.index)")
      lines.append("      \(act.reason); \(state)")
    }
    try options.terminal.result(
      list, lines.isEmpty ? ["nobody ever broke the glass of \(application)"] : lines)
  }
}
