import Foundation
import Model
import TestKit
import Testing

@testable import Source

@Suite("A clean export")
struct ExportTests {
  private func export(_ workshop: Workshop, _ name: String = "export") async throws -> CleanExport {
    let commit = try await workshop.repository.commit(try workshop.commit())
    return try await workshop.repository.export(commit, to: workshop.folder.file(name))
  }

  @Test("Files, modes and digest are those of the commit, whatever attributes say")
  func exports() async throws {
    let workshop = try Workshop()
    try workshop.write(
      ".gitattributes",
      "hidden export-ignore\nstamp export-subst\n*.txt text eol=crlf\n*.bin filter=evil\n")
    try workshop.write("hidden", "still here\n")
    try workshop.write("stamp", "$Format:%H$\n")
    try workshop.write("a.txt", "one\ntwo\n")
    try workshop.write("a/b/c", "nested")
    try workshop.write("a-b", "sorts before a/")
    try workshop.write("a0", "sorts after a/")
    try workshop.write("naïve ✓", "")
    try workshop.write("run.sh", "#!/bin/sh\n")
    try workshop.run("chmod", ["755", "run.sh"])
    let export = try await export(workshop)
    #expect(export.files == 9)
    let read = { try String(contentsOfFile: export.folder + "/" + $0, encoding: .utf8) }
    #expect(try read("hidden") == "still here\n")
    #expect(try read("stamp") == "$Format:%H$\n")
    #expect(try read("a.txt") == "one\ntwo\n")
    #expect(FileManager.default.isExecutableFile(atPath: export.folder + "/run.sh"))
    #expect(!FileManager.default.isExecutableFile(atPath: export.folder + "/a0"))
    // The same digest, by other programs.
    let shell = """
      cd '\(export.folder)' && find . -type f -printf '%m %P\\n' | while read -r m p; do
      h=$(sha256sum "$p" | cut -d' ' -f1); echo "100$m $h $p"; done | LC_ALL=C sort | sha256sum
      """
    #expect(try workshop.run("sh", ["-c", shell]).hasPrefix(export.digest.hex))
    let again = try await self.export(workshop, "again")
    #expect(again.digest == export.digest)
    try workshop.run("chmod", ["644", "run.sh"])
    #expect(try await self.export(workshop, "other").digest != export.digest)
  }

  @Test("Links and submodules are refused by name")
  func links() async throws {
    let workshop = try Workshop()
    try workshop.run("ln", ["-s", "/etc/passwd", "link"])
    var problem = await #expect(throws: Problem.self) { try await export(workshop) }
    #expect(problem?.message.contains("symbolic link link") == true)
    let other = try Workshop()
    let id = try other.commit()
    try other.git(["update-index", "--add", "--cacheinfo", "160000,\(id.hex),vendored"])
    try other.git(["commit", "--quiet", "-m", "submodule"])
    let commit = try await other.repository.commit(try await other.repository.resolve("HEAD"))
    problem = await #expect(throws: Problem.self) {
      try await other.repository.export(commit, to: other.folder.file("export"))
    }
    #expect(problem?.message.contains("submodule vendored") == true)
  }

  @Test(
    "Paths that could lead elsewhere are refused",
    arguments: [
      "", "/a", "a//b", "a/../b", "..", "a/.", ".git/config", "a/.GIT/x", "a\nb", "a\\b", "a\u{7f}",
      String(repeating: "a", count: 256), String(repeating: "a/", count: 512) + "a",
    ])
  func paths(path: String) {
    #expect(throws: Problem.self) { try GitTree.checkPath(path) }
  }

  @Test(
    "Plain paths are taken", arguments: ["a", "a/b.c", ".gitignore", "..a", "é/✓", ".github/x"])
  func plainPaths(path: String) throws {
    try GitTree.checkPath(path)
  }

  @Test("A folder that is not empty, and limits")
  func limits() async throws {
    let workshop = try Workshop()
    try workshop.write("a", "12345")
    try workshop.write("b", "12345")
    let commit = try await workshop.repository.commit(try workshop.commit())
    for limits in [CleanExport.Limits(files: 1), CleanExport.Limits(bytes: 9)] {
      await #expect(throws: Problem(.badInput, "")) {
        try await workshop.repository.export(
          commit, to: workshop.folder.file("new"), limits: limits)
      }
    }
    await #expect(throws: Problem(.badInput, "")) {
      try await workshop.repository.export(commit, to: workshop.path)
    }
  }

  @Test("An empty commit has an empty export; many and large files come whole")
  func sizes() async throws {
    let empty = try await export(try Workshop())
    #expect(empty.files == 0)
    #expect(empty.digest == .sha256([]))
    let workshop = try Workshop()
    let large = String(repeating: "0123456789abcdef", count: 1 << 20)
    try workshop.write("large", large)
    try workshop.write("large too", large + "x")
    for number in 0..<40 { try workshop.write("many/\(number)", "\(number)") }
    let export = try await export(workshop)
    #expect(export.files == 42)
    #expect(export.bytes == 2 * large.utf8.count + 1 + 70)
    #expect(
      try String(contentsOfFile: export.folder + "/large too", encoding: .utf8).count
        == large.count + 1)
  }

  @Test("A list of files that is not the tree's is refused")
  func lyingList() async throws {
    let workshop = try Workshop()
    try workshop.write("a", "a")
    try workshop.write("b", "b")
    let commit = try await workshop.repository.commit(try workshop.commit())
    let lying = CommandRunner { command in
      let result = try await Workshop.runner.run(command)
      guard command.arguments.contains("ls-tree"), let end = result.output.firstIndex(of: 0) else {
        return result
      }
      return CommandResult(
        status: result.status, output: Array(result.output[(end + 1)...]), errorOutput: [])
    }
    let repository = GitRepository(directory: workshop.path, runner: lying)
    await #expect(throws: Problem(.notTrusted, "")) {
      try await repository.export(commit, to: workshop.folder.file("export"))
    }
  }

  @Test("A file with other content than its id says is refused")
  func lyingContent() async throws {
    let workshop = try Workshop()
    try workshop.write("a", "honest")
    let commit = try await workshop.repository.commit(try workshop.commit())
    let lying = CommandRunner { command in
      let result = try await Workshop.runner.run(command)
      guard command.arguments.contains("cat-file") else { return result }
      return CommandResult(
        status: result.status, output: Array(result.text.replacing("honest", with: "hostie").utf8),
        errorOutput: [])
    }
    let repository = GitRepository(directory: workshop.path, runner: lying)
    await #expect(throws: Problem(.notTrusted, "")) {
      try await repository.export(commit, to: workshop.folder.file("export"))
    }
  }
}
