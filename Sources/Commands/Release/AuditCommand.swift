import ArgumentParser
import Journey
import Model

/// Answers an auditor.
struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Answer what changed in a period, who approved it, and what was tested.",
    discussion: """
      A date stands for the whole day in UTC, so that --to 2026-11-23 takes that day in.
      With --environment or --control, only what concerns them is shown.

      Example: pratique audit --app ward-list --from 2026-10-12 --to 2026-11-23
      """)

  @OptionGroup var options: GlobalOptions
  @Option(name: [.customLong("app"), .customLong("application")], help: "The application's name.")
  var application: String
  @Option(help: "Where the period begins: a date, or a time (RFC 3339).")
  var from: String
  @Option(help: "Where it ends: a date, the day included, or a time.")
  var to: String
  @Option(help: "Only changes of this environment.")
  var environment: String?
  @Option(help: "Only changes about which a gate asked this control, by its id in the catalog.")
  var control: String?
  @Option(help: "Only changes in which this person or machine acted, by pseudonym.")
  var actor: String?

  func run() async throws {
    let request = try AuditRequest(
      application: application, from: AuditRequest.beginning(from), to: AuditRequest.end(to),
      environment: environment, control: control, actor: actor)
    let home = try options.open(readOnly: true)
    let answer = try await home.audit(request)
    try options.terminal.result(answer, AuditText(answer, names: home.registry).lines)
  }
}
