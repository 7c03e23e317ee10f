import Foundation
import Model
import TestKit

/// A release that the real command carried to its gate, twice, and the export of its ledger.
///
/// Made once for all tests; each test that changes something works on a copy of its own.
struct ExportedRelease: Sendable {
  private static let made = Task { try await make() }
  static var shared: ExportedRelease { get async throws { try await made.value } }

  private let folder: TemporaryFolder
  var home: String { folder.path }
  var repository: String { folder.file("portal") }
  var export: String { folder.file("export") }
  /// What an outsider got from the people themselves: their keys, the machine's and the log's.
  var trusted: String { folder.file("trusted") }
  /// A bundle of the release.
  var bundle: String { folder.file("portal.bundle") }
  /// The image as an OCI layout.
  let layout: String

  /// A copy of the export that a test may change; it is removed with the returned value.
  func copy() throws -> TemporaryFolder {
    let copy = try TemporaryFolder()
    try FileManager.default.copyItem(atPath: export, toPath: copy.file("export"))
    return copy
  }

  /// The index of the first entry of a kind.
  func index(of kind: String) throws -> Int {
    for index in 0..<1_000 {
      let leaf = try String(contentsOfFile: "\(export)/\(index).leaf", encoding: .utf8)
      if leaf.contains("\nkind \(kind)\n") { return index }
    }
    throw CocoaError(.fileNoSuchFile)
  }

  /// The lines of a leaf that begin so, without that beginning.
  func lines(_ prefix: String, of index: Int) throws -> [String] {
    try String(contentsOfFile: "\(export)/\(index).leaf", encoding: .utf8)
      .split(separator: "\n").filter { $0.hasPrefix(prefix) }
      .map { String($0.dropFirst(prefix.count)) }
  }

  private static func make() async throws -> ExportedRelease {
    let folder = try TemporaryFolder()
    let home = folder.path
    func run(_ words: String..., expecting code: Int32 = 0) async throws {
      let program = words[0] == "pratique" ? Outsider.pratique : words[0]
      let ended = try await Outsider.run(
        program, Array(words.dropFirst()), home: home,
        adding: ["PRATIQUE_LEDGER": folder.file("ledger")])
      guard ended.status == .exited(code) else {
        throw Unexpected(words: words.joined(separator: " "), ended: ended)
      }
    }
    try FixtureFiles.write(into: folder)
    for person in ["dana", "sol"] {
      try await run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder.file(person))
    }
    try await run("git", "init", "-q", folder.file("portal"))
    try await run("git", "-C", folder.file("portal"), "add", ".")
    try await run("git", "-C", folder.file("portal"), "commit", "-q", "-S", "-m", "Say hello")
    try await run("pratique", "ledger", "init", "--trust", folder.file("trust.yaml"))
    try await run("pratique", "run", "--repository", folder.file("portal"), expecting: 21)
    try await run(
      "pratique", "approve", "latest", "--environment", "production", "--role", "security-official",
      "--key", folder.file("sol"), "--reason", "looked at it")
    try await run("pratique", "run", "--repository", folder.file("portal"), "--resume")
    try await run("pratique", "ledger", "export", "--entries", folder.file("export"))
    try await run(
      "pratique", "ledger", "bundle", "--release", "latest", folder.file("portal.bundle"))
    try FixtureFiles.writeTrusted(into: folder)
    let images = folder.file("ledger/images")
    let names = try FileManager.default.contentsOfDirectory(atPath: images)
    guard names.count == 1 else { throw CocoaError(.fileNoSuchFile) }
    return ExportedRelease(folder: folder, layout: "\(images)/\(names[0])")
  }
}

/// A command of the fixture ended otherwise than it must.
struct Unexpected: Error, CustomStringConvertible {
  let words: String
  let ended: Ended
  var description: String { "\(words): \(ended)" }
}
