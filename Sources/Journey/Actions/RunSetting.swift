public import Model
import Processes
import Source

/// What all built-in actions of one run share.
public struct RunSetting: Sendable {
  /// The ledger.
  public let home: LedgerHome
  /// The software that is delivered.
  public let application: Application
  /// The commit, by its id.
  public let commit: Subject
  /// The commit as its bytes say it.
  let source: GitCommit
  /// The full commit id.
  public let commitID: String
  /// When the commit was made, in seconds since 1970: images take it as their time.
  public let commitSeconds: Int64
  /// The repository's folder.
  public let repository: String
  /// Digest of the exported tree.
  public let export: Digest
  /// The environment of tools that the program itself runs.
  public let toolEnvironment: [String: String]
  /// The environment of whoever called: secrets of environments may come from it.
  public let callerEnvironment: [String: String]
  /// The scanner's cache folder, which holds its feed.
  public let feedFolder: String?
  /// Path of the file that defines environments.
  public let environmentFile: String?
  /// The clock.
  public let time: TimeSource

  /// Names that tools of the program see of the caller's environment.
  static let toolVariables = [
    "PATH", "HOME", "LANG", "TMPDIR", "XDG_RUNTIME_DIR", "CONTAINERS_CONF",
    "CONTAINERS_STORAGE_CONF", "CONTAINERS_REGISTRIES_CONF", "DOCKER_HOST",
  ]

  /// The part of an environment that tools of the program see.
  public static func toolEnvironment(from environment: [String: String]) -> [String: String] {
    environment.filter { toolVariables.contains($0.key) }
  }

  /// The commit's files, exported anew: what steps did to their workspace is not what is built,
  /// scanned or deployed.
  ///
  /// - Throws: `Problem` when the export is not the one that the run began with.
  func freshExport(to folder: String) async throws -> String {
    let repository = GitRepository(directory: repository, runner: .live)
    let fresh = try await repository.export(source, to: folder)
    guard fresh.digest == export else {
      throw Problem(.notTrusted, "the commit's files are not those that the run began with")
    }
    return folder
  }

  /// Runs a tool; a failure is told with its last lines.
  func run(
    _ commands: CommandRunner, _ tool: String, _ arguments: [String], in folder: String? = nil,
    minutes: Int64 = 10, log: (String) -> Void = { _ in }
  ) async throws -> CommandResult {
    log("$ \(tool) \(arguments.joined(separator: " "))")
    let result = try await commands.run(
      Command(
        tool, arguments, environment: toolEnvironment, directory: folder,
        timeoutMilliseconds: minutes * 60_000,
        outputLimit: 256 << 20))
    let complaint = String(decoding: result.errorOutput, as: UTF8.self)
    if !complaint.isEmpty { log(complaint) }
    guard result.status.isSuccess else {
      let last = complaint.split(separator: "\n").suffix(5).joined(separator: "\n")
      throw Problem(.stepFailed, "\(tool) ended with \(result.status): \(last)")
    }
    return result
  }

  /// The first line that a tool prints about its version.
  func version(_ commands: CommandRunner, _ tool: String, _ arguments: [String]) async throws
    -> StepReport.Tool
  {
    let result = try await run(commands, tool, arguments, minutes: 1)
    let line = result.text.split(separator: "\n").first.map(String.init) ?? ""
    let words = line.split(separator: " ")
    let version = words.last { $0.contains { $0.isNumber } }.map(String.init) ?? line
    return StepReport.Tool(name: tool, version: version)
  }
}
