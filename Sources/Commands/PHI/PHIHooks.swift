import ArgumentParser
import Foundation
import Journey
import Model

/// The git hooks that look for PHI.
struct PHIHooks: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hooks", abstract: "Let git look for PHI before it commits and pushes.",
    discussion: """
      Example: pratique phi hooks install
      """,
    subcommands: [PHIHooksInstall.self, PHIHooksRemove.self])
}

/// Writes the hooks.
struct PHIHooksInstall: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "install", abstract: "Write the hooks pre-commit, commit-msg and pre-push.",
    discussion: """
      They look at what is staged, at the message, and at the commits that are pushed; all worktrees
      of the repository share them. A hook that is there already is never overwritten. `git commit
      --no-verify` goes around them, and nothing can prevent it: the pipeline looks again.

      Example: pratique phi hooks install --chain
      """)

  @Option(help: "A folder of the working tree.")
  var directory = "."
  @Flag(help: "Keep hooks that are there beside ours, and call them first.")
  var chain = false
  @Flag(help: "Print the result as JSON.")
  var json = false

  func run() async throws {
    let written = try await GitHookFiles.install(
      in: PathText.resolve(directory, in: FileManager.default.currentDirectoryPath),
      program: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"),
      chains: chain, environment: ProcessInfo.processInfo.environment)
    try Terminal(isJSON: json).result(written, written.map { "wrote \($0)" })
  }
}

/// Takes the hooks away.
struct PHIHooksRemove: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Take our hooks away, and put back what was there before.",
    discussion: """
      Example: pratique phi hooks remove
      """)

  @Option(help: "A folder of the working tree.")
  var directory = "."
  @Flag(help: "Print the result as JSON.")
  var json = false

  func run() async throws {
    let removed = try await GitHookFiles.remove(
      in: PathText.resolve(directory, in: FileManager.default.currentDirectoryPath),
      environment: ProcessInfo.processInfo.environment)
    try Terminal(isJSON: json).result(removed, removed.map { "removed \($0)" })
  }
}

/// What a hook calls.
struct PHIHook: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hook", abstract: "Look as a git hook; the hooks call it.",
    discussion: """
      Ends with 23 when something that may be PHI was found, and git then stops.

      Example: pratique phi hook pre-commit
      """)

  @Argument(help: "pre-commit, commit-msg or pre-push.")
  var name: String
  @Argument(help: "What git gives the hook.")
  var given: [String] = []
  @Flag(help: "Print the result as JSON.")
  var json = false

  func validate() throws {
    guard GitHook.Name(rawValue: name) != nil else {
      throw ValidationError("A hook is called pre-commit, commit-msg or pre-push.")
    }
  }

  func run() async throws {
    let hook = GitHook(
      directory: FileManager.default.currentDirectoryPath,
      environment: ProcessInfo.processInfo.environment,
      today: String(TimeSource.system.now().description.prefix(10)))
    let outcome: GitHook.Outcome
    switch GitHook.Name(rawValue: name) {
    case .commitMessage: outcome = try hook.message(given.first ?? "")
    case .prePush:
      let told = try FileHandle.standardInput.readToEnd() ?? Data()
      outcome = try await hook.pushed(
        String(decoding: told, as: UTF8.self), remote: given.first ?? "origin")
    case .preCommit, nil: outcome = try await hook.staged()
    }
    let lines =
      outcome.findings.map { "\($0.file):\($0.line): may be PHI: \($0.kind) (\($0.rule))" }
      + outcome.unread.map { "NOT LOOKED AT: \($0)" }
    let terminal = Terminal(isJSON: json)
    if json { try terminal.result(outcome, lines) } else { lines.forEach(terminal.note) }
    guard outcome.findings.isEmpty, outcome.unread.isEmpty else {
      throw Problem(
        .phiFound, "git \(name): \(lines.count) place(s) that may hold PHI",
        advice: "Take it out; or, where it is made up, excuse it in .pratique/phi-allow.yaml, with"
          + " reason, owner and expiry.")
    }
  }
}
