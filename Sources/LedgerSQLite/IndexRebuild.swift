import Foundation
import GRDB
import Ledger
import Model

extension SQLiteLedger {
  private static let page: Int64 = 500

  /// Makes the index say what follows from leaves and payloads, page by page.
  ///
  /// Rows that are right are left alone, so that a sound index is only read. A page is one
  /// transaction: appends go on in between, and whoever interrupts it loses nothing.
  ///
  /// - Parameter progress: is told the entries that were gone through, and how many there are.
  /// - Returns: the number of entries of which the index said something else.
  /// - Throws: `Problem`, `CancellationError`.
  public func rebuildIndex(
    progress: @Sendable (_ done: Int64, _ all: Int64) -> Void
  ) async throws -> Int64 {
    try await write { try $0.execute(sql: Schema.index) }
    // What SQLite keeps beside the rows may lie, while the rows do not.
    let isOrderly = try await query {
      try String.fetchAll($0, sql: "PRAGMA integrity_check('entry_index')") == ["ok"]
    }
    if !isOrderly { try await write { try $0.execute(sql: "REINDEX entry_index") } }
    var start: Int64 = 0
    var changed: Int64 = 0
    while true {
      try Task.checkCancellation()
      let first = start
      let (size, rows) = try await query { db in
        let snapshot = LedgerSnapshot(db: db)
        return (try snapshot.size(), try snapshot.rows(first..<first + Self.page))
      }
      if start >= size { break }
      var expected: [IndexedEntry] = []
      for row in rows { expected.append(try await IndexedEntry(entry(row))) }
      let page = expected
      let differing = try await query { db in
        try page.filter { try !IndexRows(db: db).match($0) }
      }
      if !differing.isEmpty { try await write { try IndexRows(db: $0).replace(differing) } }
      changed += Int64(differing.count)
      start = min(start + Self.page, size)
      progress(start, size)
    }
    try await removeStrays()
    try await write { try IndexRows(db: $0).setForm() }
    return changed
  }

  private func removeStrays() async throws {
    try await write { db in
      try db.execute(
        sql: "DELETE FROM entry_index WHERE entry < 0 OR entry >= ?",
        arguments: [try LedgerSnapshot(db: db).size()])
    }
    guard try await query({ try IndexRows(db: $0).hasStraySubjects() }) else { return }
    var last: IndexRows.SubjectRow? = IndexRows.SubjectRow(digest: "", entry: -1)
    while let place = last {
      try Task.checkCancellation()
      last = try await write { try IndexRows(db: $0).sweepSubjects(after: place) }
    }
  }
}

extension IndexRows {
  /// A row of the index of subjects.
  struct SubjectRow {
    let digest: String
    let entry: Int64
  }

  /// Writes the rows of entries anew. What only the payload says is left out where the payload was
  /// erased since it was read.
  func replace(_ entries: [IndexedEntry]) throws {
    let inserts = try Inserts(db: db)
    for entry in entries {
      try db.execute(sql: "DELETE FROM entry_index WHERE entry = ?", arguments: [entry.index])
      for subject in entry.subjects {
        try db.execute(
          sql: "DELETE FROM subject_index WHERE digest = ? AND entry = ?",
          arguments: [subject.description, entry.index])
      }
      try inserts.insert(entry)
      let isErased =
        try Int64.fetchOne(
          db, sql: "SELECT 1 FROM payload WHERE entry = ?", arguments: [entry.index]) == nil
      if isErased { try removeFacts(of: entry.index) }
    }
  }

  /// Whether there are more rows than subjects.
  func hasStraySubjects() throws -> Bool {
    let rows = try Int64.fetchOne(db, sql: "SELECT COUNT(*) FROM subject_index")
    return try rows ?? 0 != Int64.fetchOne(db, sql: "SELECT SUM(subjects) FROM entry_index") ?? 0
  }

  /// Goes through the next rows of the index of subjects and takes away those that no leaf asks for.
  ///
  /// - Returns: the last row that was looked at; `nil` at the end.
  func sweepSubjects(after place: SubjectRow) throws -> SubjectRow? {
    let rows = try GRDB.Row.fetchAll(
      db,
      sql: """
        SELECT s.digest, s.entry, e.leaf FROM subject_index s LEFT JOIN entry e ON e."index" = s.entry
        WHERE (s.digest, s.entry) > (?, ?) ORDER BY s.digest, s.entry LIMIT 5000
        """, arguments: [place.digest, place.entry])
    var last: SubjectRow?
    for row in rows {
      let subject = SubjectRow(digest: row["digest"], entry: row["entry"])
      last = subject
      let leaf = try (row["leaf"] as Data?).map { try Leaf(bytes: Array($0)) }
      let isAsked = leaf?.subjects.contains { $0.description == subject.digest } ?? false
      guard !isAsked else { continue }
      try db.execute(
        sql: "DELETE FROM subject_index WHERE digest = ? AND entry = ?",
        arguments: [subject.digest, subject.entry])
    }
    return last
  }
}
