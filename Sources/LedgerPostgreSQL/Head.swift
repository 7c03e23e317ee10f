import Ledger
import Model

/// The end of the ledger, locked: until the transaction ends nobody else appends.
struct Head {
  /// The tree as it is.
  let range: CompactRange
  /// The last checkpoint.
  let note: String?
  /// The size that the last checkpoint covers.
  let signedSize: Int64
  /// The indices of those of the asked entry ids that are there.
  let known: [[UInt8]: Int64]

  /// The end as it was left, without asking.
  init(_ tail: Tail) {
    range = tail.range
    note = tail.note
    signedSize = tail.range.size
    known = [:]
  }

  /// Begins a transaction, waits for whoever appends now, and reads the end of the ledger.
  ///
  /// Each statement sees what was committed before it began, so what follows the lock sees all that
  /// the one before has done, also of a transaction whose connection was cut while it committed.
  ///
  /// - Throws: `ServerError`, or `Problem` with `ledgerDamaged`, or `inputOutput` for a server that
  ///   would say "committed" before it is durable.
  init(locking session: Session, key: NoteKey, ids: [[UInt8]], place: String) throws {
    let answers = try session.run([
      Self.begin, Self.lock,
      SQLCommand(
        """
        SELECT coalesce(max("index") + 1, 0), current_setting('fsync'),
          current_setting('full_page_writes'), current_setting('synchronous_commit'),
          (SELECT string_agg(name, ',' ORDER BY place) FROM migration) FROM entry
        """),
      // The rows that follow are inserted when it was found that they may be.
      SQLCommand("SELECT set_config('pratique.go', 'on', true)"),
      SQLCommand("SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1"),
      SQLCommand(
        """
        SELECT n.level, n.place, n.hash
        FROM (SELECT coalesce(max("index") + 1, 0) AS size FROM entry) AS tree,
          generate_series(0, 62) AS l
          JOIN node AS n ON n.level = l::int2
        WHERE (tree.size >> l) & 1 = 1 AND n.place = (tree.size >> l) - 1
        """),
      SQLCommand(
        "SELECT entry_id, \"index\" FROM entry WHERE entry_id = ANY ($1::bytea[])",
        [.byteses(ids)]),
    ])
    guard answers[1].count == 1, answers[1].text(0, 0) == key.description else {
      throw Problem(.notTrusted, "the schema holds another ledger now", at: place)
    }
    let state = answers[2]
    guard state.text(0, 4) == Migration.names else {
      throw Problem(
        .ledgerDamaged, "the ledger's tables are of another version of this program", at: place)
    }
    try Self.checkDurable(state, place)
    range = try Self.range(size: state.integer(0, 0), answers[5])
    note = answers[4].count == 0 ? nil : answers[4].text(0, 0)
    signedSize = try Self.signedSize(note, range)
    var known: [[UInt8]: Int64] = [:]
    for row in 0..<answers[6].count {
      known[answers[6].bytes(row, 0) ?? []] = try answers[6].integer(row, 1)
    }
    self.known = known
  }

  /// Begins. Who falls silent with the lock in hand must not stop all others.
  static let begin = SQLCommand(
    "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
  /// Waits for whoever appends now.
  static let lock = SQLCommand(
    """
    SELECT key, set_config('idle_in_transaction_session_timeout', '5s', true) FROM log
    WHERE one = 1 FOR UPDATE
    """)

  private static func checkDurable(_ state: Answer, _ place: String) throws {
    for (column, name) in [(1, "fsync"), (2, "full_page_writes")] {
      guard state.text(0, column) == "on" else {
        throw Problem(
          .inputOutput, "the server has \(name) off: what it acknowledges may be lost", at: place,
          advice: "Set \(name) = on in the server's configuration; nothing was recorded.")
      }
    }
    guard ["on", "remote_apply"].contains(state.text(0, 3)) else {
      throw Problem(
        .inputOutput, "the server does not wait until a commit is durable", at: place,
        advice: "Reach it without a pooler that shares sessions; nothing was recorded.")
    }
  }

  private static func range(size: Int64, _ edges: Answer) throws -> CompactRange {
    var hashes: [NodePlace: TreeHash] = [:]
    for row in 0..<edges.count {
      let place = NodePlace(level: Int(try edges.integer(row, 0)), index: try edges.integer(row, 1))
      hashes[place] = edges.bytes(row, 2).flatMap { TreeHash($0) }
    }
    return try CompactRange(size: size) { place in
      guard let hash = hashes[place] else {
        throw Problem(
          .ledgerDamaged,
          "the stored hash at level \(place.level), place \(place.index) is missing")
      }
      return hash
    }
  }

  /// What the last checkpoint covers. One that covers all must have the root that the stored hashes
  /// lead to, or the next would be signed over something else than the last.
  private static func signedSize(_ note: String?, _ range: CompactRange) throws -> Int64 {
    guard let note else { return 0 }
    let checkpoint = try Checkpoint(body: SignedNote(note).text)
    guard checkpoint.size <= range.size else {
      throw Problem(
        .ledgerDamaged,
        "the last checkpoint covers \(checkpoint.size) entries, there are \(range.size)")
    }
    guard checkpoint.size < range.size || checkpoint.root == range.root else {
      throw Problem(.ledgerDamaged, "the stored hashes do not lead to the last checkpoint's root")
    }
    return checkpoint.size
  }
}
