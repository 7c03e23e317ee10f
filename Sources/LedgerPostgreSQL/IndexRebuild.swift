import Ledger
import Model

extension PostgreSQLLedger {
  private static let page: Int64 = 500

  /// Makes the index say what follows from leaves and payloads, page by page.
  ///
  /// Rows that are right are left alone. A page is one transaction: appends go on in between, and
  /// whoever interrupts it loses nothing. The role must own the tables, or be allowed to change
  /// those of the index.
  ///
  /// - Parameter progress: is told the entries that were gone through, and how many there are.
  /// - Returns: the number of entries of which the index said something else.
  /// - Throws: `Problem`, `CancellationError`.
  public func rebuildIndex(
    progress: @Sendable (_ done: Int64, _ all: Int64) -> Void
  ) async throws -> Int64 {
    try await makeIndexTables()
    var start: Int64 = 0
    var changed: Int64 = 0
    while true {
      try Task.checkCancellation()
      let first = start
      let (size, rows) = try await read { reader in
        (try reader.size(), try reader.rows(first..<first + Self.page))
      }
      if start >= size { break }
      var expected: [IndexedEntry] = []
      for row in rows { expected.append(try await IndexedEntry(entry(row))) }
      let page = expected
      let differing = try await query { try IndexRows(session: $0).differing(page) }
      if !differing.isEmpty { try await write(Self.replacement(differing)) }
      changed += Int64(differing.count)
      start = min(start + Self.page, size)
      progress(start, size)
    }
    try await removeStrays()
    try await write([IndexRows.formCommand])
    return changed
  }

  private func makeIndexTables() async throws {
    let schema = address.schema
    for statement in Migration.index {
      try await write([
        SQLCommand("SELECT set_config('search_path', $1::text, true)", [.text("\"\(schema)\"")]),
        SQLCommand(statement),
      ])
    }
  }

  /// Writes the rows of entries anew. What only the payload says is left out where the payload was
  /// erased since it was read.
  private static func replacement(_ entries: [IndexedEntry]) -> [SQLCommand] {
    let indices = SQLValue.integers(entries.map(\.index))
    return [
      SQLCommand("DELETE FROM subject_index WHERE entry = ANY ($1::int8[])", [indices]),
      SQLCommand("DELETE FROM entry_index WHERE entry = ANY ($1::int8[])", [indices]),
    ] + IndexRows.insertion(entries) + [
      SQLCommand(
        """
        UPDATE entry_index i
        SET application = NULL, environment = NULL, run = NULL, controls = NULL
        WHERE entry = ANY ($1::int8[])
          AND NOT EXISTS (SELECT 1 FROM payload p WHERE p.entry = i.entry)
        """, [indices])
    ]
  }

  /// Takes away rows that belong to no entry, or that no leaf asks for.
  private func removeStrays() async throws {
    try await write([
      SQLCommand(
        "DELETE FROM entry_index i WHERE NOT EXISTS"
          + " (SELECT 1 FROM entry e WHERE e.\"index\" = i.entry)")
    ])
    guard try await read({ try !$0.strayIndexFaults().isEmpty }) else { return }
    // A leaf names a subject on a line of its own.
    try await write([
      SQLCommand(
        """
        DELETE FROM subject_index s WHERE NOT EXISTS (
          SELECT 1 FROM entry e WHERE e."index" = s.entry
            AND position(convert_to(E'\\nsubject ' || s.digest || E'\\n', 'UTF8') IN e.leaf) > 0)
        """)
    ])
  }

  /// Runs statements in one transaction.
  func write(_ commands: [SQLCommand]) async throws {
    do {
      try await pool.lend { connection in
        try await connection.run { session in
          _ = try session.commit([SQLCommand("BEGIN")] + commands + [SQLCommand("COMMIT")])
        }
      }
    } catch let error as ServerError {
      throw error.problem(place)
    }
  }
}
