import Foundation
import Model
import Synchronization
import TestKit
import Testing

@testable import Scanners

/// Runs of tools that are stand-ins: values that say what a program would.
@Suite("How a tool may end")
struct EndingTests {
  private func run(
    _ tool: ScannerTool, _ request: ToolRequest, _ status: CommandStatus, _ output: String = "",
    files: [String: String] = [:]
  ) async throws -> ToolReport {
    let commands = CommandRunner { _ in
      for (path, text) in files {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
      }
      return CommandResult(
        status: status, output: Array(output.utf8), errorOutput: Array("the last words".utf8))
    }
    return try await ToolRun(tool, environment: [:], commands: commands)
      .run(FoundTool(program: "/stand-in", version: "1.0"), request)
  }

  @Test("an unknown way to end is a crash, and an empty report is none")
  func endings() async throws {
    let folder = try TemporaryFolder()
    let request = ToolRequest(
      source: folder.path, folder: folder.path, texts: ["file": "Containerfile"])
    let tool = ScannerTool.hadolint
    #expect(try await run(tool, request, .exited(0), "[]").ending == .clean)
    #expect(try await run(tool, request, .exited(1), "[{}]").ending == .findings)
    for status in [CommandStatus.exited(2), .exited(127), .signalled(9), .timedOut] {
      let problem = await #expect(throws: Problem.self) {
        try await run(tool, request, status, "[]")
      }
      #expect(problem?.code == .stepFailed && problem?.message.contains("crashed") == true)
      #expect(problem?.message.contains("the last words") == true)
    }
    let empty = await #expect(throws: Problem.self) { try await run(tool, request, .exited(0)) }
    #expect(empty?.message.contains("left no report") == true)
  }

  @Test("a report that should be a file and is not there, or is a link, is none")
  func files() async throws {
    let folder = try TemporaryFolder()
    let request = ToolRequest(
      source: folder.path, folder: folder.path,
      texts: ["rules": "rules.yaml"])
    let tool = ScannerTool.semgrep
    await #expect(throws: Problem.self) { try await run(tool, request, .exited(0), "{}") }
    let report = folder.file("semgrep.json")
    #expect(try await run(tool, request, .exited(0), files: [report: "{}"]).bytes.count == 2)
    try FileManager.default.removeItem(atPath: report)
    try "{}".write(toFile: folder.file("other"), atomically: true, encoding: .utf8)
    try FileManager.default.createSymbolicLink(
      atPath: report, withDestinationPath: folder.file("other"))
    await #expect(throws: Problem.self) { try await run(tool, request, .exited(0)) }
  }

  @Test("wapiti ends with 0 when nothing answers: it must say that it found an address")
  func proof() async throws {
    let folder = try TemporaryFolder()
    let request = ToolRequest(
      source: folder.path, folder: folder.path, texts: ["target": "http://127.0.0.1:1/"])
    let files = [folder.file("wapiti.json"): "{}"]
    let found = { (count: Int) in "[*] Wapiti found \(count) URLs and forms during the scan" }
    for said in [found(0), "nothing", "Wapiti found many"] {
      await #expect(throws: Problem.self, "\(said)") {
        try await run(.wapiti, request, .exited(0), said, files: files)
      }
    }
    #expect(try await run(.wapiti, request, .exited(0), found(3), files: files).ending == .ran)
  }

  @Test("a tool that says no version is not run")
  func version() async throws {
    let silent = CommandRunner { _ in CommandResult(status: .exited(0), output: [], errorOutput: [])
    }
    let run = ToolRun(.semgrep, environment: [:], commands: silent)
    let problem = await #expect(throws: Problem.self) {
      try await run.version(of: "/stand-in", in: "/")
    }
    #expect(problem?.code == .toolMissing && problem?.advice?.contains("pipx") == true)
  }

  @Test("Sonar's token stands on no command line, and a gate that cannot be fetched is no report")
  func sonar() async throws {
    let folder = try TemporaryFolder()
    let request = ToolRequest(
      source: folder.path, folder: folder.path,
      texts: ["server": "https://sonar.example", "project": "portal"])
    let seen = Seen()
    let standIn = { (isFetched: Bool) in
      CommandRunner { command in
        seen.add(command)
        let isFetch = command.executable == "sh"
        return CommandResult(
          status: .exited(isFetch && !isFetched ? 22 : 0),
          output: Array((isFetch ? #"{"projectStatus":{}}"# : "").utf8), errorOutput: [])
      }
    }
    let environment = ["SONAR_TOKEN": "a-token-of-somebody"]
    let found = FoundTool(program: "/stand-in", version: "6.0")
    let report = try await ToolRun(.sonar, environment: environment, commands: standIn(true))
      .run(found, request)
    #expect(String(decoding: report.bytes, as: UTF8.self).contains("projectStatus"))
    #expect(seen.commands.count == 2)
    for command in seen.commands {
      #expect(!command.arguments.contains { $0.contains("a-token-of-somebody") })
    }
    await #expect(throws: Problem.self) {
      try await ToolRun(.sonar, environment: environment, commands: standIn(false))
        .run(found, request)
    }
  }
}

private final class Seen: Sendable {
  private let kept = Mutex<[Command]>([])
  var commands: [Command] { kept.withLock { $0 } }
  func add(_ command: Command) { kept.withLock { $0.append(command) } }
}
