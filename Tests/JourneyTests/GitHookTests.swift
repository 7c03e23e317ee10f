import Foundation
import Model
import Processes
import TestKit
import Testing

@testable import Journey

/// Git stops before PHI is committed or pushed.
@Suite("Git hooks")
struct GitHookTests {
  private let folder: TemporaryFolder
  private let path: String

  init() async throws {
    folder = try TemporaryFolder()
    path = folder.file("repository")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try await git("init", "-q", "-b", "main")
  }

  private var environment: [String: String] {
    [
      "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": folder.path, "GIT_CONFIG_NOSYSTEM": "1",
      "GIT_AUTHOR_NAME": "dana", "GIT_AUTHOR_EMAIL": "dana@hospital.example",
      "GIT_COMMITTER_NAME": "dana", "GIT_COMMITTER_EMAIL": "dana@hospital.example",
    ]
  }

  @discardableResult
  private func git(_ arguments: String...) async throws -> String {
    let result = try await CommandRunner.live.run(
      Command(
        "git", arguments, environment: environment, directory: path, timeoutMilliseconds: 60_000))
    guard result.status.isSuccess else {
      throw Problem(.stepFailed, String(decoding: result.errorOutput, as: UTF8.self))
    }
    return result.text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private func write(_ name: String, _ text: String) throws {
    let url = URL(fileURLWithPath: "\(path)/\(name)")
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  private func hook(_ today: String = "2026-06-01") -> GitHook {
    GitHook(directory: path, environment: environment, today: today)
  }

  private static let number = "mrn = \"00482917\"\n"
  private static let excuse = """
    allow:
    - {path: a.py, reason: made up, owner: dana, expires: 2026-12-31}
    """

  @Test("what is staged is looked at as it is staged, also before the first commit")
  func staged() async throws {
    try write("a.py", Self.number)
    #expect(try await hook().staged().looked == 0)
    try await git("add", "a.py")
    try write("a.py", "nothing any more\n")
    let outcome = try await hook().staged()
    #expect(outcome.findings.map(\.file) == ["a.py"])
    #expect(outcome.findings.map(\.kind) == ["record-number"])
    try await git("add", "a.py")
    #expect(try await hook().staged().findings.isEmpty)
  }

  @Test("an excuse holds as it is staged, until its day")
  func excused() async throws {
    try write("a.py", Self.number)
    try write(".pratique/phi-allow.yaml", Self.excuse)
    try await git("add", ".")
    #expect(try await hook().staged().findings.isEmpty)
    #expect(try await hook("2027-01-01").staged().findings.count == 1)
  }

  @Test("the message is looked at, and what git takes out of it is not")
  func message() async throws {
    try write("message", "Mend the import of MRN: 00482917\n# MRN: 00482918\n")
    #expect(try hook().message("\(path)/message").findings.map(\.line) == [1])
  }

  @Test("a push is looked at commit by commit: what a later commit takes out is in it still")
  func pushed() async throws {
    try write("a.py", "first\n")
    try await git("add", "."); try await git("commit", "-qm", "first")
    let old = try await git("rev-parse", "HEAD")
    try write("b.py", Self.number)
    try await git("add", "."); try await git("commit", "-qm", "second")
    try await git("rm", "-q", "b.py")
    try await git("commit", "-qm", "third, of MRN: 00517730")
    let new = try await git("rev-parse", "HEAD")
    let outcome = try await hook().pushed(
      "refs/heads/main \(new) refs/heads/main \(old)\n", remote: "origin")
    #expect(outcome.findings.map(\.file).sorted().first == "b.py")
    #expect(outcome.findings.count == 2)
    let zero = String(repeating: "0", count: 40)
    let first = try await hook().pushed(
      "refs/heads/main \(new) refs/heads/main \(zero)\n", remote: "origin")
    #expect(first.findings.count == 2)
  }

  @Test("hooks are written once for all worktrees; another's is kept, and put back")
  func install() async throws {
    try write("a.py", "x\n")
    try await git("add", "."); try await git("commit", "-qm", "first")
    try await git("worktree", "add", "-q", folder.file("other"), "-b", "other")
    try write(".git/hooks/pre-commit", "#!/bin/sh\nexit 7\n")
    await #expect(throws: Problem(.busy, "")) {
      try await GitHookFiles.install(
        in: folder.file("other"), program: "/bin/true", chains: false, environment: environment)
    }
    #expect(!FileManager.default.fileExists(atPath: "\(path)/.git/hooks/commit-msg"))
    for _ in 0..<2 {
      let written = try await GitHookFiles.install(
        in: folder.file("other"), program: "/bin/true", chains: true, environment: environment)
      #expect(written.count == 3)
    }
    let hook = try String(contentsOfFile: "\(path)/.git/hooks/pre-commit", encoding: .utf8)
    #expect(hook.contains("'/bin/true' phi hook pre-commit"))
    #expect(
      try await GitHookFiles.remove(in: path, environment: environment).count == 3)
    #expect(
      try String(contentsOfFile: "\(path)/.git/hooks/pre-commit", encoding: .utf8).contains(
        "exit 7"))
  }
}
