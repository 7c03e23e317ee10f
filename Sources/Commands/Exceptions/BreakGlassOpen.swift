import ArgumentParser
import Journey
import Model

/// Opens a gate in an emergency.
struct BreakGlassOpen: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open", abstract: "Let one release pass a gate in an emergency, for some hours.",
    discussion: """
      The release goes, and everything says how. Somebody else must review it in time; while that is
      overdue, normal releases wait, and a further fix of the same emergency does not. A restart and
      a way back to the release before need no gate: pratique environment back.

      Example:
        pratique break-glass latest --environment production --incident wrong-patient-7 \\
            --reason "prescriptions are shown to the wrong patient" --key ~/.ssh/id_ed25519
        pratique run --resume
      """)

  @OptionGroup var options: GlobalOptions
  @Argument(help: "The release: a version, the beginning of a digest, or latest.")
  var release: String
  @Option(help: "The environment whose gate is opened.")
  var environment: String
  @Option(help: "The emergency's name; a further fix bears the same one.")
  var incident: String
  @Option(name: .customLong("class"), help: "A class of emergencies that the policy agreed on.")
  var emergency: String?
  @Option(help: "Why.")
  var reason: String
  @Option(help: "For how many hours; otherwise as long as the policy allows.")
  var hours: Int?
  @OptionGroup var acting: ActingOptions

  func run() async throws {
    let home = try options.open()
    let release = try await home.release(named: release)
    let opened = try await home.breakGlass(
      for: release,
      EmergencyWish(
        environment: environment, incident: incident, emergency: emergency, reason: reason,
        hours: hours), by: acting.person(), time: .system)
    let decision = try await home.judge(release, environment: environment, time: .system)
    var lines = [
      "recorded as entry \(opened.entry.index), until \(opened.value.until)",
      decision.outcome == .allowed
        ? "the gate of \(environment) is open for release \(release.version): go on with"
          + " pratique run --resume"
        : "the gate of \(environment) is still shut:",
    ]
    if decision.outcome != .allowed { lines += decision.reasons.map { "  - \($0)" } }
    lines.append(
      "Somebody else must review it by \(opened.value.reviewBy): pratique break-glass review"
        + " \(incident) --application \(release.application) --environment \(environment)")
    try options.terminal.result(opened, lines)
  }
}
