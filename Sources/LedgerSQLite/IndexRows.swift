import Foundation
import GRDB
import Ledger
import Model

/// The rows of the index: what follows from leaves and payloads, written, compared and taken away.
struct IndexRows {
  let db: Database

  /// Writes the rows of an entry that has none yet.
  func insert(_ entry: IndexedEntry) throws {
    let facts = entry.facts ?? EntryFacts()
    try db.cachedStatement(
      sql: """
        INSERT INTO entry_index
        (entry, kind, actor, time, subjects, application, environment, run, controls)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      entry.index, entry.kind.rawValue, entry.actor, entry.time.milliseconds,
      entry.subjects.count, facts.application, facts.environment, facts.run,
      Self.text(facts.controls),
    ])
    for subject in entry.subjects {
      try db.cachedStatement(sql: "INSERT INTO subject_index (digest, entry) VALUES (?, ?)")
        .execute(arguments: [subject.description, entry.index])
    }
  }

  /// Takes away what only the payload said: for the transaction that erases the payload.
  func removeFacts(of entry: Int64) throws {
    try db.cachedStatement(
      sql: """
        UPDATE entry_index SET application = NULL, environment = NULL, run = NULL, controls = NULL
        WHERE entry = ?
        """
    ).execute(arguments: [entry])
  }

  /// Whether the index says of an entry exactly what it must. Subjects are looked up one by one, so
  /// that it costs the same in a long ledger; rows too many are counted by `strays`.
  func match(_ entry: IndexedEntry) throws -> Bool {
    let row = try GRDB.Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT i.kind, i.actor, i.time, i.subjects, i.application, i.environment, i.run,
            i.controls, e.entry_id FROM entry_index i
          JOIN entry e ON e."index" = i.entry WHERE i.entry = ?
          """), arguments: [entry.index])
    // In a damaged file a value may be of any type, which is then another one.
    func says(_ column: String, _ value: (some DatabaseValueConvertible)?) -> Bool {
      row?[column] as DatabaseValue? == value.databaseValue
    }
    guard row != nil, says("kind", entry.kind.rawValue), says("actor", entry.actor),
      says("time", entry.time.milliseconds), says("subjects", entry.subjects.count),
      says("entry_id", bytes(entry.entryID))
    else { return false }
    if let facts = entry.facts {
      let isSame =
        says("application", facts.application) && says("environment", facts.environment)
        && says("run", facts.run) && says("controls", Self.text(facts.controls))
      guard isSame else { return false }
    }
    return try entry.subjects.allSatisfy { subject in
      try Bool.fetchOne(
        db.cachedStatement(
          sql: "SELECT EXISTS (SELECT 1 FROM subject_index WHERE digest = ? AND entry = ?)"),
        arguments: [subject.description, entry.index]) ?? false
    }
  }

  /// Rows that belong to no entry. Where every entry has all its rows, a row more in the whole is
  /// one that no leaf asks for.
  func strays(size: Int64) throws -> [String] {
    func count(_ sql: String) throws -> Int64 { try Int64.fetchOne(db, sql: sql) ?? 0 }
    var faults: [String] = []
    if try count("SELECT COUNT(*) FROM entry_index") != size {
      faults.append("the index of entries has another number of rows than the ledger")
    }
    if try count("SELECT COUNT(*) FROM subject_index")
      != count("SELECT SUM(subjects) FROM entry_index")
    {
      faults.append("the index of subjects has another number of rows than there are subjects")
    }
    if try form() != EntryFacts.form {
      faults.append("the index was not built by this version of the program, or not to its end")
    }
    return faults
  }

  /// The form in which the index was built; `nil` when it was not built to its end.
  func form() throws -> Int64? {
    try Int64.fetchOne(db.cachedStatement(sql: "SELECT form FROM index_form WHERE only = 1"))
  }

  /// Says that the index is whole, in this program's form.
  func setForm() throws {
    try db.execute(
      sql: "INSERT OR REPLACE INTO index_form (only, form) VALUES (1, ?)",
      arguments: [EntryFacts.form])
  }

  /// Controls as one text in which each stands between spaces; no fact holds a space.
  static func text(_ controls: [String]) -> String? {
    controls.isEmpty ? nil : " \(controls.joined(separator: " ")) "
  }
}
