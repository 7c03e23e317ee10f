import Foundation
public import Model
import Processes
import Scanners

/// The tools that steps can run, and which of them this machine has.
public struct ToolSurvey: Sendable, Encodable {
  /// One tool.
  public struct Item: Sendable, Encodable {
    /// Its name in evidence.
    public let tool: String
    /// The steps that run it, as a pipeline names them.
    public let steps: [String]
    /// Its program's path; `nil` when it is not there.
    public let program: String?
    /// The version that it says; `nil` when it is not there or says none.
    public let version: String?
    /// The database that it judges by, for the one that needs one.
    public let feed: ReportSource.Feed?
    /// What is wrong; `nil` when nothing is.
    public let problem: String?
    /// How to get it.
    public let installation: String
  }

  /// All tools, in the order of the documentation.
  public let items: [Item]

  /// Looks for all of them.
  ///
  /// - Parameters:
  ///   - environment: the caller's; `PATH` says where they are looked for.
  ///   - feed: the scanner's cache folder.
  public static func look(
    environment: [String: String], feed: String?
  ) async -> ToolSurvey {
    let environment = RunSetting.toolEnvironment(from: environment)
    var items: [Item] = []
    for tool in ScannerTool.all where !items.contains(where: { $0.tool == tool.name }) {
      items.append(await item(tool, environment, feed, .live))
    }
    return ToolSurvey(items: items)
  }

  private static func item(
    _ tool: ScannerTool, _ environment: [String: String], _ folder: String?,
    _ commands: CommandRunner
  ) async -> Item {
    let all = ScannerTool.all.filter { $0.name == tool.name }
    var problem: String?
    var found: FoundTool?
    var feed: ReportSource.Feed?
    let program = try? ToolStep.program(of: tool, path: environment)
    do {
      let program = try ToolStep.program(of: tool, path: environment)
      found = try await ToolRun(tool, environment: environment, commands: commands)
        .version(of: program, in: NSTemporaryDirectory())
      if all.contains(where: \.needsFeed) {
        if let folder {
          feed = try ImageScan.feed(folder: folder)
        } else {
          problem = "no vulnerability feed is named (PRATIQUE_FEED, --feed)"
        }
      }
    } catch let error as Problem {
      problem = error.message
    } catch {
      problem = "\(error)"
    }
    return Item(
      tool: tool.name, steps: all.map(\.action), program: program, version: found?.version,
      feed: feed, problem: problem, installation: tool.installation)
  }
}
