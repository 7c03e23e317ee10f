import ArgumentParser
import Journey
import Model

/// Asks a gate without recording anything.
struct GateAsk: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ask", abstract: "Ask what a gate would say now; records nothing.",
    discussion: "Example: pratique gate latest --environment production")

  @OptionGroup var options: GlobalOptions
  @Argument(help: "The release: a version, the beginning of a digest, or latest.")
  var release: String
  @Option(help: "The environment that it wants to enter.")
  var environment: String

  func run() async throws {
    let home = try options.open(readOnly: true)
    let decision = try await home.judge(
      home.release(named: release), environment: environment, time: .system)
    try options.terminal.result(decision, DecisionText.lines(decision, names: home.registry))
    if let problem = decision.problem { throw problem }
  }
}
