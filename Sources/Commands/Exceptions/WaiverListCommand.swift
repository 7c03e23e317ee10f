import ArgumentParser
import Journey
import Model

/// Lists waivers.
struct WaiverListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the waivers of an application, ended ones too.",
    discussion: "Example: pratique waiver list --application patient-portal")

  @OptionGroup var options: GlobalOptions
  @Option(help: "The application.")
  var application: String

  func run() async throws {
    let home = try options.open(readOnly: true)
    let waivers = try await home.waivers(of: application)
    let now = TimeSource.system.now()
    var lines: [String] = []
    for (place, one) in waivers.enumerated() where one.value.action == .granted {
      let waiver = one.value
      let end = waivers[place...].first {
        $0.value.action == .withdrawn && $0.value.waiver == waiver.waiver
          && $0.value.environment == waiver.environment
      }
      let state =
        end.map { "withdrawn by entry \($0.entry.index)" }
        ?? waiver.expires.map { now < $0 ? "until \($0.date)" : "ended on \($0.date)" } ?? ""
      lines.append(
        "\(waiver.waiver)  \(waiver.control) in \(waiver.environment), \(state), entry"
          + " \(one.entry.index)")
      lines.append(
        "      \(waiver.reason); instead: \(waiver.measure ?? "");"
          + " \(home.registry.name(of: waiver.owner ?? "")) answers for it, signed by"
          + " \(home.registry.name(of: waiver.person)) as \(waiver.role.rawValue)")
    }
    try options.terminal.result(
      waivers, lines.isEmpty ? ["no waiver of \(application) was ever granted"] : lines)
  }
}
