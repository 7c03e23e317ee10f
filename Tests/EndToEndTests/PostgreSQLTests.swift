import Foundation
import Journey
import Model
import TestKit
import Testing

/// The commands on a ledger that lies in PostgreSQL.
@Suite("A ledger in PostgreSQL", .serialized, .enabled(if: PostgreSQLServer.isWanted))
struct PostgreSQLEndToEndSerial {
  @Test("init, run, verify, show, migrate there and back, and the server goes away")
  func commands() async throws {
    let server = try await PostgreSQLServer()
    let ward = try await Ward()
    let pratique = ward.pratique()
    let here = ["--ledger", ward.ledger]
    let address = server.address(schema: "ward")
    let withPassword = address.replacing("owner@", with: "owner:hunter2@")
    let made = try await pratique.run(
      ["ledger", "init", "--trust", ward.trust, "--store", withPassword] + here)
    #expect(made.ending == .exited(0), "\(made.errorOutput)")
    let written = try String(contentsOfFile: "\(ward.ledger)/store.json", encoding: .utf8)
    #expect(!(made.output + made.errorOutput + written).contains("hunter2"))
    #expect(!FileManager.default.fileExists(atPath: "\(ward.ledger)/ledger.sqlite"))
    // Nobody makes a second ledger in the same place.
    let second = try await pratique.run([
      "ledger", "init", "--trust", ward.trust, "--store", address, "--ledger", ward.file("second"),
    ])
    #expect(second.exitCode == 65, "\(second.errorOutput)")

    let run = try await pratique.run(["run", "--repository", ward.repository] + here)
    #expect(run.exitCode == 0, "\(run.errorOutput)\(run.output)")
    for words in [
      ["ledger", "verify"], ["ledger", "show"], ["trust", "show"], ["ledger", "prove", "1"],
    ] {
      try await pratique.check(words + here)
    }
    // Checkpoints of two keys: the copy must know which signs which.
    try await pratique.check(["ledger", "rotate-key", "--reason", "yearly"] + here)
    // To a file, which serves by itself afterwards.
    let copy = ward.file("copy.sqlite")
    let migrated = try await pratique.check(
      ["ledger", "migrate", "--to", "sqlite:\(copy)", "--json"] + here)
    let report = try JSONDecoder().decode(Migration.self, from: Data(migrated.utf8))
    #expect(report.root == report.sourceRoot && report.entries > 3 && !report.isSwitched)
    // Again: nothing more to do, and then the folder names it.
    let again = try await pratique.check(
      ["ledger", "migrate", "--to", "sqlite:\(copy)", "--switch", "--json"] + here)
    #expect(try JSONDecoder().decode(Migration.self, from: Data(again.utf8)).copied == 0)
    try await server.stop()
    try await pratique.check(["ledger", "verify"] + here)
    try await pratique.check(["run", "--repository", ward.repository] + here)
    try await server.start()
    // And back into another schema.
    let back = server.address(schema: "back")
    try await pratique.check(["ledger", "migrate", "--to", back, "--switch"] + here)
    try await pratique.check(["run", "--repository", ward.repository] + here)
    let verified = try await pratique.check(["ledger", "verify"] + here)
    #expect(verified.contains("nothing is wrong"))
    // The first schema holds a beginning still, and the copy is carried on from where it was.
    let resumed = try await pratique.check(["ledger", "migrate", "--to", address, "--json"] + here)
    #expect(try JSONDecoder().decode(Migration.self, from: Data(resumed.utf8)).copied > 0)

    try await refusals(ward, server, back)
    try await nothingIsLeft(ward)
  }

  private func refusals(_ ward: Ward, _ server: PostgreSQLServer, _ address: String) async throws {
    let pratique = ward.pratique()
    let here = ["--ledger", ward.ledger]
    for (target, code) in [
      (address, 65), ("sqlite:", 65), ("mysql://db.example/x", 65),
      ("postgresql://owner:hunter2@/postgres?no-such-keyword=1", 65),
    ] {
      let result = try await pratique.run(["ledger", "migrate", "--to", target] + here)
      #expect(result.exitCode == Int32(code), "\(target): \(result.errorOutput)")
      #expect(!result.errorOutput.contains("hunter2"))
    }
    // Another ledger at the address that the folder names.
    #expect(
      try await server.sql(
        "UPDATE back.log SET key = (SELECT replace(key, 'ward', 'wart') FROM back.log)") != nil)
    let other = try await pratique.run(["ledger", "show"] + here)
    #expect([65, 77].contains(other.exitCode), "\(other.errorOutput)")
    try await server.stop()
    let away = try await pratique.run(["ledger", "show"] + here)
    #expect(away.exitCode == 74, "\(away.errorOutput)")
    try ward.write("ledger/store.json", "{\"form\":1")
    let unreadable = try await pratique.run(["ledger", "show"] + here)
    #expect(unreadable.exitCode == 65, "\(unreadable.errorOutput)")
  }

  private struct Migration: Decodable {
    let entries: Int64
    let copied: Int64
    let root: String
    let sourceRoot: String
    let isSwitched: Bool
  }
}
