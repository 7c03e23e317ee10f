import ArgumentParser
import Compliance
import Journey
import Model
import Reading

/// Explains what a gate says.
struct GateExplain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract:
      "Show a gate's verdict, what was bypassed, the shortest way to green, and what is met.",
    discussion: """
      Records nothing, and ends with the gate's own exit code.

      Example: pratique gate explain --environment production --format markdown
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, markdown, sarif }

  @OptionGroup var options: GlobalOptions
  @Argument(help: "The release: a version, the beginning of a digest, or latest.")
  var release = "latest"
  @Option(help: "The environment that it wants to enter.")
  var environment: String
  @Option(help: "The form: text, markdown (for a pull request), or sarif (2.1.0).")
  var format = Format.text

  func run() async throws {
    let home = try options.open(readOnly: true)
    let explanation = try await home.explain(
      home.release(named: release), environment: environment, time: .system)
    let names = home.registry
    switch format {
    case .text:
      try options.terminal.result(
        explanation, ExplanationText(explanation, name: names.name(of:)).lines)
    case .markdown:
      let text = ExplanationMarkdown(explanation, name: names.name(of:)).text
      try options.terminal.result(explanation, [String(text.dropLast())])
    case .sarif:
      let log = ExplanationSARIF(explanation, version: Version.text).json
      let text = try PrettyJSON.text(log)
      try options.terminal.result(log, [text])
    }
    if let problem = Self.problem(explanation) { throw problem }
  }

  /// The gate's own problem, without the reasons that were just shown.
  private static func problem(_ explanation: Explanation) -> Problem? {
    explanation.decision.problem.map { problem in
      let count = explanation.steps.count
      return Problem(
        problem.code,
        "the gate is shut: \(explanation.decision.outcome.rawValue), \(count)"
          + " step\(count == 1 ? "" : "s") to green",
        at: problem.location)
    }
  }
}
