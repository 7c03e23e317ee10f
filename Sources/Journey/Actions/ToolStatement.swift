import Blobs
import Foundation
import Intake
import Model
import Reading

/// `report.json`, which a tool step leaves beside its report (docs/formats/pipeline.md).
struct ToolStatement: Encodable {
  struct Tool: Encodable {
    let name: String
    let version: String
  }

  let version = 1
  let format: String
  let path: String
  let tool: Tool
  let rules: ReportSource.Rules?
  let feed: ReportSource.Feed?

  /// Writes it.
  static func write(
    _ step: ReportingStep, _ read: IntakeReport, beside path: String, format: String
  ) throws {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let statement = ToolStatement(
      format: format, path: name, tool: Tool(name: step.tool, version: step.toolVersion),
      rules: step.rules, feed: step.feed)
    let file = "\(PathText.parent(of: path))/\(ReportStatement.fileName)"
    try Data(try CanonicalJSON.write(statement)).write(
      // The folder is the tool's: what it left by this name, a link at that, is not written through.
      to: URL(fileURLWithPath: file), options: .withoutOverwriting)
  }
}
