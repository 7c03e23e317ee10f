import Foundation
import Model
import Processes
import Testing

@testable import Pipeline

@Suite("Wrapped commands")
struct WrappedCommandTests {
  private func run(
    _ script: String, in folder: URL, environment: [String: String] = [:],
    change: (inout WrappedCommand) -> Void = { _ in }
  ) async throws -> (outcome: WrappedCommand.Outcome, output: Data, errors: Data) {
    var command = WrappedCommand(
      words: ["/bin/sh", "-c", "cd '\(folder.path)' && { \(script)\n}"],
      environment: ["PATH": "/usr/bin:/bin"].merging(environment) { $1 }, directory: folder.path)
    change(&command)
    let (out, err) = (folder.appending(path: ".out"), folder.appending(path: ".err"))
    let descriptors = [out, err].map { open($0.path, O_WRONLY | O_CREAT | O_TRUNC, 0o600) }
    defer { descriptors.forEach { close($0) } }
    let outcome = try await command.run(
      log: folder.appending(path: ".log").path, SignalForwarding(), time: .system,
      streams: (descriptors[0], descriptors[1]))
    return (outcome, try Data(contentsOf: out), try Data(contentsOf: err))
  }

  private func folder() throws -> URL {
    let url = FileManager.default.temporaryDirectory.appending(path: "wrapped-\(UUID())")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return url
  }

  @Test("streams come out byte for byte, and the way it ended is known")
  func passedOn() async throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let (outcome, output, errors) = try await run(
      "head -c 300000 /dev/zero; printf '\\377\\000x'; echo bad >&2; exit 7", in: folder)
    #expect(outcome.status == .exited(7))
    #expect(output.count == 300_003 && output.suffix(3) == Data([255, 0, 120]))
    #expect(errors == Data("bad\n".utf8))
    #expect(outcome.log?.bytes == 300_007)
    let killed = try await run("kill -TERM $$", in: folder)
    #expect(killed.outcome.status == .signalled(SIGTERM))
    // What is left behind holds the pipe, and nobody waits for it.
    let left = try await run("sleep 300 & echo $! >pid; echo done", in: folder)
    #expect(left.outcome.status == .exited(0) && left.output == Data("done\n".utf8))
    let pid = try String(contentsOf: folder.appending(path: "pid"), encoding: .utf8)
    if let number = pid_t(pid.trimmingCharacters(in: .newlines)) { kill(number, SIGKILL) }
    await #expect(throws: Problem.self) {
      _ = try await run("", in: folder) { $0.words = ["no-such-program-here"] }
    }
  }

  @Test("secrets are masked in words and log; variables of this program are hidden")
  func secrets() async throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let (outcome, output, _) = try await run(
      "env | sort; echo $DEPLOY_TOKEN $ODD", in: folder,
      environment: [
        "DEPLOY_TOKEN": "s3cr3t-value", "ODD": "hidden-too", "PRATIQUE_KEY": "/etc/key.pem",
        "PRATIQUE_SPOOL": "x",
      ]
    ) {
      $0.secrets = ["ODD"]
      $0.words += [
        "x", "--password=hunter22", "--api-token", "abcdef", "https://me:pw@host.example/p",
        "s3cr3t-value", "--key-file=a.pem",
      ]
    }
    let text = String(decoding: output, as: UTF8.self)
    #expect(text.contains("s3cr3t-value") && !text.contains("PRATIQUE_"))
    #expect(!outcome.variables.contains { $0.hasPrefix("PRATIQUE_") })
    #expect(outcome.variables.contains("DEPLOY_TOKEN"))
    let log = try String(contentsOf: folder.appending(path: ".log"), encoding: .utf8)
    #expect(!log.contains("s3cr3t") && !log.contains("hidden-too") && log.contains("***"))
    #expect(
      outcome.words.suffix(6) == [
        "--password=***", "--api-token", "***", "https://***@host.example/p", "***",
        "--key-file=a.pem",
      ])
  }

  @Test("declared files are digested, and a report that lay there before proves nothing")
  func files() async throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    for name in ["in.txt", "old.xml"] {
      try Data("old".utf8).write(to: folder.appending(path: name))
    }
    let globs = ["in.txt", "out.txt", "old.xml"].compactMap { Glob($0) }
    let fine = try await run("cat in.txt >out.txt; echo new >old.xml", in: folder) {
      $0.inputs = [globs[0]]
      $0.outputs = [globs[1]]
      $0.reports = [globs[2]]
    }.outcome
    #expect(fine.missing == nil && fine.reports == [["old.xml"]])
    #expect(fine.inputs.map(\.digest) == [.sha256("old".utf8)])
    #expect(fine.outputs.map(\.digest) == [.sha256("old".utf8)])
    let stale = try await run("true", in: folder) { $0.reports = [globs[2]] }.outcome
    #expect(stale.missing != nil)
    let lost = try await run("rm out.txt", in: folder) { $0.outputs = [globs[1]] }.outcome
    #expect(lost.missing != nil && lost.status == .exited(0))
    await #expect(throws: Problem.self) {
      _ = try await run("touch ran", in: folder) { $0.inputs = [Glob("absent")].compactMap(\.self) }
    }
    #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "ran").path))
  }
}
