import ArgumentParser
import Journey

/// Lists controls.
struct ControlsList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List controls: what each asks, of what, and how it is decided.",
    discussion: """
      Example:
        pratique controls list --policy policy.yaml --automation evidence
      """)

  @OptionGroup var source: ControlSource
  @Option(help: "Only those of this catalog.")
  var named: String?
  @Option(help: "Only those decided so: evidence, evidence-and-person, person or inherited.")
  var automation: String?
  @Option(help: "Only those that speak of this: organisation, system or release.")
  var scope: String?
  @Option(help: "Only those that this environment requires or shows.")
  var environment: String?

  func run() async throws {
    var filter = ControlBook.Filter()
    filter.catalog = named
    filter.automation = automation
    filter.scope = scope
    filter.environment = environment
    let controls = try await source.book().list(filter)
    try source.options.terminal.result(
      controls,
      controls.map { control in
        let asked =
          control.required.isEmpty
          ? control.shown.isEmpty ? "" : "  shown in \(control.shown.joined(separator: ", "))"
          : "  required in \(control.required.joined(separator: ", "))"
        return "\(control.control)  \(control.automation)"
          + (control.checks == 0 ? ", no check yet" : "") + "\(asked)\n    \(control.citation):"
          + " \(control.title)"
      } + ["\(controls.count) controls"])
  }
}
