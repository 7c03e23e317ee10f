import Foundation
import Journey
import Ledger
import Model
import TestKit
import Testing

/// Long work that is killed in the middle, and done again.
@Suite("Exports, mirrors, migrations and verifications that are killed", .serialized)
struct CopyKillEndToEndSerial {
  private static let entries = 1_500

  private func ward(_ count: Int = Self.entries) async throws -> Ward {
    let ward = try await Ward()
    try await ward.makeLedger()
    try await ward.fill(count, withBlobs: 20)
    return ward
  }

  /// Kills a command at several moments, each time where the one before left off, then lets it end.
  ///
  /// - Parameters:
  ///   - usual: how long it takes undisturbed.
  ///   - begun: what it makes, in the ward's folder. It is removed when it was whole before the first
  ///     kill: the machine's pace changes, and the next kill comes earlier.
  /// - Returns: how often it was really killed, and what it said at its end.
  private func killed(
    _ ward: Ward, _ words: [String], usual: Duration, begun: String? = nil
  ) async throws -> (kills: Int, output: String) {
    var kills = 0
    var moment = usual * 0.3
    for _ in 0..<24 where kills < 4 {
      let running = try ward.pratique().start(words)
      try await Task.sleep(for: moment)
      running.kill(SIGKILL)
      if try await running.ending() == .signalled(SIGKILL) {
        kills += 1
        moment = moment * 1.3
      } else {
        moment = moment * 0.5
        if kills == 0, let begun {
          try FileManager.default.removeItem(atPath: ward.file(begun))
        }
      }
    }
    let ended = try await ward.pratique().run(words)
    #expect(ended.exitCode == 0, "\(words): \(ended.errorOutput)")
    return (kills, ended.output)
  }

  private func time(_ ward: Ward, _ words: [String]) async throws -> Duration {
    let begun = ContinuousClock.now
    try await ward.pratique().check(words)
    return ContinuousClock.now - begun
  }

  /// Every row and checkpoint of a ledger, in order.
  private func content(_ folder: String) async throws -> [[UInt8]] {
    let home = try LedgerHome.open(at: folder, readOnly: true)
    defer { try? home.ledger.close() }
    return try await home.ledger.read { reader in
      let size = try reader.size()
      return try reader.rows(0..<size + 1).map(\.leaf)
        + reader.checkpoints(sizes: 0...size + 1).map { Array($0.note.utf8) }
    }
  }

  @Test("an export is, in the end, file by file what one is that nobody disturbed")
  func export() async throws {
    let ward = try await ward(600)
    let words = ["ledger", "export", "--ledger", ward.ledger, "--entries"]
    let usual = try await time(ward, words + [ward.file("whole")])
    let (kills, _) = try await killed(
      ward, words + [ward.file("killed")], usual: usual, begun: "killed")
    #expect(kills > 0)
    let (whole, again) = (
      FolderContent.of(ward.file("whole")), FolderContent.of(ward.file("killed"))
    )
    #expect(FolderContent.differences(whole, again) == [])
    #expect(whole.count > 4 * 600)
  }

  @Test("a mirror has every entry and every log once, and verifies")
  func mirror() async throws {
    let ward = try await ward()
    let words = ["ledger", "mirror", "--ledger", ward.ledger]
    let usual = try await time(ward, words + [ward.file("whole")])
    // Killed at its very beginning: the folder is there, and nothing says yet what it is to be.
    try ward.makeFolder("killed")
    try ward.write("killed/mirror.json.\(UUID().uuidString).part", "{")
    let (kills, _) = try await killed(
      ward, words + [ward.file("killed")], usual: usual, begun: "killed")
    #expect(kills > 0)
    #expect(try await content(ward.file("killed")) == content(ward.ledger))
    try ward.makeFolder("other")
    try ward.write("other/letter.txt", "not a mirror")
    let other = try await ward.pratique().run(words + [ward.file("other")])
    #expect(other.exitCode == 65 && other.errorOutput.contains("the folder is no mirror"))
    let whole = FolderContent.of(ward.file("whole"))
    let again = FolderContent.of(ward.file("killed"))
    // SQLite's pages are laid out otherwise; the rows were compared.
    #expect(
      FolderContent.differences(whole, again).filter { !$0.hasPrefix("ledger.sqlite") } == [])
    let verified = try await ward.pratique().run([
      "ledger", "verify", "--ledger", ward.file("killed"),
    ])
    #expect(verified.output.contains("nothing is wrong"), "\(verified)")
  }

  @Test("a migration, there and to the switch, loses nothing and doubles nothing")
  func migrate() async throws {
    let ward = try await ward()
    let before = try await content(ward.ledger)
    let words = ["ledger", "migrate", "--ledger", ward.ledger]
    let usual = try await time(ward, words + ["--to", "sqlite:\(ward.file("whole.sqlite"))"])
    let (kills, output) = try await killed(
      ward, words + ["--to", "sqlite:\(ward.file("killed.sqlite"))"], usual: usual,
      begun: "killed.sqlite")
    #expect(kills > 0)
    #expect(output.contains("the roots agree"), "\(output)")
    // Killed while the file was made, or after it: there is none, or a whole one, and no remains.
    for moment in stride(from: 20, to: 200, by: 30) {
      let target = ward.file("begun.sqlite")
      let running = try ward.pratique().start(words + ["--to", "sqlite:\(target)"])
      try await Task.sleep(for: .milliseconds(moment))
      running.kill(SIGKILL)
      _ = try await running.ending()
    }
    try await ward.pratique().check(words + ["--to", "sqlite:\(ward.file("begun.sqlite"))"])
    let remains = try FileManager.default.contentsOfDirectory(atPath: ward.path)
      .filter { $0.contains(".making-") }
    #expect(remains == [])
    try await ward.pratique().check(
      words + ["--to", "sqlite:\(ward.file("killed.sqlite"))", "--switch"])
    #expect(try await content(ward.ledger) == before)
    let verified = try await ward.pratique().run(["ledger", "verify", "--ledger", ward.ledger])
    #expect(verified.output.contains("nothing is wrong"), "\(verified)")
  }

  @Test("a verification that goes on, killed, goes on again from where its state stands")
  func verify() async throws {
    let ward = try await ward()
    let words = ["ledger", "verify", "--ledger", ward.ledger, "--state", ward.file("state")]
    let usual = try await time(ward, words)
    let whole = try await ward.pratique().check(words)
    // The state is written when it is interrupted in an orderly way, and every ten seconds.
    var moment = usual * 0.6
    for _ in 0..<40 where !FileManager.default.fileExists(atPath: ward.file("state")) {
      let running = try ward.pratique().start(words)
      try await Task.sleep(for: moment)
      running.kill(SIGINT)
      // The machine's pace changes: what comes too late comes earlier the next time.
      moment = moment * (try await running.ending() == .exited(0) ? 0.85 : 1.15)
    }
    let state = try String(contentsOfFile: ward.file("state"), encoding: .utf8)
    for part in [0.2, 0.3, 0.4] {
      let running = try ward.pratique().start(words + ["--resume"])
      try await Task.sleep(for: usual * part)
      running.kill(SIGKILL)
      guard try await running.ending() == .signalled(SIGKILL) else { break }
      #expect(try String(contentsOfFile: ward.file("state"), encoding: .utf8) == state)
    }
    guard FileManager.default.fileExists(atPath: ward.file("state")) else { return }
    let resumed = try await ward.pratique().check(words + ["--resume"])
    #expect(resumed.contains("nothing is wrong with the rest"), "\(resumed)")
    #expect(resumed.split(separator: "\n").first == whole.split(separator: "\n").first)
  }

  @Test(
    "into a PostgreSQL database and out of it, killed on the way, with what a hold keeps",
    .enabled(if: PostgreSQLServer.isWanted))
  func server() async throws {
    let server = try await PostgreSQLServer()
    let privacy = try await PrivacyWard()
    let ward = privacy.ward
    try await privacy.run()
    try await ward.fill(Self.entries)
    let mirror = ["ledger", "mirror", "--ledger", ward.ledger]
    let usual = try await time(
      ward, mirror + [ward.file("whole"), "--store", server.address(schema: "whole")])
    let words = mirror + [ward.file("killed"), "--store", server.address(schema: "killed")]
    let (kills, _) = try await killed(ward, words, usual: usual)
    #expect(kills > 0)
    #expect(try await content(ward.file("killed")) == content(ward.ledger))
    // Erased afterwards: one goes from the mirror's tables, one stays under a hold.
    let index = try await privacy.indices(.testResult)[0]
    #expect(
      try await privacy.ledger(["erase", "\(index)", "--reason", "r"], as: "ana").exitCode == 0)
    // The store is known by now, and need not be named again.
    let followed = try await ward.pratique().run(mirror + [ward.file("killed")])
    #expect(followed.output.contains("1 erased payloads removed, 0 kept"), "\(followed)")
    let elsewhere = try await ward.pratique().run(
      mirror + [ward.file("killed"), "--store", server.address(schema: "third")])
    #expect(elsewhere.exitCode == 65, "\(elsewhere.errorOutput)")
    let verified = try await ward.pratique().run([
      "ledger", "verify", "--ledger", ward.file("killed"),
    ])
    #expect(verified.output.contains("nothing is wrong"), "\(verified)")
    // The ledger itself goes into the database; its mirror is a file again.
    try await ward.pratique().check([
      "ledger", "migrate", "--ledger", ward.ledger, "--to", server.address(schema: "own"),
      "--switch",
    ])
    let from = mirror + [ward.file("file")]
    let (again, _) = try await killed(ward, from, usual: usual)
    #expect(again > 0)
    #expect(try await content(ward.file("file")) == content(ward.ledger))
    try FileManager.default.moveItem(atPath: ward.ledger, toPath: ward.file("away"))
    let restored = try await ward.pratique().run([
      "ledger", "restore", ward.file("killed"), "--ledger", ward.ledger, "--keys",
      "\(ward.file("away"))/keys", "--mirror", ward.file("file"),
    ])
    #expect(restored.exitCode == 0, "\(restored.errorOutput)")
  }
}
