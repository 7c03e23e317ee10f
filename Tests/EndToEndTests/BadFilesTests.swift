import Foundation
import Model
import TestKit
import Testing

/// Files that are missing, empty, of the wrong sort or full of noise, for every command.
@Suite("Bad files")
struct BadFilesEndToEnd {
  /// Every place of the command line where a file is read, the bad one in it.
  private func commands(_ ward: Ward, _ file: String) -> [[String]] {
    [
      ["plan", file], ["key", "show", file],
      ["ledger", "init", "--trust", file, "--ledger", ward.file("new")],
      ["ledger", "verify", "--ledger", ward.ledger, "--checkpoint", file],
      ["trust", "propose", file, "--to", ward.file("change.json"), "--ledger", ward.ledger],
      ["trust", "sign", file, "--key", ward.key("ana")],
      ["trust", "apply", file, "--ledger", ward.ledger],
      ["trust", "sign", ward.trust, "--key", file],
      [
        "environment", "status", "--application", "a", "--environments", file, "--ledger",
        ward.ledger,
      ],
    ]
  }

  @Test("missing")
  func missing() async throws {
    let ward = try await Ward()
    try await ward.makeLedger()
    let refusal = Refusal(ward)
    let file = ward.file("missing.yaml")
    for command in commands(ward, file) {
      try await refusal.expect(.notFound, [file], command)
    }
    try await refusal.expect(
      .notFound, [file], ["run", "--ledger", ward.ledger, "--repository", file])
    try await refusal.expect(
      .notFound, ["missing.yaml", "pratique init"],
      [
        "run", "--ledger", ward.ledger, "--repository", ward.repository, "--pipeline",
        "missing.yaml",
      ])
    for command in [
      ["verify"], ["show"], ["prove", "0"], ["export", "--entries", ward.file("x")],
    ] {
      try await refusal.expect(
        .notFound, [file, "ledger init"], ["ledger"] + command + ["--ledger", file])
    }
    #expect(!FileManager.default.fileExists(atPath: ward.file("new")))
    #expect(!FileManager.default.fileExists(atPath: ward.file("change.json")))
    #expect(!FileManager.default.fileExists(atPath: ward.file("x")))
  }

  @Test("empty, a folder, noise, and too large")
  func wrong() async throws {
    let ward = try await Ward()
    try await ward.makeLedger()
    let refusal = Refusal(ward)
    try ward.write("empty", "")
    try ward.makeFolder("folder")
    var random = Seeded(seed: 7)
    let noise = (0..<4096).map { _ in UInt8.random(in: 0...255, using: &random) }
    try Data(noise).write(to: URL(fileURLWithPath: ward.file("noise")))
    let line = "# \(String(repeating: "x", count: 77))\n"
    try ward.write("large", String(repeating: line, count: 27_000))
    for name in ["empty", "folder", "noise", "large"] {
      for command in commands(ward, ward.file(name)) {
        try await refusal.expect(.badInput, [ward.file(name)], command)
      }
    }
    for name in ["empty", "noise"] {
      try await refusal.expect(
        .badInput, [ward.file(name)],
        ["run", "--ledger", ward.ledger, "--repository", ward.file(name)])
      try await refusal.expect(
        .notFound, [ward.file(name)], ["ledger", "verify", "--ledger", ward.file(name)])
    }
    try await refusal.expect(
      .notFound, ["not the root of a git repository"],
      ["run", "--ledger", ward.ledger, "--repository", ward.file("folder")])
  }

  @Test("something is already where a file shall go")
  func inTheWay() async throws {
    let ward = try await Ward()
    try await ward.makeLedger()
    let refusal = Refusal(ward)
    for command in [
      ["ledger", "init", "--trust", ward.trust, "--ledger", ward.ledger],
      ["ledger", "export", "--entries", ward.repository, "--ledger", ward.ledger],
      ["key", "new", ward.key("ana")], ["init", "--application", "a", "--to", ward.trust],
    ] { try await refusal.expect(.badInput, ["already"], command) }
    let nowhere = "\(ward.trust)/below"
    for command in [
      ["ledger", "init", "--trust", ward.trust, "--ledger", nowhere],
      ["ledger", "export", "--entries", nowhere, "--ledger", ward.ledger], ["key", "new", nowhere],
      ["init", "--application", "a", "--to", nowhere],
      ["trust", "propose", ward.trust, "--to", nowhere, "--ledger", ward.ledger],
    ] { try await refusal.expect(.inputOutput, [ward.trust], command) }
  }

  @Test("a command line that is not understood")
  func usage() async throws {
    let ward = try await Ward()
    try await ward.makeLedger()
    let refusal = Refusal(ward)
    for command in [
      ["nonsense"], ["run", "--frobnicate"], ["run", "--jobs", "0"], ["run", "--jobs", "many"],
      ["run", "--run", "x"], ["ledger", "show", "abc"], ["ledger", "show", "--limit", "0"],
      ["ledger", "init"], ["approve", "latest"], ["gate"], ["key", "new"],
      ["environment", "status", "--application", "a", "--ledger", ward.ledger],
    ] { try await refusal.expect(.badUsage, [], command) }
    let version = try await ward.pratique().run(["--version"])
    #expect(version.ending == .exited(0))
    #expect(try await ward.pratique().run(["run", "--help"]).ending == .exited(0))
  }
}
