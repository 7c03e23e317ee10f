public import Ledger
import Model

extension PostgreSQLLedger {
  /// Appends an erasure and removes the payloads that it names, in one transaction.
  ///
  /// The role must own the tables, or be allowed to delete payloads and to change the index.
  ///
  /// - Returns: the index of the erasure's entry, after the server has flushed its write-ahead log.
  /// - Throws: `Problem`; then nothing was changed, unless the problem says that this is not known.
  public func erase(
    _ erasure: EntryDraft, payloads: [Int64], remnants: [Remnant], logSigner: LogSigner,
    ifSize expected: Int64
  ) async throws -> Int64 {
    try await append(
      [erasure], logSigner: logSigner, ifSize: expected,
      erasing: PayloadErasure(payloads: payloads, remnants: remnants))[0]
  }

  /// Removes payloads with their salts, and what the index knows of them, from a copy of a ledger
  /// whose erasures name them. `scrub` is called afterwards.
  ///
  /// - Throws: `Problem`; then nothing was changed.
  public func removePayloads(_ entries: [Int64]) async throws {
    guard !entries.isEmpty else { return }
    try await write(PayloadErasure.removal(of: entries))
  }

  /// Writes the tables that held erased rows anew, and lets the server give up the segments of its
  /// write-ahead log that are of the past.
  ///
  /// What left the server is out of reach: archived segments, standbys, backups. Segments that the
  /// server reuses keep old bytes until they are written again, unless `wal_recycle` is off
  /// (`docs/postgresql.md`).
  ///
  /// - Throws: `Problem` with `busy` while somebody still reads an older state; `notTrusted` when
  ///   the role may not do it.
  public func scrub() async throws {
    // Rows that are dead but might still be seen by an older snapshot are carried along.
    for table in ["payload", "entry_index", "remnant"] {
      try await write(outside: "VACUUM (FULL, ANALYZE) \(table)")
    }
    let left = try await query { session in
      try session.run([
        SQLCommand(
          """
          SELECT count(*) FROM pg_stat_activity
          WHERE datname = current_database() AND pid <> pg_backend_pid()
            AND backend_xmin IS NOT NULL AND xact_start < transaction_timestamp() - interval '1 s'
          """)
      ])[0].integers()
    }
    guard left == [0] else {
      throw Problem(
        .busy,
        "somebody reads the database as it was before an erasure, so that old rows are kept",
        at: place, advice: "End it, then finish with: pratique ledger expire")
    }
    try await write(outside: "SELECT pg_switch_wal()")
    try await write(outside: "CHECKPOINT")
  }

  /// Runs a statement that stands in no transaction of ours.
  private func write(outside statement: String) async throws {
    do {
      _ = try await pool.lend { connection in
        try await connection.run { session in
          try session.run([SQLCommand("SELECT set_config('lock_timeout', '5s', false)")])
          defer {
            _ = try? session.run([SQLCommand("SELECT set_config('lock_timeout', '30s', false)")])
          }
          try session.run([SQLCommand(statement)])
          return true
        }
      }
    } catch let error as ServerError {
      throw error.problem(place)
    }
  }

  /// What earlier erasures left to be removed.
  public func remnants() async throws -> [Remnant] {
    let place = place
    return try await query { session in
      let answer = try session.run([
        SQLCommand("SELECT erasure, sort, name FROM remnant ORDER BY erasure, sort, name")
      ])[0]
      return try (0..<answer.count).map { row in
        let sort = answer.text(row, 1) ?? ""
        guard let known = Remnant.Sort(rawValue: sort) else {
          throw Problem(.ledgerDamaged, "a remnant of sort \"\(sort)\" is not known", at: place)
        }
        return Remnant(
          known, name: answer.text(row, 2) ?? "", erasure: try answer.integer(row, 0))
      }
    }
  }

  /// Forgets remnants that were removed.
  public func forget(_ remnants: [Remnant]) async throws {
    guard !remnants.isEmpty else { return }
    try await write([
      SQLCommand(
        """
        DELETE FROM remnant r USING unnest($1::int8[], $2::text[], $3::text[]) AS d (e, s, n)
        WHERE r.erasure = d.e AND r.sort = d.s AND r.name = d.n
        """,
        [
          .integers(remnants.map(\.erasure)), .texts(remnants.map(\.sort.rawValue)),
          .texts(remnants.map(\.name)),
        ])
    ])
  }
}
