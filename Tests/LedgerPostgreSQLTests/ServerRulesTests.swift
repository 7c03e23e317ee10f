import Attestation
import Foundation
import Ledger
import LedgerPostgreSQL
import Model
import TestKit
import Testing

extension PostgreSQLSerial {
  @Suite("What is asked of a server")
  struct Rules {
    @Test("a server that does not flush is refused, and taken again when it does")
    func flushing() async throws {
      let server = try await PostgreSQLServer()
      let sample = try await SampleServer(server: server)
      for setting in ["fsync", "full_page_writes"] {
        #expect(try await server.sql("ALTER SYSTEM SET \(setting) = off") != nil)
        #expect(try await server.sql("SELECT pg_reload_conf()") != nil)
        try await waitUntil { try await server.sql("SHOW \(setting)") == "off" }
        let problem = await #expect(throws: Problem.self) {
          try await sample.append([sample.draft(.step, ["n": "1"])])
        }
        #expect(problem?.code == .inputOutput)
        #expect(problem?.message.contains(setting) == true)
        #expect(try await server.sql("ALTER SYSTEM RESET \(setting)") != nil)
        #expect(try await server.sql("SELECT pg_reload_conf()") != nil)
        try await waitUntil { try await server.sql("SHOW \(setting)") == "on" }
      }
      // What the database or the role says of single sessions is overruled by ours.
      #expect(
        try await server.sql("ALTER DATABASE postgres SET synchronous_commit = off") != nil)
      #expect(
        try await sample.open().append(
          [sample.draft(.step, ["n": "1"])], logSigner: sample.logKey.signer) == [1])
      #expect(try await sample.append([sample.draft(.step, ["n": "2"])]) == [2])
      #expect(try await sample.ledger.verify().isSound)
    }

    @Test("what a role's own settings say of transactions is overruled")
    func settings() async throws {
      let sample = try await SampleServer()
      _ = try await sample.server.sql(
        "CREATE ROLE frozen LOGIN SUPERUSER; ALTER ROLE frozen SET default_transaction_read_only = on"
      )
      let frozen = try sample.open(user: "frozen")
      #expect(
        try await frozen.append([sample.draft(.step, ["n": "1"])], logSigner: sample.logKey.signer)
          == [1])
    }

    @Test("the roles of docs/postgresql.md can do what they must, and nothing else")
    func privileges() async throws {
      let sample = try await SampleServer()
      let roles = try Self.documentedRoles().replacing("pratique.", with: "\"\(sample.schema)\".")
        .replacing("SCHEMA pratique", with: "SCHEMA \"\(sample.schema)\"")
      #expect(try await sample.server.sql(roles) != nil, "\(roles)")
      let writer = try sample.open(user: "pratique_writer")
      #expect(
        try await writer.append([sample.draft(.step, ["n": "1"])], logSigner: sample.logKey.signer)
          == [1])
      let reader = try sample.open(user: "pratique_reader", readOnly: true)
      #expect(try await reader.verify().isSound)
      let trespasser = try sample.open(user: "pratique_reader")
      let refused = await #expect(throws: Problem.self) {
        try await trespasser.append(
          [sample.draft(.step, ["n": "2"])], logSigner: sample.logKey.signer)
      }
      #expect(refused?.code == .notTrusted)
      for statement in [
        "UPDATE entry SET leaf = leaf", "DELETE FROM entry", "UPDATE node SET hash = hash",
        "DELETE FROM checkpoint", "UPDATE checkpoint SET note = note", "DROP TABLE node",
        "UPDATE log SET key = key", "UPDATE log SET origin = origin", "DELETE FROM log",
        "UPDATE payload SET salt = salt", "DELETE FROM payload", "TRUNCATE entry",
        "INSERT INTO migration VALUES (7, 'x')", "CREATE TABLE more (a int)",
      ] {
        for role in ["pratique_writer", "pratique_reader"] {
          let result = try await sample.sql("SET ROLE \(role); \(statement)")
          #expect(result == nil, "\(role) may: \(statement)")
        }
      }
      // The lock on the row needs one column's privilege, and the column has one value.
      #expect(try await sample.sql("SET ROLE pratique_writer; UPDATE log SET one = 2") == nil)
      #expect(try await sample.ledger.verify().entries == 2)
    }

    /// The statements that the documentation tells an administrator to run.
    private static func documentedRoles() throws -> String {
      let text = try String(
        contentsOf: Repository.root.appending(path: "docs/postgresql.md"), encoding: .utf8)
      let parts = text.components(separatedBy: "```sql\n")
      return try #require(parts.first { $0.contains("pratique_reader LOGIN") })
        .components(separatedBy: "```")[0]
    }
  }
}

/// Waits a moment for a condition.
func waitUntil(_ condition: () async throws -> Bool) async throws {
  let end = ContinuousClock.now + .seconds(20)
  while ContinuousClock.now < end {
    if try await condition() { return }
    try await Task.sleep(for: .milliseconds(20))
  }
  Issue.record("it did not come about")
}
