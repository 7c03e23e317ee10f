import Foundation
import Glibc
import Model
import Testing

@testable import Pipeline

@Suite("Patterns")
struct GlobTests {
  @Test(
    "match byte by byte",
    arguments: [
      ("a/*.py", "a/b.py", true), ("a/*.py", "a/b/c.py", false), ("**/*.py", "c.py", true),
      ("**/*.py", "a/b/c.py", true), ("a/**", "a/b/c", true), ("a/**/c", "a/c", true),
      ("a/**/c", "a/b/b/c", true), ("a/**/c", "b/c", false), ("?.txt", "a.txt", true),
      ("?.txt", "ab.txt", false), ("*", ".hidden", true), ("a*b*c", "axxbyyc", true),
      ("a*b*c", "axxbyy", false), ("caf\u{e9}", "cafe\u{301}", false),
      ("release/*", "release/1", true),
    ])
  func matches(pattern: String, path: String, isMatch: Bool) throws {
    #expect(try #require(Glob(pattern)).matches(path) == isMatch)
  }

  @Test(
    "what leads out of the workspace is none",
    arguments: ["", "/a", "a/", "a//b", "../a", "a/..", "./a", "a/***/b", "a\0b"])
  func refused(pattern: String) { #expect(Glob(pattern) == nil) }

  @Test("many stars on a long name end at once")
  func worstCase() throws {
    let glob = try #require(Glob(String(repeating: "*a", count: 30) + "b"))
    let clock = ContinuousClock()
    let time = clock.measure { #expect(!glob.matches(String(repeating: "a", count: 5_000))) }
    #expect(time < .seconds(5))
  }
}

@Suite("Files of the workspace")
struct WorkspaceFilesTests {
  private let fixture: Fixture
  private let files: WorkspaceFiles

  init() throws {
    fixture = try Fixture()
    files = WorkspaceFiles(root: fixture.workspace)
    for path in ["a.txt", "d/b.txt", "d/e/c.txt", "d/x.py"] { try fixture.write(path, path) }
  }

  private func find(_ patterns: String..., links: WorkspaceFiles.LinkRule = .refuse) throws
    -> [String]
  {
    try files.digests(patterns.compactMap { Glob($0) }, links: links).map(\.path)
  }

  @Test("are found by pattern, each once, sorted")
  func find() throws {
    #expect(try find("**/*.txt", "a.*") == ["a.txt", "d/b.txt", "d/e/c.txt"])
    #expect(try find("d/**") == ["d/b.txt", "d/e/c.txt", "d/x.py"])
    #expect(try find("d/*/c.txt") == ["d/e/c.txt"])
    let file = try files.digests([#require(Glob("a.txt"))], links: .refuse).first
    #expect(file == StepReport.File(path: "a.txt", digest: .sha256(Array("a.txt".utf8)), bytes: 5))
  }

  @Test("a pattern that matches nothing, and a folder, are refused")
  func nothing() {
    #expect(throws: Problem.self) { try find("no/such") }
    let problem = #expect(throws: Problem.self) { try find("d") }
    #expect(problem?.message == "\"d\" is a folder; write \"d/**\" for what is in it")
  }

  @Test(
    "links are refused in outputs, wherever they stand",
    arguments: ["l.txt", "ld/b.txt", "*.txt", "**/*.txt"])
  func links(pattern: String) throws {
    symlink("/etc/passwd", fixture.workspace + "/l.txt")
    symlink("d", fixture.workspace + "/ld")
    let problem = #expect(throws: Problem.self) { try find(pattern) }
    #expect(problem?.message.contains("is a symbolic link") == true)
  }

  @Test("for inputs a link counts by its target's name")
  func inputLinks() throws {
    symlink("a.txt", fixture.workspace + "/l.txt")
    let first = try files.digests([#require(Glob("l.txt"))], links: .digestTarget)
    unlink(fixture.workspace + "/l.txt")
    symlink("b.txt", fixture.workspace + "/l.txt")
    let second = try files.digests([#require(Glob("l.txt"))], links: .digestTarget)
    #expect(first != second)
    symlink("d", fixture.workspace + "/ld")
    #expect(throws: Problem.self) { try find("ld/b.txt", links: .digestTarget) }
  }

  @Test("a pipe does not hold us, and is refused")
  func pipe() {
    mkfifo(fixture.workspace + "/pipe", 0o600)
    let problem = #expect(throws: Problem.self) { try find("pipe") }
    #expect(problem?.message == "\"pipe\" is not a regular file")
  }
}
