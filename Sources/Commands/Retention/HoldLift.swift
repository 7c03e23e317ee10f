import ArgumentParser
import Journey
import Ledger
import Model

/// Lifts a hold.
struct HoldLift: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lift", abstract: "Lift a legal hold.",
    discussion: """
      Whoever lifts a hold erases nothing that it covered: somebody else must. Whoever asked for an
      erasure that the hold stands in the way of does not lift it.

      Example:
        pratique ledger hold lift case-2026-7 --reason "settled" --key ~/.ssh/id_ed25519
      """)

  @OptionGroup var options: GlobalOptions
  @Argument(help: "The hold's name.")
  var name: String
  @Option(help: "Why.")
  var reason: String
  @OptionGroup var acting: ActingOptions

  func run() async throws {
    let home = try options.open()
    let outcome = try await home.liftHold(
      name, reason: reason, by: acting.person(), time: .system)
    try options.terminal.result(
      outcome,
      [
        "the hold \"\(name)\" is lifted, entry \(outcome.index); it covered \(outcome.covered) entries"
      ]
        + outcome.freed.map {
          "the erasure that entry \($0.index) asks for may be done now, by somebody else than"
            + " \(outcome.hold.person): pratique ledger erase "
            + $0.request.entries.map { "\($0.index)" }.joined(separator: " ")
        })
  }
}
