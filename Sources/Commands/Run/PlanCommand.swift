import ArgumentParser
import Foundation
import Journey
import Model
import Pipeline

/// Checks a pipeline file and shows what would run.
struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Check a pipeline file and show what would run; runs nothing.",
    discussion: "Example: pratique plan pratique.yaml")

  @Argument(help: "The pipeline file.")
  var file = "pratique.yaml"
  @Flag(help: "Print the result as JSON.")
  var json = false

  func run() async throws {
    let definition = try PipelineDefinition.read(
      InputFile.read(file), file: file, vocabulary: RunJourney.vocabulary)
    let plan = Plan(definition)
    try Terminal(isJSON: json).result(
      plan,
      ["\(plan.application), \(plan.steps.count) steps"]
        + plan.steps.map { step in
          let needs = step.needs.isEmpty ? "" : "  after \(step.needs.joined(separator: ", "))"
          return "\(step.level)  \(step.id)  \(step.executor)  \(step.does)\(needs)"
        })
  }
}
