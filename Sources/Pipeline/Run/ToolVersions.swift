import Foundation
import Model
import Synchronization

/// Asks the tools that a step names for their versions, in the step's own executor: once a run for
/// each tool and image.
struct ToolVersions: Sendable {
  /// What was asked already: by image id, or nothing for a process, and the tools' names.
  private final class Answers: Sendable {
    let known = Mutex<[[String]: [StepReport.Tool]]>([:])
  }

  private static let lengthLimit = 200
  private static let script = """
    for tool in "$@"; do
      command -v "$tool" >/dev/null || { echo "the tool \\"$tool\\" is not there" >&2; exit 3; }
      printf '%s\\t%s\\n' "$tool" "$("$tool" --version 2>&1 | head -n 1)"
    done
    """
  private let answers = Answers()

  /// The versions of a step's tools, as the first line of `TOOL --version` says them.
  ///
  /// - Throws: `Problem` with `toolMissing` when a tool is not there: what a step names and cannot
  ///   be asked is never left out in silence.
  func versions(
    of step: StepDefinition, image: String?, _ session: RunSession
  ) async throws -> [StepReport.Tool] {
    guard !step.tools.isEmpty else { return [] }
    let place = [image ?? ""] + step.tools
    if let known = answers.known.withLock({ $0[place] }) { return known }
    let asked = ["-c", Self.script, "sh"] + step.tools
    let command: Command
    if let image {
      let podman = session.podman
      let arguments = podman.runArguments(
        name: podman.name("tools-\(UUID().uuidString.lowercased())"),
        workspace: session.request.workspace, directory: "", network: "none", environment: [],
        isReadOnly: true)
      command = Command(
        "podman", arguments + ["--entrypoint", "", image, "sh"] + asked,
        environment: podman.environment)
    } else {
      command = Command(
        "sh", asked, environment: session.baseEnvironment,
        directory: "\(session.request.scratch)/tmp")
    }
    let result = try await session.services.commands.run(command)
    guard result.status.isSuccess else {
      let words = String(decoding: result.errorOutput, as: UTF8.self)
        .split(separator: "\n").last.map(String.init)
      throw Problem(
        .toolMissing, words ?? "the tools of the step cannot be asked for their versions",
        at: step.id, advice: "Install it where the step runs, or take it out of \"tools\".")
    }
    let tools = result.text.split(separator: "\n").compactMap { line -> StepReport.Tool? in
      let parts = line.split(separator: "\t", maxSplits: 1)
      guard parts.count == 2 else { return nil }
      return StepReport.Tool(
        name: String(parts[0]), version: String(parts[1].prefix(Self.lengthLimit)))
    }
    guard tools.map(\.name) == step.tools else {
      throw Problem(.toolMissing, "a tool of the step does not say its version", at: step.id)
    }
    answers.known.withLock { $0[place] = tools }
    return tools
  }
}
