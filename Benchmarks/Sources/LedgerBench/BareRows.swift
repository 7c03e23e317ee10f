import Foundation
import GRDB

/// The rows that one ledger entry makes, of the same sizes, without what makes them mean anything.
enum BareRows {
  static let schema = """
    CREATE TABLE entry ("index" INTEGER PRIMARY KEY, entry_id BLOB NOT NULL UNIQUE,
      leaf BLOB NOT NULL) STRICT;
    CREATE TABLE node (level INTEGER NOT NULL, place INTEGER NOT NULL, hash BLOB NOT NULL,
      PRIMARY KEY (level, place)) STRICT, WITHOUT ROWID;
    CREATE TABLE payload (entry INTEGER PRIMARY KEY, salt BLOB NOT NULL, envelope BLOB,
      blob TEXT) STRICT;
    CREATE TABLE checkpoint (size INTEGER PRIMARY KEY, note TEXT NOT NULL) STRICT;
    CREATE TABLE entry_index (entry INTEGER PRIMARY KEY, kind TEXT NOT NULL, actor TEXT NOT NULL,
      time INTEGER NOT NULL, subjects INTEGER NOT NULL DEFAULT 0, application TEXT,
      environment TEXT, run TEXT, controls TEXT) STRICT;
    CREATE INDEX entry_by_actor ON entry_index (actor, kind, time);
    CREATE INDEX entry_by_application ON entry_index (application, time)
      WHERE application IS NOT NULL;
    CREATE INDEX entry_by_environment ON entry_index (environment, time)
      WHERE environment IS NOT NULL;
    CREATE INDEX entry_by_control ON entry_index (time) WHERE controls IS NOT NULL;
    CREATE TABLE subject_index (digest TEXT NOT NULL, entry INTEGER NOT NULL,
      PRIMARY KEY (digest, entry)) STRICT, WITHOUT ROWID;
    """

  private static let note = String(repeating: "n", count: 170)
  private static let digest = "sha256:" + String(repeating: "d", count: 64)

  /// Inserts what entry `number` makes.
  static func insert(_ number: Int64, _ db: Database) throws {
    func run(_ sql: String, _ arguments: StatementArguments) throws {
      try db.cachedStatement(sql: sql).execute(arguments: arguments)
    }
    var generator = SystemRandomNumberGenerator()
    let identifier = Data((0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) })
    try run("INSERT INTO entry VALUES (?, ?, ?)", [number, identifier, Data(count: 330)])
    try run(
      "INSERT INTO payload VALUES (?, ?, ?, NULL)",
      [number, Data(count: 32), Data(count: envelopeLength)])
    try run(
      "INSERT INTO entry_index VALUES (?, 'step', 'pipeline', ?, 1, 'ward-list', NULL, ?, NULL)",
      [number, number, runID])
    try run("INSERT INTO subject_index VALUES (?, ?)", [digest, number])
    var place = number
    var level = 0
    try run("INSERT INTO node VALUES (?, ?, ?)", [level, place, Data(count: 32)])
    while place & 1 == 1 {
      place >>= 1
      level += 1
      try run("INSERT INTO node VALUES (?, ?, ?)", [level, place, Data(count: 32)])
    }
    try run("INSERT INTO checkpoint VALUES (?, ?)", [number + 1, note])
  }
}
