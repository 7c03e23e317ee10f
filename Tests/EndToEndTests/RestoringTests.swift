import Foundation
import Journey
import Ledger
import Model
import TestKit
import Testing

@Suite("Mirrors, and ledgers that are brought back")
struct RestoringEndToEndTests {
  private let ward: Ward

  init() async throws {
    ward = try await Ward()
    let trust = WardFiles.trust.replacing(
      "id: ana\n", with: "id: ana\n    may: [recover, reorganise]\n")
    try ward.write("trust.yaml", trust)
    try await ward.makeLedger()
    try await run()
  }

  private func pratique(_ arguments: [String]) async throws -> Program.Result {
    try await ward.pratique().run(arguments + ["--ledger", ward.ledger])
  }

  private func run() async throws {
    _ = try await pratique(["run", "--repository", ward.repository])
  }

  private func checkpoint(_ ledger: String) async throws -> (note: String, size: Int64) {
    let home = try LedgerHome.open(at: ledger, readOnly: true)
    defer { try? home.ledger.close() }
    let note = try #require(try await home.ledger.read { try $0.checkpoint() })
    return (note, try Checkpoint(body: SignedNote(note).text).size)
  }

  private func move(_ from: String, _ to: String) throws {
    try FileManager.default.moveItem(atPath: from, toPath: to)
  }

  /// A mirror of the first run; then a second run that the mirror does not have.
  private func mirrorThenRun() async throws -> String {
    let mirror = ward.file("mirror")
    let made = try await pratique(["ledger", "mirror", mirror])
    #expect(made.exitCode == 0, "\(made.errorOutput)")
    try await run()
    return mirror
  }

  @Test("a mirror verifies, goes on where it was, and is never appended to")
  func mirror() async throws {
    let mirror = try await mirrorThenRun()
    let before = try await checkpoint(mirror).size
    let again = try await pratique(["ledger", "mirror", mirror])
    #expect(again.exitCode == 0, "\(again.errorOutput)")
    let (mirrored, ledger) = (try await checkpoint(mirror), try await checkpoint(ward.ledger))
    #expect(mirrored.note == ledger.note && mirrored.size > before)
    let verified = try await ward.pratique().run(["ledger", "verify", "--ledger", mirror])
    #expect(verified.exitCode == 0, "\(verified.errorOutput)")
    let refused = try await ward.pratique().run([
      "run", "--repository", ward.repository, "--ledger", mirror,
    ])
    #expect(refused.exitCode != 0)
    #expect(try await checkpoint(mirror).size == ledger.size)
    let other = try await pratique(["ledger", "mirror", ward.repository])
    #expect(other.exitCode == 65)
  }

  @Test("a restored ledger stays shut until what it has shown since is back")
  func refilled() async throws {
    let mirror = try await mirrorThenRun()
    let away = ward.file("away")
    try move(ward.ledger, away)
    let kept = try await checkpoint(away)
    try ward.write("kept", kept.note)
    let restored = try await pratique([
      "ledger", "restore", mirror, "--keys", "\(away)/keys", "--checkpoint", ward.file("kept"),
    ])
    #expect(restored.exitCode == 76, "\(restored.errorOutput)")
    let shut = try await pratique(["run", "--repository", ward.repository])
    #expect(shut.exitCode == 76 && shut.errorOutput.contains("restored"))
    #expect(try await checkpoint(ward.ledger).size < kept.size)

    let refilled = try await pratique(["ledger", "restore", "--mirror", away])
    #expect(refilled.exitCode == 0, "\(refilled.errorOutput)")
    #expect(try await checkpoint(ward.ledger).note == kept.note)
    try await run()
    #expect(try await checkpoint(ward.ledger).size > kept.size)
    let verified = try await pratique(["ledger", "verify", "--checkpoint", ward.file("kept")])
    #expect(verified.exitCode == 0, "\(verified.errorOutput)")
  }

  @Test("what is lost for good opens an epoch under another name; the old name never signs again")
  func epoch() async throws {
    let mirror = try await mirrorThenRun()
    let away = ward.file("away")
    try move(ward.ledger, away)
    let kept = try await checkpoint(away)
    try ward.write("kept", kept.note)
    let opened = try await pratique([
      "ledger", "restore", mirror, "--keys", "\(away)/keys", "--checkpoint", ward.file("kept"),
      "--open-epoch", "--reason", "fire", "--key", ward.key("ana"),
    ])
    #expect(opened.exitCode == 0, "\(opened.errorOutput)")
    try await run()
    let verified = try await pratique(["ledger", "verify"])
    #expect(verified.exitCode == 0, "\(verified.errorOutput)")
    let now = try await checkpoint(ward.ledger)
    let origin = try Checkpoint(body: SignedNote(now.note).text).origin
    #expect(origin.hasSuffix("/epoch-1"))
    let epochs = try await LedgerHome.open(at: ward.ledger, readOnly: true).entries(
      kind: .recoveryEpoch, limit: 5)
    #expect(epochs.count == 1)
    // The lost checkpoint is of the old name: it is not mistaken for one of the new.
    let old = try await pratique(["ledger", "verify", "--checkpoint", ward.file("kept")])
    #expect(old.exitCode != 0)
  }

  @Test("a backup that was put back without a word is noticed before anything is appended")
  func unsaid() async throws {
    let backup = try ward.copyLedger("backup")
    try await run()
    try move(ward.ledger, ward.file("newer"))
    try move(backup, ward.ledger)
    let before = try await checkpoint(ward.ledger)
    let refused = try await pratique(["run", "--repository", ward.repository])
    #expect(refused.exitCode == 76 && refused.errorOutput.contains("backup"))
    #expect(try await checkpoint(ward.ledger).note == before.note)
    let alone = try await pratique(["ledger", "restore"])
    #expect(alone.exitCode == 65, "\(alone.errorOutput)")
    let back = try await pratique(["ledger", "restore", "--mirror", ward.file("newer")])
    #expect(back.exitCode == 0, "\(back.errorOutput)")
    try await run()
    #expect(try await pratique(["ledger", "verify"]).exitCode == 0)
  }

  @Test("a checkpoint of another history, and one that the log did not sign, keep the ledger shut")
  func fork() async throws {
    let backup = try ward.copyLedger("backup")
    var elsewhere = ward.pratique()
    elsewhere.environment["XDG_STATE_HOME"] = ward.file("state")
    _ = try await elsewhere.run(["run", "--repository", ward.repository, "--ledger", backup])
    try await run()
    let refused = try await pratique(["ledger", "restore", "--mirror", backup])
    #expect(refused.exitCode == 76 && refused.errorOutput.contains("history"))
    let other = try await Ward()
    try await other.makeLedger()
    try ward.write("foreign", try await checkpoint(other.ledger).note)
    let foreign = try await pratique(["ledger", "restore", "--checkpoint", ward.file("foreign")])
    #expect(foreign.exitCode == 77, "\(foreign.errorOutput)")
    #expect(try await pratique(["run", "--repository", ward.repository]).exitCode == 76)
  }

  @Test("organisations are renamed in the ledger before the trust root may say so")
  func renamed() async throws {
    let trust = try String(contentsOfFile: ward.trust, encoding: .utf8)
    let name = try #require(trust.firstMatch(of: /organisation: (\S+)/)?.1)
    let renamed = try await pratique([
      "ledger", "reorganise", "rename", "--from", String(name), "--to", "city", "--reason",
      "new charter", "--key", ward.key("ana"),
    ])
    #expect(renamed.exitCode == 0, "\(renamed.errorOutput)")
    let wrong = try await pratique([
      "ledger", "reorganise", "merge", "--from", "a", "--to", "b", "--reason", "r", "--key",
      ward.key("ana"),
    ])
    #expect(wrong.exitCode == 65)
    #expect(try await pratique(["ledger", "verify"]).exitCode == 0)
  }

  @Test("a new log names the last checkpoint of the one before it, in the commit that begins it")
  func successor() async throws {
    let last = try await checkpoint(ward.ledger)
    try ward.write("old.checkpoint", last.note)
    let home = try LedgerHome.open(at: ward.ledger, readOnly: true)
    try ward.write("old.vkey", "\(home.ledger.key)\n")
    try home.ledger.close()
    let other = try await Ward()
    let trust = try String(contentsOfFile: other.trust, encoding: .utf8)
    let words = [
      "ledger", "init", "--trust", other.trust, "--ledger", other.ledger, "--reason", "a new store",
      "--predecessor", ward.file("old.checkpoint"), "--predecessor-key", ward.file("old.vkey"),
      "--key", other.key("ana"),
    ]
    // She may not, the key is another's, the checkpoint was changed: nothing is made.
    let forbidden = try await other.pratique().run(words)
    #expect(forbidden.exitCode == 77, "\(forbidden.errorOutput)")
    try other.write(
      "trust.yaml",
      trust.replacing("organisation: ward\n", with: "organisation: ward\norigin: ward.second\n")
        .replacing("id: ana\n", with: "id: ana\n    may: [reorganise]\n"))
    try ward.write("old.checkpoint", last.note.replacing("\n\(last.size)\n", with: "\n1\n"))
    let changed = try await other.pratique().run(words)
    #expect(changed.exitCode == 77, "\(changed.errorOutput)")
    #expect(!FileManager.default.fileExists(atPath: other.ledger))
    try ward.write("old.checkpoint", last.note)
    try await other.pratique().check(words)
    let verified = try await other.pratique().check(["ledger", "verify", "--ledger", other.ledger])
    #expect(verified.contains("2 entries") && verified.contains("nothing is wrong"))
    let shown = try await other.pratique().check([
      "ledger", "show", "1", "--json", "--ledger", other.ledger,
    ])
    #expect(shown.contains(#""kind":"succession""#), "\(shown)")
  }
}
