import Ledger
import Model

extension Session {
  /// Makes the schema and its tables, all or nothing, with the row that names the log.
  ///
  /// - Throws: `Problem` with `badInput` when there is a ledger already, or `ServerError`.
  func create(schema: String, origin: String, key: String, place: String) throws {
    let encoding = try run([SQLCommand("SELECT current_setting('server_encoding')")])[0]
    guard encoding.text(0, 0) == "UTF8" else {
      throw Problem(
        .badInput, "the database's encoding is \(encoding.text(0, 0) ?? "unknown"), not UTF8",
        at: place)
    }
    // Two that make one ledger at once: the second waits and then finds the first one's.
    _ = try run([
      SQLCommand("BEGIN"),
      SQLCommand("SELECT pg_advisory_xact_lock(hashtextextended($1::text, 0))", [.text(schema)]),
    ])
    do {
      guard try !holdsLedger(schema) else {
        throw Problem(
          .badInput, "there is a ledger already", at: place,
          advice: "Name another schema: ?schema=NAME. What an init that was interrupted has left"
            + " can be dropped by the schema's owner.")
      }
      // The name was checked when the address was read: letters, digits and underscores.
      try run([
        SQLCommand("CREATE SCHEMA IF NOT EXISTS \"\(schema)\""),
        SQLCommand("SELECT set_config('search_path', '\"\(schema)\", pg_temp', true)"),
      ])
      try run([SQLCommand(Migration.table)])
      for (number, migration) in Migration.all.enumerated() {
        // One after the other: each may rest on the one before.
        for statement in migration.statements { try run([SQLCommand(statement)]) }
        try run([
          SQLCommand(
            "INSERT INTO migration (place, name) VALUES ($1::int8, $2::text)",
            [.integer(Int64(number)), .text(migration.name)])
        ])
      }
      let committed = try run([
        SQLCommand(
          "INSERT INTO log (one, origin, key) VALUES (1, $1::text, $2::text)",
          [.text(origin), .text(key)]), IndexRows.formCommand, SQLCommand("COMMIT"),
      ])
      guard committed.last?.command == "COMMIT" else {
        throw ServerError.lost("the server took the change back")
      }
    } catch {
      _ = try? run([SQLCommand("ROLLBACK")])
      throw error
    }
  }

  /// Whether the schema holds a ledger.
  func holdsLedger(_ schema: String) throws -> Bool {
    let found = try run([
      SQLCommand("SELECT to_regclass('\"' || $1::text || '\".log') IS NOT NULL", [.text(schema)])
    ])[0]
    return try found.integer(0, 0) != 0
  }

  /// Looks at the schema before anything is read or written.
  ///
  /// - Returns: the log's key.
  /// - Throws: `Problem` with `notFound` or `ledgerDamaged`, or `ServerError`.
  func checkShape(schema: String, place: String) throws -> String {
    guard try holdsLedger(schema) else {
      throw Problem(
        .notFound, "there is no ledger here, or none that the role may see", at: place,
        advice: "Make one with: pratique ledger init --store ADDRESS")
    }
    let answers = try run([
      SQLCommand("SELECT string_agg(name, ',' ORDER BY place) FROM migration"),
      SQLCommand("SELECT key FROM log WHERE one = 1"),
      SQLCommand(
        """
        SELECT relname::text FROM pg_class WHERE relnamespace = $1::text::regnamespace
          AND relkind = 'r' AND relpersistence <> 'p'
        """, [.text("\"\(schema)\"")]),
    ])
    guard answers[0].text(0, 0) == Migration.names else {
      throw Problem(
        .ledgerDamaged, "the ledger's tables are of another version of this program", at: place,
        advice: "Use the version that made them, or carry the ledger over with: pratique ledger"
          + " migrate")
    }
    guard answers[1].count == 1, let key = answers[1].text(0, 0) else {
      throw Problem(.ledgerDamaged, "the schema names no log", at: place)
    }
    guard answers[2].count == 0 else {
      throw Problem(
        .ledgerDamaged,
        "the table \(answers[2].text(0, 0) ?? "") is unlogged: a crash of the server would empty it",
        at: place)
    }
    return key
  }
}
