import Foundation
import Model
import Reading
import Testing

@testable import Pipeline

/// The schema and the document say what the reader does.
@Suite("Schema and document")
struct DocumentTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: Self.root.appending(path: path)))
  }

  private func keys(_ schema: JSONValue, _ definition: String) -> Set<String> {
    Set(schema["$defs"]?[definition]?["properties"]?.object?.members.map(\.name) ?? [])
  }

  @Test("the schema has the reader's keys and words")
  func schema() throws {
    let schema = try JSONReader.read(bytes("schemas/pipeline.json"))
    #expect(keys(schema, "program").union(keys(schema, "action")) == Set(StepReader.keys))
    #expect(keys(schema, "service") == Set(ServiceReader.keys))
    let actions = schema["$defs"]?["action"]?["properties"]?["uses"]?["enum"]?.array ?? []
    // Of all actions, those of this suite; the others are held by the room that has them.
    #expect(Set(actions.compactMap(\.string)).isSuperset(of: vocabulary.actions.map(\.name)))
    let report = schema["$defs"]?["report"]?["properties"]
    #expect(
      report?["format"]?["enum"]?.array?.compactMap(\.string) == vocabulary.reportFormats)
    #expect(
      report?["kind"]?["enum"]?.array?.compactMap(\.string)
        == vocabulary.reportKinds.map(\.rawValue))
  }

  @Test("the document's example is read, and every key stands in the document")
  func document() throws {
    let text = String(decoding: try bytes("docs/formats/pipeline.md"), as: UTF8.self)
    let start = try #require(text.range(of: "```yaml\nversion"))
    let rest = text[text.index(start.lowerBound, offsetBy: 8)...]
    let end = try #require(rest.range(of: "```"))
    let definition = try PipelineDefinition.read(
      Array(rest[..<end.lowerBound].utf8), file: "example", vocabulary: vocabulary)
    #expect(definition.steps.map(\.id) == ["test/unit", "test/integration", "build/image"])
    for key in StepReader.keys + ServiceReader.keys { #expect(text.contains("`\(key)`"), "\(key)") }
  }
}
