import ArgumentParser
import Foundation
import Journey
import Model

/// Lists the tools that steps can run.
struct ToolsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tools",
    abstract:
      "List the tools that steps can run: which are there, their versions, their data's date.",
    discussion: """
      What a step that runs a tool says, and what it refuses: docs/tools.md.

      Example:
        pratique tools --feed ~/.cache/trivy
      """)

  @OptionGroup var options: GlobalOptions
  @Option(help: "The scanner's cache folder; otherwise PRATIQUE_FEED.")
  var feed: String?

  func run() async throws {
    let environment = ProcessInfo.processInfo.environment
    let survey = await ToolSurvey.look(
      environment: environment, feed: feed ?? environment["PRATIQUE_FEED"])
    try options.terminal.result(survey, survey.items.flatMap(lines))
  }

  private func lines(_ item: ToolSurvey.Item) -> [String] {
    let steps = item.steps.joined(separator: ", ")
    guard let version = item.version else {
      // What is wrong says how to mend it, too.
      return ["absent   \(item.tool): \(item.problem ?? item.installation)"]
    }
    var line = "there    \(item.tool) \(version): \(steps)"
    if let feed = item.feed {
      line += "; data of \(feed.updatedAt.date)\(feed.isExample ? ", an EXAMPLE" : "")"
    }
    return [line] + (item.problem.map { ["         \($0)"] } ?? [])
  }
}
