import Foundation
import TestKit
import Testing

/// An outsider follows the log's key with other people's programs, and is not led astray.
@Suite(.enabled(if: Outsider.missing.isEmpty, "not installed: \(Outsider.missing)"), .serialized)
struct LogKeyEndToEndTests {
  /// A ledger whose key was rotated twice and then replaced after a theft; its export.
  private func export() async throws -> (TemporaryFolder, founding: String) {
    let folder = try TemporaryFolder()
    func run(_ words: String...) async throws {
      let ended = try await Outsider.run(
        Outsider.pratique, words, home: folder.path,
        adding: ["PRATIQUE_LEDGER": folder.file("ledger")])
      guard ended.isSuccess else {
        throw Unexpected(words: words.joined(separator: " "), ended: ended)
      }
    }
    try FixtureFiles.write(into: folder)
    for key in ["one", "two", "dana", "sol"] { try await run("key", "new", folder.file(key)) }
    let url = URL(fileURLWithPath: folder.file("trust.yaml"))
    let trust =
      try String(contentsOf: url, encoding: .utf8)
      + "recovery: {threshold: 2, keys: [one.pub, two.pub]}\n"
    try Data(trust.utf8).write(to: url)
    try await run("ledger", "init", "--trust", url.path)
    try await run("ledger", "export", "--to", folder.file("first"))
    try await run("ledger", "rotate-key", "--reason", "first")
    try await run("ledger", "rotate-key", "--reason", "second")
    let change = folder.file("change.json")
    try await run(
      "ledger", "recover-key", "prepare", "--cause", "stolen", "--reason", "theft", "--change",
      change)
    for key in ["one", "two"] {
      try await run("ledger", "recover-key", "sign", change, "--key", folder.file(key))
    }
    try await run("ledger", "recover-key", "apply", change)
    try await run("ledger", "export", "--to", folder.file("export"))
    return (folder, folder.file("first/log.vkey"))
  }

  private func follow(_ folder: TemporaryFolder, from key: String) async throws -> Ended {
    try await Outsider.verify("log-keys.py", [folder.file("export"), key], home: folder.path)
  }

  @Test func anOutsiderFollowsTheChainOfKeys() async throws {
    let (folder, founding) = try await export()
    let ended = try await follow(folder, from: founding)
    #expect(ended.isSuccess, "\(ended)")
    #expect(ended.complaint.contains("entry 3: stolen, theft"), "\(ended)")
    let current = folder.file("in-force.vkey")
    try Data(ended.output.utf8).write(to: URL(fileURLWithPath: current))
    let checkpoint = folder.file("export/checkpoint")
    let signed = try await Outsider.verify(
      "checkpoint.sh", [checkpoint, current], home: folder.path)
    #expect(signed.isSuccess, "\(signed)")
    // The founding key alone does not sign any more; where it handed over it signed with the next.
    let old = try await Outsider.verify("checkpoint.sh", [checkpoint, founding], home: folder.path)
    #expect(!old.isSuccess)
    let handover = try await Outsider.verify(
      "checkpoint.sh", [folder.file("export/2.checkpoint"), founding], home: folder.path)
    #expect(handover.isSuccess, "\(handover)")
    // Whoever got to know a later key follows from there.
    let later = try await follow(folder, from: current)
    #expect(later.output == ended.output)

    try await changesAreFound(folder, founding)
  }

  private func changesAreFound(_ folder: TemporaryFolder, _ founding: String) async throws {
    func refused(_ file: String, _ old: String, _ new: String, _ words: String) async throws {
      let url = URL(fileURLWithPath: folder.file("export/\(file)"))
      let text = try String(contentsOf: url, encoding: .utf8)
      let changed = text.replacingOccurrences(of: old, with: new)
      try #require(text != changed)
      try Data(changed.utf8).write(to: url)
      let ended = try await follow(folder, from: founding)
      #expect(ended.complaint.contains("WRONG: \(words)"), "\(file): \(ended)")
      try Data(text.utf8).write(to: url)
    }
    let note = try String(contentsOfFile: folder.file("export/2.checkpoint"), encoding: .utf8)
    let lines = note.split(separator: "\n").filter { $0.hasPrefix("—") }
    try #require(lines.count == 2)
    try await refused("2.checkpoint", "\(lines[0])\n", "", "entry 1: the old key did not sign its")
    try await refused("2.checkpoint", "\(lines[1])\n", "", "entry 1: the new key did not sign its")
    try await refused("1.dsse.json", "\"sig\":\"", "\"sig\":\"AAAA", "entry 1: the envelope is not")
    try await refused("1.leaf", "role ", "role x", "entry 1: it")
  }
}
