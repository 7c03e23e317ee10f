import Foundation
import Model
import Pipeline
import Reading
import Testing

@testable import Journey

/// What a pipeline may say stands in the schema and in the documents.
@Suite("The pipeline's words")
struct VocabularyTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private func text(_ path: String) throws -> String {
    try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
  }

  @Test("the schema names every action, and no other")
  func schema() throws {
    let schema = try JSONReader.read(Array(try text("schemas/pipeline.json").utf8))
    let names = schema["$defs"]?["action"]?["properties"]?["uses"]?["enum"]?.array ?? []
    #expect(
      names.compactMap(\.string).sorted() == RunJourney.vocabulary.actions.map(\.name).sorted())
  }

  @Test("the document names every action and parameter that runs no tool")
  func actions() throws {
    let document = try text("docs/formats/pipeline.md")
    let tools = ToolStep.signatures.map(\.name)
    for action in RunJourney.vocabulary.actions where !tools.contains(action.name) {
      #expect(document.contains("`\(action.name)`"), "\(action.name)")
      for parameter in action.parameters {
        #expect(document.contains("`\(parameter.name)`"), "\(action.name): \(parameter.name)")
      }
    }
  }

  @Test("the document of tools has each step and each of its parameters, and its example is read")
  func tools() throws {
    let document = try text("docs/tools.md")
    let rows = document.split(separator: "\n")
    for signature in ToolStep.signatures {
      let row = rows.first { $0.hasPrefix("| `\(signature.name)` |") }
      for parameter in signature.parameters {
        #expect(
          row?.contains("`\(parameter.name)`") == true, "\(signature.name): \(parameter.name)")
      }
    }
    let start = try #require(document.range(of: "```yaml\nversion"))
    let rest = document[document.index(start.lowerBound, offsetBy: 8)...]
    let end = try #require(rest.range(of: "```"))
    let definition = try PipelineDefinition.read(
      Array(rest[..<end.lowerBound].utf8), file: "example", vocabulary: RunJourney.vocabulary)
    #expect(definition.steps.count == 9)
  }
}
