import Ledger

/// The end of the ledger as the last append of a connection left it.
///
/// As long as nobody else appends, a transaction can be made ready behind it and sent as a whole,
/// in one exchange with the server. Whether it was so is found out in the transaction, behind the
/// lock; if not, nothing is inserted.
struct Tail {
  let range: CompactRange
  let note: String

  /// The statement that says whether the ledger still ends here, whether the server flushes, and
  /// whether none of these entries is there: `on` or `off`, which the statements after it go by.
  func check(_ ids: [[UInt8]], key: NoteKey) -> SQLCommand {
    SQLCommand(
      """
      SELECT set_config('pratique.go', CASE WHEN
        (SELECT coalesce(max("index") + 1, 0) FROM entry) = $1::int8
        AND (SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1) = $2::text
        AND (SELECT l.key FROM log l WHERE one = 1) = $3::text
        AND (SELECT string_agg(name, ',' ORDER BY place) FROM migration) = $4::text
        AND NOT EXISTS (SELECT 1 FROM entry WHERE entry_id = ANY ($5::bytea[]))
        AND current_setting('fsync') = 'on' AND current_setting('full_page_writes') = 'on'
        AND current_setting('synchronous_commit') IN ('on', 'remote_apply')
        THEN 'on' ELSE 'off' END, true)
      """,
      [
        .integer(range.size), .text(note), .text(key.description), .text(Migration.names),
        .byteses(ids),
      ])
  }
}
