import ArgumentParser
import Journey
import Model

/// Signs a waiver.
struct WaiverGrant: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grant", abstract: "Sign a waiver: one control, one environment, for some days.",
    discussion: """
      A waiver never makes a control "met": the gate shows it first, as excepted. The policy says
      which roles may waive, for how many days at most, and what nobody may.

      Example:
        pratique waiver grant delivery.unit-tests --application patient-portal \\
            --environment production --days 14 --reason "the test bench is being rebuilt" \\
            --measure "two nurses go through the checklist before each release" \\
            --owner sec-1 --key ~/.ssh/id_ed25519
      """)

  @OptionGroup var options: GlobalOptions
  @Argument(help: "The control's id.")
  var control: String
  @Option(help: "The application.")
  var application: String
  @Option(help: "The environment in which it is excused.")
  var environment: String
  @Option(help: "For this release only: a version, the beginning of a digest, or latest.")
  var release: String?
  @Option(help: "For how many days.")
  var days: Int
  @Option(help: "Why.")
  var reason: String
  @Option(help: "What is done instead.")
  var measure: String
  @Option(help: "Pseudonym of whoever answers for it; otherwise you.")
  var owner: String?
  @Option(help: "The waiver's name; otherwise one is made.")
  var name: String?
  @OptionGroup var acting: ActingOptions

  func run() async throws {
    let home = try options.open()
    var wish = WaiverWish(
      name: name, control: control, application: application, environment: environment,
      reason: reason, measure: measure, owner: owner, days: days)
    if let release { wish.release = try await home.release(named: release) }
    let granted = try await home.waive(wish, by: acting.person(), time: .system)
    let waiver = granted.value
    try options.terminal.result(
      granted,
      [
        "waiver \"\(waiver.waiver)\" recorded as entry \(granted.entry.index)",
        "\(control) is excused in \(environment) until \(waiver.expires?.description ?? "")"
          + (release.map { ", for release \($0) alone" } ?? ""),
        "The gate shows it first, and does not count it for commits of whoever signed it.",
      ])
  }
}
