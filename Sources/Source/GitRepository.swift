public import Model

/// A git repository, looked at with git's plumbing only: no hook, no configuration of the machine
/// or the user, no file system monitor, no replaced object, no network.
///
/// Whose folder it is does not matter (`safe.directory=*`): nothing that the repository's own
/// configuration could start is run, and every object is checked against its id.
public struct GitRepository: Sendable {
  /// The folder that holds `.git`, or a bare repository.
  public let directory: String
  private let runner: CommandRunner
  private let searchPath: String

  /// A repository at its root folder; it is first looked at when something is asked of it.
  ///
  /// - Parameter searchPath: the `PATH` in which git is looked up.
  public init(
    directory: String, runner: CommandRunner,
    searchPath: String = "/usr/local/bin:/usr/bin:/bin"
  ) {
    self.directory = directory
    self.runner = runner
    self.searchPath = searchPath
  }

  /// The full id of the commit that a revision names: a branch, a tag, an id, with `~` and `^`.
  ///
  /// - Throws: `Problem` when there is none, when the name is ambiguous, when it could be taken
  ///   for an option, or when the repository names its objects by SHA-256.
  public func resolve(_ revision: String) async throws -> Digest {
    guard Self.isRevision(revision) else {
      throw Problem(
        .badInput, "\"\(revision)\" is not taken as a revision",
        advice: "Name a branch, a tag or a commit id: letters, digits and ./_-@{}~^+ only.")
    }
    let result = try await run(
      ["rev-parse", "--show-object-format", "--verify", "\(revision)^{commit}"])
    let lines = result.text.split(separator: "\n")
    try requireSHA1(lines.first, result)
    let words = String(decoding: result.errorOutput, as: UTF8.self)
    guard !words.contains("ambiguous") else {
      throw Problem(
        .badInput, "the revision \(revision) names more than one thing in \(directory)",
        advice: "Write refs/heads/… or refs/tags/…, or the full commit id.")
    }
    guard result.status.isSuccess,
      let id = lines.last.flatMap({ Digest(.gitCommit, hex: $0) })
    else {
      throw Problem(
        .notFound, "there is no commit \(revision) in \(directory)",
        advice: "git rev-parse --verify \(revision) shows what git makes of it.")
    }
    return id
  }

  /// A commit, its bytes checked against its id.
  ///
  /// - Throws: `Problem` when it is missing, damaged or not of the form that git writes.
  public func commit(_ id: Digest) async throws -> GitCommit {
    let bytes = try await objects([id], kind: "commit", byteLimit: 1 << 20)
    guard let content = bytes.first else { throw GitBatch.cutOff }
    return try GitCommit(id: id, content: content)
  }

  /// When a path was last changed on the way to a commit, as the commit that changed it says.
  ///
  /// - Parameter path: a file or folder below the root, taken as it is written.
  /// - Throws: `Problem` with `notFound` when no commit has it.
  public func lastChange(of path: String, upTo commit: Digest) async throws -> Instant {
    let result = try await run(
      [
        "--literal-pathspecs", "log", "-1", "--format=%ct", "--no-show-signature", commit.hex,
        "--", path,
      ])
    guard result.status.isSuccess else { throw failure("log", result) }
    guard let seconds = Int64(result.text.prefix { $0.isNumber }) else {
      throw Problem(.notFound, "no commit has \"\(path)\"", at: directory)
    }
    return Instant(milliseconds: seconds * 1000)
  }

  /// Objects of one kind in the order asked, each checked against its id.
  func objects(_ ids: [Digest], kind: String, byteLimit: Int) async throws -> [[UInt8]] {
    let input = Array(ids.map { $0.hex + "\n" }.joined().utf8)
    let result = try await run(
      ["cat-file", "--batch"], input: input, outputLimit: byteLimit + ids.count * 80)
    guard result.status.isSuccess else { throw failure("cat-file", result) }
    var batch = GitBatch(result.output)
    return try ids.map { try batch.next($0, kind: kind) }
  }

  /// Runs a plumbing command in the repository; an absent repository is an error.
  func run(
    _ arguments: [String], input: [UInt8]? = nil, outputLimit: Int = 64 << 20
  ) async throws -> CommandResult {
    let command = Command(
      "git", Self.settings + arguments, environment: environment, directory: directory,
      input: input, timeoutMilliseconds: 600_000, outputLimit: outputLimit)
    let result = try await runner.run(command)
    if String(decoding: result.errorOutput, as: UTF8.self).contains("not a git repository") {
      throw Problem(
        .notFound, "\(directory) is not the root of a git repository",
        advice: "Give the folder that holds .git.")
    }
    return result
  }

  func failure(_ what: String, _ result: CommandResult) -> Problem {
    let words = String(decoding: result.errorOutput.prefix(400), as: UTF8.self)
    return Problem(
      .inputOutput, "git \(what) failed: \(words.trimmingSuffix(while: \.isNewline))",
      at: directory, advice: "git fsck tells whether the repository is whole.")
  }

  /// `format` is what git says first, whether it knows the revision or not.
  private func requireSHA1(_ format: Substring?, _ result: CommandResult) throws {
    guard let format else { throw failure("rev-parse", result) }
    guard format == "sha1" else {
      throw Problem(
        .badInput, "the repository names its objects by SHA-256, which is not taken yet",
        at: directory, advice: "Use a repository with git's default object format, sha1.")
    }
  }

  private static let settings = [
    "--no-replace-objects", "--no-optional-locks", "--literal-pathspecs",
    "-c", "safe.directory=*", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false",
    "-c", "core.commitGraph=false",
    "-c", "core.warnAmbiguousRefs=true", "-c", "protocol.allow=never",
  ]

  private var environment: [String: String] {
    let parent = directory.lastIndex(of: "/").map { String(directory[..<$0]) } ?? ""
    return [
      "PATH": searchPath, "HOME": "/nonexistent", "LC_ALL": "C", "GIT_CONFIG_NOSYSTEM": "1",
      "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_ALLOW_PROTOCOL": "none", "GIT_TERMINAL_PROMPT": "0",
      "GIT_NO_LAZY_FETCH": "1", "GIT_GRAFT_FILE": "/dev/null", "GIT_CEILING_DIRECTORIES": parent,
    ]
  }

  private static func isRevision(_ text: String) -> Bool {
    guard let first = text.utf8.first, first != 0x2d, text.utf8.count <= 250 else { return false }
    let others = Array("./_-@{}~^+".utf8)
    return text.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0)
        || others.contains($0)
    }
  }
}

extension String {
  func trimmingSuffix(while matches: (Character) -> Bool) -> String {
    var text = self[...]
    while let last = text.last, matches(last) { text.removeLast() }
    return String(text)
  }
}
