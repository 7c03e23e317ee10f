import Attestation
import Foundation
import GRDB
import Ledger
import LedgerSQLite
import Model
import TestKit
import Testing

/// A ledger whose entries speak of applications, environments, runs and controls.
private struct IndexedLedger {
  let sample: SampleLedger

  /// What entry 1 and on say; entry 0 is the trust root.
  static let statements: [[String: String]] = [
    ["application": "ward-list", "run": "r1"],
    ["application": "ward-list", "environment": "production", "run": "r1"],
    ["application": "pharmacy", "environment": "production", "control": "hipaa.164.312.b"],
    ["environment": "staging", "control": "hipaa.164.312.c"],
    ["urn:pratique:application": "ward-list", "urn:pratique:run": "r2"],
    ["application": "no fact, since it has spaces"],
    ["application": "ward-list", "filler": String(repeating: "x", count: 20_000)],
  ]

  init() async throws {
    sample = try await SampleLedger()
    for statement in Self.statements {
      _ = try await sample.append([sample.draft(.step, statement)])
    }
  }

  func ask(_ query: EntryQuery, limit: Int = 100, after: Int64? = nil) async throws -> [Int64] {
    try await sample.ledger.read { try $0.indices(matching: query, limit: limit, after: after) }
  }

  /// Changes the file as nobody may.
  func alter(_ sql: String) async throws {
    let queue = try DatabaseQueue(path: sample.path)
    try await queue.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA foreign_keys = OFF; PRAGMA writable_schema = ON")
      try db.execute(sql: sql)
    }
    try queue.close()
  }

  func rebuild() async throws -> Int64 { try await sample.ledger.rebuildIndex { _, _ in } }

  /// Every answer that the tests below know.
  func answers() async throws -> [[Int64]] {
    let from = sample.time
    return [
      try await ask(EntryQuery()), try await ask(EntryQuery(application: "ward-list")),
      try await ask(EntryQuery(environment: "production")),
      try await ask(EntryQuery(application: "ward-list", environment: "production")),
      try await ask(EntryQuery(run: "r2")), try await ask(EntryQuery(control: "hipaa.164.312.b")),
      try await ask(EntryQuery(kind: .trustRoot)), try await ask(EntryQuery(actor: "runner")),
      try await ask(EntryQuery(actor: "nobody")),
      try await ask(EntryQuery(subject: .sha256("thing".utf8), kind: .step)),
      try await ask(EntryQuery(from: from, to: from.advanced(byMilliseconds: 1))),
      try await ask(EntryQuery(from: from.advanced(byMilliseconds: 1))),
      try await ask(EntryQuery(kind: .step), limit: 2, after: 3),
    ]
  }

  static let expected: [[Int64]] = [
    Array(0...7), [1, 2, 5, 7], [2, 3], [2], [5], [3], [0], Array(0...7), [], Array(1...7),
    Array(0...7), [], [4, 5],
  ]
}

@Suite("Index of a SQLite ledger")
struct IndexTests {
  @Test("finds by application, environment, run, control, subject, kind, actor and period")
  func queries() async throws {
    let ledger = try await IndexedLedger()
    #expect(try await ledger.answers() == IndexedLedger.expected)
    #expect(try await ledger.sample.ledger.verify().isSound)
  }

  @Test(
    "an index that lies is found, and is whole after it was built again",
    arguments: [
      "UPDATE entry_index SET application = 'pharmacy' WHERE entry = 1",
      "UPDATE entry_index SET application = NULL WHERE entry = 7",
      "UPDATE entry_index SET environment = 'production' WHERE entry = 1",
      "UPDATE entry_index SET run = NULL WHERE entry = 2",
      "UPDATE entry_index SET controls = ' a ' WHERE entry = 3",
      "UPDATE entry_index SET kind = 'approval' WHERE entry = 1",
      "UPDATE entry_index SET time = time + 1 WHERE entry = 1",
      "UPDATE entry_index SET actor = 'ana' WHERE entry = 1",
      "UPDATE entry_index SET subjects = 2 WHERE entry = 1",
      "DELETE FROM entry_index WHERE entry = 3", "DELETE FROM subject_index WHERE entry = 3",
      "INSERT INTO entry_index (entry, kind, actor, time) VALUES (99, 'step', 'runner', 5)",
      "INSERT INTO subject_index VALUES ('sha256:00', 2)",
      "INSERT INTO subject_index VALUES ('sha256:00', 99)",
      "DELETE FROM index_form", "UPDATE index_form SET form = 0",
    ])
  func lies(sql: String) async throws {
    let ledger = try await IndexedLedger()
    try await ledger.alter(sql)
    #expect(try await !ledger.sample.ledger.verify().isSound)
    _ = try await ledger.rebuild()
    let report = try await ledger.sample.ledger.verify()
    #expect(report.isSound, "\(report.faults)")
    #expect(try await ledger.answers() == IndexedLedger.expected)
    #expect(try await ledger.rebuild() == 0)
  }

  @Test("an index that was dropped answers nothing until it is built again")
  func dropped() async throws {
    let ledger = try await IndexedLedger()
    try await ledger.alter(
      "DROP TABLE entry_index; DROP TABLE subject_index; DROP TABLE index_form")
    await #expect(throws: Problem(.ledgerDamaged, "")) { try await ledger.answers() }
    #expect(try await ledger.rebuild() == 8)
    #expect(try await ledger.answers() == IndexedLedger.expected)
    #expect(try await ledger.sample.ledger.verify().isSound)
  }

  @Test(
    "a ledger of the version before is brought up to date, and says that its index is not whole")
  func older() async throws {
    let ledger = try await IndexedLedger()
    try ledger.sample.ledger.close()
    try await ledger.alter(
      """
      DROP TABLE index_form; DROP INDEX entry_by_actor; DROP INDEX entry_by_application;
      DROP INDEX entry_by_environment; DROP INDEX entry_by_control;
      CREATE INDEX entry_by_kind ON entry_index (kind, entry);
      ALTER TABLE entry_index DROP COLUMN subjects; ALTER TABLE entry_index DROP COLUMN application;
      ALTER TABLE entry_index DROP COLUMN environment; ALTER TABLE entry_index DROP COLUMN run;
      ALTER TABLE entry_index DROP COLUMN controls;
      DROP TABLE cosignature; DROP TABLE timestamp; DROP TABLE remnant;
      DROP TRIGGER checkpoint_chain; ALTER TABLE checkpoint DROP COLUMN previous;
      DELETE FROM grdb_migrations WHERE identifier <> 'v1';
      """)
    #expect(throws: Problem(.ledgerDamaged, "")) {
      try SQLiteLedger.open(at: ledger.sample.path, blobs: ledger.sample.blobs, readOnly: true)
    }
    let opened = try SQLiteLedger.open(at: ledger.sample.path, blobs: ledger.sample.blobs)
    await #expect(throws: Problem(.ledgerDamaged, "")) {
      try await opened.read { try $0.indices(matching: EntryQuery(), limit: 1, after: nil) }
    }
    #expect(try await opened.rebuildIndex { _, _ in } == 8)
    #expect(try await opened.verify().isSound)
  }

  @Test("appends during a rebuild are indexed; a cancelled rebuild can be called again")
  func interrupted() async throws {
    let ledger = try await IndexedLedger()
    try await ledger.alter(
      "DELETE FROM entry_index; DELETE FROM subject_index; DELETE FROM index_form")
    let store = ledger.sample.ledger
    let task = Task {
      try await store.rebuildIndex { _, _ in withUnsafeCurrentTask { $0?.cancel() } }
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try await ledger.sample.append([ledger.sample.draft(.step, ["run": "r3"])]) == [8])
    _ = try await ledger.rebuild()
    #expect(try await ledger.ask(EntryQuery(run: "r3")) == [8])
    #expect(try await store.verify().isSound)
  }
}
