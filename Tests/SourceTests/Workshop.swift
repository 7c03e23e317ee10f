import Attestation
import Foundation
import Model
import Source
import TestKit

/// A repository of a test's own, made with the real git and the real ssh-keygen.
struct Workshop {
  let folder: TemporaryFolder
  var path: String { folder.file("repository") }

  init(_ initial: [String] = []) throws {
    folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try git(["init", "--quiet", "--initial-branch=main"] + initial)
  }

  var repository: GitRepository { GitRepository(directory: path, runner: Self.runner) }

  /// Runs git as its users do.
  @discardableResult
  func git(_ arguments: [String], input: String = "") throws -> String {
    let settings = [
      "-c", "user.name=Dr. Ada Ångström", "-c", "user.email=ada@hospital.example", "-c",
      "gpg.format=ssh", "-c", "protocol.file.allow=always",
    ]
    return try run("git", settings + arguments, input: input)
  }

  @discardableResult
  func run(_ program: String, _ arguments: [String], input: String = "") throws -> String {
    var environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": folder.path]
    environment["GIT_CONFIG_NOSYSTEM"] = "1"
    let result = try Self.runNow(
      Command(
        program, arguments, environment: environment, directory: path, input: Array(input.utf8)))
    guard result.status.isSuccess else {
      throw Problem(.stepFailed, String(decoding: result.errorOutput, as: UTF8.self))
    }
    return result.text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  func write(_ name: String, _ text: String) throws {
    let file = URL(fileURLWithPath: path).appending(path: name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  /// Makes a key; returns the path of its private half, and its public half.
  func key(_ name: String, type: String = "ed25519") throws -> (file: String, key: PublicKey) {
    let file = folder.file(name)
    try run("ssh-keygen", ["-q", "-t", type, "-N", "", "-f", file, "-C", name])
    return (file, try PublicKey(text: String(contentsOfFile: file + ".pub", encoding: .utf8)))
  }

  /// Commits everything, signed by a key when one is given, and returns the commit's id.
  @discardableResult
  func commit(_ message: String = "change", key: String? = nil) throws -> Digest {
    try git(["add", "--all"])
    let signing = key.map { ["-c", "user.signingkey=\($0)"] } ?? []
    let flag = key == nil ? "--no-gpg-sign" : "--gpg-sign"
    try git(signing + ["commit", "--quiet", "--allow-empty", "-m", message, flag])
    guard let id = Digest(.gitCommit, hex: try git(["rev-parse", "HEAD"])) else {
      throw Problem(.badInput, "git gave no id")
    }
    return id
  }

  static let runner = CommandRunner { try runNow($0) }

  private static func runNow(_ command: Command) throws -> CommandResult {
    let folder = try TemporaryFolder()
    let files = try ["in", "out", "error"].map { name in
      let path = folder.file(name)
      try Data(name == "in" ? command.input ?? [] : []).write(to: URL(fileURLWithPath: path))
      return path
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [command.executable] + command.arguments
    process.environment = command.environment
    if let directory = command.directory {
      process.currentDirectoryURL = URL(fileURLWithPath: directory)
    }
    process.standardInput = FileHandle(forReadingAtPath: files[0])
    process.standardOutput = FileHandle(forWritingAtPath: files[1])
    process.standardError = FileHandle(forWritingAtPath: files[2])
    try process.run()
    process.waitUntilExit()
    let output = try Data(contentsOf: URL(fileURLWithPath: files[1]))
    guard output.count <= command.outputLimit else { throw Problem(.badInput, "too much output") }
    return CommandResult(
      status: .exited(process.terminationStatus), output: Array(output),
      errorOutput: Array(try Data(contentsOf: URL(fileURLWithPath: files[2]))))
  }
}
