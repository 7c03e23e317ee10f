import Foundation
import Model
import TestKit
import Testing

@testable import Source

@Suite("A repository through git's plumbing")
struct RepositoryTests {
  @Test("Branches, tags and ids resolve to the full commit id")
  func resolves() async throws {
    let workshop = try Workshop()
    let first = try workshop.commit("one")
    let second = try workshop.commit("two")
    try workshop.git(["tag", "--annotate", "-m", "tag", "v1", first.hex])
    let repository = workshop.repository
    #expect(try await repository.resolve("HEAD") == second)
    #expect(try await repository.resolve("main") == second)
    #expect(try await repository.resolve("main~1") == first)
    #expect(try await repository.resolve("v1") == first)
    #expect(try await repository.resolve(second.hex) == second)
    #expect(try await repository.resolve(String(first.hex.prefix(10))) == first)
    let commit = try await repository.commit(second)
    #expect(commit.parents == [first])
    #expect(commit.author.name == "Dr. Ada Ångström")
    #expect(commit.author.email == "ada@hospital.example")
    #expect(commit.armoredSignature == nil)
  }

  @Test(
    "What could be an option or a trick is not taken as a revision",
    arguments: [
      "", "--help", "-n1", "HEAD:file", "HEAD\n", "a b", "main..main", ":/x", "$(id)", "nowhere",
    ])
  func refuses(revision: String) async throws {
    let workshop = try Workshop()
    try workshop.commit()
    await #expect(throws: Problem.self) { try await workshop.repository.resolve(revision) }
  }

  @Test("A name that means two things is refused")
  func ambiguous() async throws {
    let workshop = try Workshop()
    try workshop.commit("one")
    try workshop.git(["tag", "twice"])
    try workshop.commit("two")
    try workshop.git(["branch", "twice"])
    await #expect(throws: Problem(.badInput, "")) {
      try await workshop.repository.resolve("twice")
    }
    let branch = try await workshop.repository.resolve("refs/heads/twice")
    #expect(try await workshop.repository.resolve("HEAD") == branch)
  }

  @Test("No repository, a folder inside one, and SHA-256 are refused in words")
  func otherFolders() async throws {
    let workshop = try Workshop()
    try workshop.write("inner/a", "a")
    try workshop.commit()
    let inner = GitRepository(directory: workshop.path + "/inner", runner: Workshop.runner)
    await #expect(throws: Problem(.notFound, "")) { try await inner.resolve("HEAD") }
    let outside = GitRepository(directory: workshop.folder.path, runner: Workshop.runner)
    await #expect(throws: Problem(.notFound, "")) { try await outside.resolve("HEAD") }
    let other = try Workshop(["--object-format=sha256"])
    let problem = await #expect(throws: Problem.self) { try await other.repository.resolve("HEAD") }
    #expect(problem?.message.contains("SHA-256") == true)
  }

  @Test("Replaced objects, hooks and monitors have no effect")
  func hostileConfiguration() async throws {
    let workshop = try Workshop()
    try workshop.write("a", "honest")
    let honest = try workshop.commit("honest")
    try workshop.write("a", "evil")
    let evil = try workshop.commit("evil")
    try workshop.git(["replace", honest.hex, evil.hex])
    let mark = workshop.folder.file("mark")
    try workshop.write("../monitor", "#!/bin/sh\ntouch \(mark)\n")
    try workshop.run("chmod", ["755", workshop.folder.file("monitor")])
    for setting in ["core.fsmonitor", "core.pager", "core.sshCommand", "core.alternateRefsCommand"]
    {
      try workshop.git(["config", setting, workshop.folder.file("monitor")])
    }
    let commit = try await workshop.repository.commit(honest)
    let export = try await workshop.repository.export(commit, to: workshop.folder.file("export"))
    #expect(try String(contentsOfFile: export.folder + "/a", encoding: .utf8) == "honest")
    #expect(!FileManager.default.fileExists(atPath: mark))
  }

  @Test("An object that is missing or of another kind is refused")
  func wrongObjects() async throws {
    let workshop = try Workshop()
    let commit = try workshop.commit()
    let tree = try #require(
      Digest(.gitCommit, hex: try workshop.git(["rev-parse", "HEAD^{tree}"])))
    let nothing = try #require(Digest(.gitCommit, hex: String(repeating: "0", count: 40)))
    await #expect(throws: Problem(.badInput, "")) { try await workshop.repository.commit(tree) }
    await #expect(throws: Problem(.notFound, "")) { try await workshop.repository.commit(nothing) }
    #expect(try await workshop.repository.commit(commit).tree == tree)
  }

  @Test("Bytes that git gives under a wrong id are refused")
  func lyingGit() async throws {
    let id = try #require(Digest(.gitCommit, hex: String(repeating: "1", count: 40)))
    let runner = CommandRunner { _ in
      let body = Array("tree x\n".utf8)
      return CommandResult(
        status: .exited(0), output: Array("\(id.hex) commit \(body.count)\n".utf8) + body + [10],
        errorOutput: [])
    }
    let repository = GitRepository(directory: "/nowhere", runner: runner)
    await #expect(throws: Problem(.notTrusted, "")) { try await repository.commit(id) }
    for cut in ["", "\(id.hex) commit 9\nabc", "\(id.hex) commit 9"] {
      let short = CommandRunner { _ in
        CommandResult(status: .exited(0), output: Array(cut.utf8), errorOutput: [])
      }
      await #expect(throws: Problem(.inputOutput, "")) {
        try await GitRepository(directory: "/nowhere", runner: short).commit(id)
      }
    }
  }
}
