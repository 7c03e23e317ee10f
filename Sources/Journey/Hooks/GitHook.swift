import Foundation
import Model
import PHI
import Processes

/// A git hook that looks for PHI before it leaves the developer's machine. Git runs it; `--no-verify`
/// goes around it, which nothing on the machine can prevent: the pipeline looks again.
public struct GitHook: Sendable {
  /// The hooks that there are.
  public enum Name: String, Sendable, CaseIterable {
    /// Looks at what is staged.
    case preCommit = "pre-commit"
    /// Looks at the commit's message.
    case commitMessage = "commit-msg"
    /// Looks at the contents and messages of all commits that are pushed.
    case prePush = "pre-push"
  }

  /// A file or message in which something may be PHI.
  public struct Finding: Sendable, Encodable {
    /// The file's path, or the message's commit.
    public let file: String
    /// Line, from 1.
    public let line: Int
    /// What sort of identifier it may be.
    public let kind: String
    /// The rule that found it.
    public let rule: String
  }

  /// What a hook saw.
  public struct Outcome: Sendable, Encodable {
    /// Contents and messages that were looked at.
    public var looked = 0
    /// What was found, and nothing excuses.
    public var findings: [Finding] = []
    /// What could not be looked at, and why.
    public var unread: [String] = []
  }

  private static let contentLimit = 256 << 20
  private let directory: String
  private let environment: [String: String]
  private let today: String

  /// A hook in a working tree.
  ///
  /// - Parameter environment: the caller's; git tells by it which index and repository are meant.
  public init(directory: String, environment: [String: String], today: String) {
    self.directory = directory
    self.environment = environment.filter {
      $0.key.hasPrefix("GIT_") || ["PATH", "HOME", "LANG"].contains($0.key)
    }
    self.today = today
  }

  /// Looks at what is staged: only the changed files, as they would be committed.
  ///
  /// - Throws: `Problem` when git cannot be asked, or the excuses cannot be read.
  public func staged() async throws -> Outcome {
    let raw = try await git(
      ["diff-index", "--cached", "--raw", "-z", "--no-renames", "--no-abbrev"]
        + [try await hasHead() ? "HEAD" : Self.emptyTree])
    return try await look(Self.changes(raw), excuses: ":\(PHIExcuses.file)")
  }

  /// Looks at a commit's message, without the lines that git takes out.
  ///
  /// - Throws: `Problem` when the file cannot be read.
  public func message(_ path: String) throws -> Outcome {
    let text = String(decoding: try InputFile.read(path), as: UTF8.self)
    var lines: [Substring] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("# ------------------------ >8") { break }
      lines.append(line.hasPrefix("#") ? "" : line)
    }
    var outcome = Outcome()
    look(Array(lines.joined(separator: "\n").utf8), "the commit's message", PHIExcuses(), &outcome)
    return outcome
  }

  /// Looks at all commits that a push would bring.
  ///
  /// - Parameters:
  ///   - lines: what git tells the hook on standard input.
  ///   - remote: the remote's name.
  /// - Throws: `Problem` when git cannot be asked.
  public func pushed(_ lines: String, remote: String) async throws -> Outcome {
    var outcome = Outcome()
    var seen: Set<String> = []
    for line in lines.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      guard words.count == 4, Digest(.gitCommit, hex: words[1]) != nil else {
        throw Problem(.badInput, "git told the hook what is not understood")
      }
      let (new, old) = (words[1], words[3])
      guard new.contains(where: { $0 != "0" }) else { continue }
      // What the remote has may not be here, as after somebody else's push.
      let isKnown = try await run(["cat-file", "-e", old]).status.isSuccess
      let range =
        isKnown
        ? [new, "^\(old)"] : [new, "--not", "--remotes=\(remote)"]
      let commits = String(decoding: try await git(["rev-list"] + range), as: UTF8.self)
        .split(separator: "\n").map(String.init)
      for commit in commits where seen.insert(commit).inserted {
        let raw = try await git([
          "diff-tree", "--root", "-m", "-r", "--raw", "-z", "--no-renames", "--no-abbrev",
          "--no-commit-id", commit,
        ])
        let changes = Self.changes(raw).filter { seen.insert("\($0.blob) \($0.path)").inserted }
        let part = try await look(changes, excuses: "\(new):\(PHIExcuses.file)")
        outcome.looked += part.looked
        outcome.findings += part.findings
        outcome.unread += part.unread
        let message = try await git(["log", "-1", "--format=%B", commit])
        look(message, "the message of \(commit.prefix(12))", PHIExcuses(), &outcome)
      }
    }
    return outcome
  }

  private static let emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

  private func hasHead() async throws -> Bool {
    try await run(["rev-parse", "--verify", "--quiet", "HEAD"]).status.isSuccess
  }

  /// Files that a raw difference adds or changes: no links, no submodules, nothing that goes.
  static func changes(_ raw: [UInt8]) -> [(blob: String, path: String)] {
    let parts = raw.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    var changes: [(String, String)] = []
    var place = 0
    while place + 1 < parts.count {
      let words = parts[place].split(separator: " ")
      if words.count == 5, words[1].hasPrefix("100"), words[3].contains(where: { $0 != "0" }) {
        changes.append((String(words[3]), parts[place + 1]))
      }
      place += 2
    }
    return changes
  }

  private func look(
    _ changes: [(blob: String, path: String)], excuses place: String
  ) async throws -> Outcome {
    var outcome = Outcome()
    guard !changes.isEmpty else { return outcome }
    let written = try await run(["cat-file", "blob", place])
    let excuses = try written.status.isSuccess ? PHIExcuses(yaml: written.output) : PHIExcuses()
    for change in changes {
      try Task.checkCancellation()
      look(try await git(["cat-file", "blob", change.blob]), change.path, excuses, &outcome)
    }
    return outcome
  }

  private func look(
    _ bytes: [UInt8], _ name: String, _ excuses: PHIExcuses, _ outcome: inout Outcome
  ) {
    let seen = SeenContent(FileScan(today: today).scan(bytes, name: name)) { ($0, $1) }
    let judged = excuses.judge(seen, today: today)
    outcome.looked += 1
    outcome.findings += judged.kept.map {
      Finding(file: $0.file, line: $0.line, kind: $0.kind, rule: $0.rule)
    }
    outcome.unread += judged.unread.map { "\($0.file): \($0.reason)" }
  }

  private func git(_ arguments: [String]) async throws -> [UInt8] {
    let result = try await run(arguments)
    guard result.status.isSuccess else {
      let words = String(decoding: result.errorOutput.prefix(400), as: UTF8.self)
      throw Problem(.inputOutput, "git \(arguments[0]) failed: \(words)", at: directory)
    }
    return result.output
  }

  private func run(_ arguments: [String]) async throws -> CommandResult {
    try await CommandRunner.live.run(
      Command(
        "git", arguments, environment: environment, directory: directory,
        timeoutMilliseconds: 600_000, outputLimit: Self.contentLimit))
  }
}
