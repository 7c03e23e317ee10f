import Blobs
import Foundation
import Ledger
import LedgerSQLite
import Model
import TestKit
import Testing

/// A full disk and one that cannot be written; the test mounts a small one of its own.
@Suite("Bad places", .serialized, .enabled(if: geteuid() == 0, "mounting needs root"))
struct BadPlacesEndToEndSerial {
  /// A small file system below a ward's folder, unmounted at the end.
  private func withDisk(
    _ ward: Ward, _ size: String, _ body: (String, Program) async throws -> Void
  ) async throws {
    try ward.makeFolder("disk")
    let disk = ward.file("disk")
    try await ward.program("mount").check(["-t", "tmpfs", "-o", "size=\(size)", "tmpfs", disk])
    let result: Result<Void, any Error>
    do {
      result = .success(try await body(disk, ward.program("mount")))
    } catch {
      result = .failure(error)
    }
    try await ward.program("umount").check([disk])
    try result.get()
  }

  private func fill(_ disk: String) throws {
    let path = "\(disk)/filler"
    try Data().write(to: URL(fileURLWithPath: path))
    let file = try #require(FileHandle(forWritingAtPath: path))
    var block = 1 << 16
    while block > 0 {
      do {
        try file.write(contentsOf: Data(count: block))
      } catch {
        block /= 2
      }
    }
    try? file.close()
  }

  @Test("a full disk: nothing is recorded that is not there, and with room again all is well")
  func full() async throws {
    let ward = try await Ward()
    try await ward.makeLedger()
    try await withDisk(ward, "4m") { disk, _ in
      let ledger = "\(disk)/ledger"
      try FileManager.default.copyItem(atPath: ward.ledger, toPath: ledger)
      try fill(disk)
      var refusal = Refusal(ward)
      refusal.folders = [ledger]
      for command in [
        ["run", "--repository", ward.repository, "--ledger", ledger],
        ["ledger", "init", "--trust", ward.trust, "--ledger", "\(disk)/new"],
        ["ledger", "export", "--to", "\(disk)/export", "--ledger", ledger],
        ["key", "new", "\(disk)/key"], ["init", "--application", "a", "--to", "\(disk)/p.yaml"],
        ["trust", "propose", ward.trust, "--to", "\(disk)/change", "--ledger", ledger],
      ] { try await refusal.expect(.inputOutput, [disk], command) }
      let names = try FileManager.default.contentsOfDirectory(atPath: disk)
      #expect(Set(names) == ["ledger", "filler"])
      try FileManager.default.removeItem(atPath: "\(disk)/filler")
      try await ward.pratique().check(["run", "--repository", ward.repository, "--ledger", ledger])
      try await ward.pratique().check(["ledger", "verify", "--ledger", ledger])
    }
  }

  @Test("a disk that fills up while a run goes on: it stops, and --resume finishes")
  func fillsUp() async throws {
    let ward = try await Ward()
    try await ward.makeLedger()
    try await withDisk(ward, "4m") { disk, _ in
      let ledger = "\(disk)/ledger"
      try FileManager.default.copyItem(atPath: ward.ledger, toPath: ledger)
      let pipeline = """
        version: 1
        application: {name: filling, handles-phi: false}
        stages:
          s:
            steps:
              small: {run: "echo small"}
              large:
                run: "test -e \(disk)/filler || head -c 8000000 /dev/zero > \(disk)/filler; true"
                needs: small
              after: {run: "head -c 300000 /dev/zero", needs: large}
              last: {run: "true", needs: after}

        """
      try await ward.makeRepository(pipeline, named: "filling")
      let run = try await ward.pratique().run(
        ["run", "--repository", ward.file("filling"), "--ledger", ledger])
      #expect(
        [.exited(74), .exited(10)].contains(run.ending), "\(run.ending) \(run.errorOutput)")
      let words = Announcements(run.errorOutput)
      #expect(!words.passed.contains("s/after"))
      // An empty file stands in the way of filling the disk again.
      try Data().write(to: URL(fileURLWithPath: "\(disk)/filler"))
      let content = try await LedgerContent(ledger)
      let id = try #require(words.run)
      for step in words.passed { #expect(content.passes(id, step) == 1) }
      try await ward.pratique().check(["run", "--resume", "--ledger", ledger])
      try await ward.pratique().check(["ledger", "verify", "--ledger", ledger])
      let after = try await LedgerContent(ledger)
      #expect(after.doubled == [])
      for step in ["small", "large", "after", "last"] {
        #expect(after.passes(id, "s/\(step)") == 1)
      }
    }
  }

  @Test("a disk that cannot be written")
  func readOnly() async throws {
    let ward = try await Ward()
    try await ward.makeLedger()
    try await withDisk(ward, "8m") { disk, mount in
      let ledger = "\(disk)/ledger"
      try FileManager.default.copyItem(atPath: ward.ledger, toPath: ledger)
      try await mount.check(["-o", "remount,ro", disk])
      var refusal = Refusal(ward)
      refusal.folders = [ledger]
      for command in [
        ["run", "--repository", ward.repository, "--ledger", ledger],
        ["ledger", "init", "--trust", ward.trust, "--ledger", "\(disk)/new"],
        ["key", "new", "\(disk)/key"], ["init", "--application", "a", "--to", "\(disk)/p.yaml"],
        ["ledger", "export", "--to", "\(disk)/export", "--ledger", ward.ledger],
      ] { try await refusal.expect(.inputOutput, [disk], command) }
    }
  }

  @Test("a ledger on a disk that cannot be written is read whole, its write-ahead log included")
  func readFromReadOnly() async throws {
    let ward = try await Ward()
    try await ward.makeLedger()
    let closed = ward.file("closed")
    try FileManager.default.copyItem(atPath: ward.ledger, toPath: closed)
    // While somebody has it open, the newest entries are in the log.
    let held = try SQLiteLedger.open(
      at: "\(ward.ledger)/ledger.sqlite", blobs: FileBlobStore(folder: "\(ward.ledger)/blobs"))
    _ = try await ward.pratique().run([
      "run", "--repository", ward.repository, "--ledger", ward.ledger,
    ])
    let size = try await held.read { try $0.size() }
    #expect(size > 1)
    try await withDisk(ward, "16m") { disk, mount in
      try FileManager.default.copyItem(atPath: closed, toPath: "\(disk)/closed")
      for name in ["open", "torn"] {
        try FileManager.default.copyItem(atPath: ward.ledger, toPath: "\(disk)/\(name)")
      }
      try FileManager.default.removeItem(atPath: "\(disk)/torn/ledger.sqlite-shm")
      try await mount.check(["-o", "remount,ro", disk])
      for (name, entries) in [("closed", 1), ("open", size)] {
        let place = ["--ledger", "\(disk)/\(name)"]
        let shown = try await ward.pratique().check(["ledger", "show", "--limit", "9999"] + place)
        #expect(shown.split(separator: "\n").count == Int(entries), "\(name)")
        let verified = try await ward.pratique().check(["ledger", "verify"] + place)
        #expect(verified.contains("\(entries) entries"), "\(name): \(verified)")
        try await ward.pratique().check(["ledger", "prove", "\(entries - 1)"] + place)
        let period = ["--from", "2000-01-01", "--to", "2100-01-01"]
        let audit = try await ward.pratique().check(["audit", "--app", "ward"] + period + place)
        #expect(audit.contains("at \(entries) entries"), "\(name): \(audit)")
      }
      try await Refusal(ward).expect(
        .inputOutput, ["write-ahead log"], ["ledger", "show", "--ledger", "\(disk)/torn"])
    }
    try held.close()
  }
}
