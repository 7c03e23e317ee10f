public import Model
import Reading

/// What a step says of the tool behind a report, as far as the report cannot say it: the file
/// `report.json` that it leaves beside the report.
///
/// It is the step's own word, as the report is; it is read strictly, so that no half of it counts.
public struct ReportStatement: Hashable, Sendable {
  /// The file's name.
  public static let fileName = "report.json"

  /// The tool's name.
  public let tool: String
  /// The tool's version.
  public let toolVersion: String
  /// The rules that it judged by.
  public let rules: ReportSource.Rules?
  /// The data that it judged by.
  public let feed: ReportSource.Feed?

  /// Reads the file.
  ///
  /// - Parameters:
  ///   - source: the file's path, for messages.
  ///   - report: the name of the report beside it, which it must be about.
  ///   - format: the report's format, which it must state.
  /// - Throws: `Problem` with `badInput` for a member that is not known, missing or of another form,
  ///   and for a file that is about another report.
  public static func read(
    _ bytes: [UInt8], source: String, about report: String, format: ReportFormat
  ) throws -> ReportStatement {
    do {
      let root = ReportNode(
        try JSONDocument.read(bytes, limits: .configuration).root)
      try root.refuseMembers(besides: ["version", "format", "path", "tool", "rules", "feed"])
      guard try root.member("version").json.integer == 1 else {
        throw try root.member("version").error("expected 1")
      }
      guard try root.requiredString("path").utf8.elementsEqual(report.utf8) else {
        throw try root.member("path").error("it is not about \"\(report)\", which lies beside it")
      }
      guard try root.requiredString("format").utf8.elementsEqual(format.rawValue.utf8) else {
        throw try root.member("format").error("the report is declared as \(format.rawValue)")
      }
      let tool = try root.member("tool")
      try tool.refuseMembers(besides: ["name", "version"])
      return ReportStatement(
        tool: try tool.requiredString("name"), toolVersion: try tool.requiredString("version"),
        rules: try root.optional("rules").map(Self.rules),
        feed: try root.optional("feed").map(Self.feed))
    } catch let error as ReadingError {
      throw Problem(
        .badInput, "what the step says of its report was refused: \(error.message)",
        at: source + (error.pointer.map { "#\($0)" } ?? ""),
        advice: "Let the step write it anew for each report, each in a folder of its own.")
    }
  }

  private static func rules(_ node: ReportNode) throws -> ReportSource.Rules {
    try node.refuseMembers(besides: ["name", "digest", "updatedAt"])
    return ReportSource.Rules(
      name: try node.requiredString("name"), digest: try digest(node),
      updatedAt: node.has("updatedAt") ? try instant(node) : nil)
  }

  private static func feed(_ node: ReportNode) throws -> ReportSource.Feed {
    try node.refuseMembers(besides: ["name", "digest", "updatedAt", "isExample"])
    guard let isExample = try node.bool("isExample") else {
      throw node.error("\"isExample\" is missing")
    }
    return ReportSource.Feed(
      name: try node.requiredString("name"), digest: try digest(node),
      updatedAt: try instant(node), isExample: isExample)
  }

  private static func digest(_ node: ReportNode) throws -> Digest {
    guard let digest = Digest(try node.requiredString("digest")), digest.algorithm == .sha256
    else { throw try node.member("digest").error("expected sha256: and 64 digits") }
    return digest
  }

  private static func instant(_ node: ReportNode) throws -> Instant {
    guard let instant = Instant(try node.requiredString("updatedAt")), instant.milliseconds > 0
    else {
      throw try node.member("updatedAt").error("expected a time such as 2026-11-23T11:30:00Z")
    }
    return instant
  }
}
