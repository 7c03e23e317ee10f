import Foundation
import Pipeline
import Reading
import TestKit
import Testing

@testable import Journey

@Suite("The words of a pipeline file")
struct VocabularyTests {
  private func text(_ path: String) throws -> String {
    try String(contentsOf: Repository.root.appending(path: path), encoding: .utf8)
  }

  @Test func schemaAndDocumentNameEveryActionAndParameter() throws {
    let schema = try JSONReader.read(Array(text("schemas/pipeline.json").utf8))
    let named = schema["$defs"]?["action"]?["properties"]?["uses"]?["enum"]?.array ?? []
    let actions = RunJourney.vocabulary.actions
    #expect(named.compactMap(\.string).sorted() == actions.map(\.name).sorted())
    let document = try text("docs/formats/pipeline.md")
    for action in actions {
      #expect(document.contains("`\(action.name)`"), "\(action.name)")
      for parameter in action.parameters {
        #expect(document.contains("`\(parameter.name)`"), "\(action.name): \(parameter.name)")
      }
    }
  }
}
