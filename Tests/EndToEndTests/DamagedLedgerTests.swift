import Foundation
import GRDB
import Journey
import Ledger
import Model
import TestKit
import Testing

/// Ledgers that are not what they must be: every command says so, and touches nothing.
@Suite("Damaged ledgers")
struct DamagedLedgerEndToEnd {
  private func wardWithRun() async throws -> Ward {
    let ward = try await Ward()
    try await ward.makeLedger()
    try await ward.pratique().check(
      ["run", "--ledger", ward.ledger, "--repository", ward.repository])
    return ward
  }

  /// Commands that read the ledger, and some that would write to it.
  private func commands(_ ward: Ward, _ ledger: String) -> [[String]] {
    [
      ["ledger", "verify"], ["ledger", "show"], ["ledger", "prove", "0"],
      ["ledger", "export", "--to", ward.file("export")], ["trust", "show"], ["releases"],
      ["gate", "latest", "--environment", "production"], ["verify"],
      ["trust", "propose", ward.trust, "--to", ward.file("change.json")],
      ["run", "--repository", ward.repository], ["run", "--resume"],
    ].map { $0 + ["--ledger", ledger] }
  }

  private func expectDamage(
    _ ward: Ward, _ name: String, words: [String] = [], _ change: (String) throws -> Void
  ) async throws {
    let ledger = try ward.copyLedger(name)
    try change("\(ledger)/ledger.sqlite")
    var refusal = Refusal(ward)
    refusal.folders = [ledger]
    for command in commands(ward, ledger) {
      try await refusal.expect(.ledgerDamaged, [ledger] + words, command)
    }
    #expect(!FileManager.default.fileExists(atPath: ward.file("export")))
    #expect(!FileManager.default.fileExists(atPath: ward.file("change.json")))
    try FileManager.default.removeItem(atPath: ledger)
  }

  @Test("a store that was cut, at several lengths")
  func cut() async throws {
    let ward = try await wardWithRun()
    let path = "\(ward.ledger)/ledger.sqlite"
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    let size = try #require(attributes[.size] as? Int)
    for length in [0, 1, 99, 100, 4_096, size / 2, size - 4_096, size - 1] {
      try await expectDamage(ward, "cut-\(length)") { path in
        let file = try #require(FileHandle(forWritingAtPath: path))
        try file.truncate(atOffset: UInt64(length))
        try file.close()
      }
    }
  }

  @Test("another program's database, noise, and a store without its log")
  func others() async throws {
    let ward = try await wardWithRun()
    for mode in ["DELETE", "WAL"] {
      try await expectDamage(ward, "other-\(mode)", words: ["no ledger"]) { path in
        try FileManager.default.removeItem(atPath: path)
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { db in
          try db.execute(sql: "PRAGMA journal_mode = \(mode); CREATE TABLE patient (name TEXT)")
        }
        try queue.close()
      }
    }
    try await expectDamage(ward, "noise") { path in
      var random = Seeded(seed: 5)
      let noise = (0..<20_000).map { _ in UInt8.random(in: 0...255, using: &random) }
      try Data(noise).write(to: URL(fileURLWithPath: path))
    }
  }

  @Test("a byte of the store, a blob, a payload: ledger verify tells which")
  func changed() async throws {
    let ward = try await wardWithRun()
    var refusal = Refusal(ward)
    for (name, sql) in [
      ("leaf", "UPDATE entry SET leaf = CAST(leaf || ' ' AS BLOB) WHERE \"index\" = 3"),
      ("payload", "UPDATE payload SET envelope = CAST(envelope || ' ' AS BLOB) WHERE entry = 3"),
      ("node", "UPDATE node SET hash = zeroblob(32) WHERE level = 1 AND place = 1"),
      ("gap", "DELETE FROM entry WHERE \"index\" = 3"),
      ("end", "DELETE FROM entry WHERE \"index\" = (SELECT MAX(\"index\") FROM entry)"),
      ("index", "DELETE FROM subject_index WHERE entry = 3"),
      ("checkpoint", "UPDATE checkpoint SET note = replace(note, 'ward', 'word')"),
    ] {
      let ledger = try ward.copyLedger("changed-\(name)")
      let queue = try DatabaseQueue(path: "\(ledger)/ledger.sqlite")
      try await queue.writeWithoutTransaction { db in
        try db.execute(sql: "PRAGMA foreign_keys = OFF; \(sql)")
        #expect(db.totalChangesCount > 0)
      }
      try queue.close()
      refusal.folders = [ledger]
      try await refusal.expect(
        .ledgerDamaged, [ledger, "not sound"], ["ledger", "verify", "--ledger", ledger])
    }
  }

  @Test("a blob that was changed or is gone")
  func blob() async throws {
    let ward = try await wardWithRun()
    var refusal = Refusal(ward)
    // The only payload in the blob store is that of the step with 120 outputs.
    let home = try LedgerHome.open(at: ward.ledger, readOnly: true)
    var found: String?
    for digest in try await home.blobs.digests() {
      let content = try await home.blobs.get(digest)
      if content?.starts(with: "{\"payload\"".utf8) == true {
        found = "\(digest.hex.prefix(2))/\(digest.hex.dropFirst(2)).gz"
      }
    }
    try home.ledger.close()
    let blob = try #require(found, "no payload is in the blob store")
    let changed = try ward.copyLedger("changed")
    try Data("other".utf8).write(to: URL(fileURLWithPath: "\(changed)/blobs/\(blob)"))
    let gone = try ward.copyLedger("gone")
    try FileManager.default.removeItem(atPath: "\(gone)/blobs/\(blob)")
    refusal.folders = [changed, gone]
    try await refusal.expect(
      .ledgerDamaged, ["\(changed)/blobs/\(blob)", "not what its name says"],
      ["ledger", "verify", "--ledger", changed])
    try await refusal.expect(
      .ledgerDamaged, [gone, "not in the blob store"], ["ledger", "verify", "--ledger", gone])
  }

  @Test("another origin, another log key, keys that are gone or of another ledger")
  func identity() async throws {
    let ward = try await wardWithRun()
    var refusal = Refusal(ward)
    for command in commands(ward, ward.ledger) {
      try await refusal.expect(
        .notTrusted, ["\"ward.ledger\"", "\"clinic.ledger\""],
        command + ["--origin", "clinic.ledger"])
    }
    try await refusal.expect(
      .badInput, ["\"nonsense\"", "name+hash+key"],
      ["ledger", "verify", "--log-key", "nonsense", "--ledger", ward.ledger])
    let other = ward.file("other")
    try await ward.pratique().check(["ledger", "init", "--trust", ward.trust, "--ledger", other])
    let run = ["run", "--repository", ward.repository, "--ledger"]
    for (name, file) in [("log", "keys/log.pem"), ("machine", "keys/runner.pem")] {
      let ledger = try ward.copyLedger("with-other-\(name)")
      try FileManager.default.removeItem(atPath: "\(ledger)/\(file)")
      refusal.folders = [ledger]
      try await refusal.expect(.notFound, ["\(ledger)/\(file)"], run + [ledger])
      try FileManager.default.copyItem(atPath: "\(other)/\(file)", toPath: "\(ledger)/\(file)")
      try await refusal.expect(.notTrusted, [ledger], run + [ledger])
    }
    let keyless = try ward.copyLedger("keyless")
    try FileManager.default.removeItem(atPath: "\(keyless)/keys")
    refusal.folders = [keyless]
    try await refusal.expect(.notFound, ["\(keyless)/keys/"], run + [keyless])
    // Reading needs no key.
    try await ward.pratique().check(["ledger", "verify", "--ledger", keyless])
  }
}
