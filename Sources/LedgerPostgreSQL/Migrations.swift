/// The store's tables. Migrations are named and only ever appended.
struct Migration {
  let name: String
  let statements: [String]

  /// All there are, in order.
  static let all = [first]

  /// Their names, as one text: what a server must say that a ledger has.
  static var names: String { all.map(\.name).joined(separator: ",") }

  /// The table that says which were applied.
  static let table = """
    CREATE TABLE migration (
      place int8 PRIMARY KEY,
      name text NOT NULL UNIQUE,
      applied timestamptz NOT NULL DEFAULT clock_timestamp())
    """

  /// All that can be dropped and built again from leaves and payloads: made where it is missing.
  static let index = [
    """
    CREATE TABLE IF NOT EXISTS entry_index (
      entry int8 PRIMARY KEY,
      kind text COLLATE "C" NOT NULL,
      actor text COLLATE "C" NOT NULL,
      time int8 NOT NULL,
      subjects int8 NOT NULL,
      application text COLLATE "C",
      environment text COLLATE "C",
      run text COLLATE "C",
      controls text COLLATE "C")
    """,
    """
    CREATE TABLE IF NOT EXISTS subject_index (
      digest text COLLATE "C" NOT NULL,
      entry int8 NOT NULL,
      PRIMARY KEY (digest, entry))
    """,
    "CREATE INDEX IF NOT EXISTS entry_by_kind ON entry_index (kind, entry)",
    "CREATE INDEX IF NOT EXISTS entry_by_actor ON entry_index (actor, time)",
    """
    CREATE INDEX IF NOT EXISTS entry_by_application ON entry_index (application, time)
    WHERE application IS NOT NULL
    """,
    """
    CREATE INDEX IF NOT EXISTS entry_by_environment ON entry_index (environment, time)
    WHERE environment IS NOT NULL
    """,
    """
    CREATE INDEX IF NOT EXISTS entry_by_control ON entry_index (time) WHERE controls IS NOT NULL
    """,
    // Time goes with the place in the table, but for clocks that jump: a few bytes for many rows.
    "CREATE INDEX IF NOT EXISTS entry_by_time ON entry_index USING brin (time)",
    """
    CREATE TABLE IF NOT EXISTS index_form (
      one int8 PRIMARY KEY CHECK (one = 1),
      form int8 NOT NULL)
    """,
  ]

  /// The same tables as in SQLite. Identifiers are compared byte by byte, whatever the database's
  /// own order. A payload refers to its entry without a foreign key, which would write to the entry
  /// once more; verification finds a payload that belongs to none.
  private static let first = Migration(
    name: "v1",
    statements: [
      """
      CREATE TABLE entry (
        "index" int8 PRIMARY KEY CHECK ("index" >= 0),
        entry_id bytea NOT NULL UNIQUE CHECK (length(entry_id) = 16),
        leaf bytea NOT NULL)
      """,
      """
      CREATE TABLE node (
        level int2 NOT NULL CHECK (level >= 0),
        place int8 NOT NULL CHECK (place >= 0),
        hash bytea NOT NULL CHECK (length(hash) = 32),
        PRIMARY KEY (level, place))
      """,
      """
      CREATE TABLE payload (
        entry int8 PRIMARY KEY CHECK (entry >= 0),
        salt bytea NOT NULL CHECK (length(salt) = 32),
        envelope bytea,
        blob text COLLATE "C",
        CHECK ((envelope IS NULL) <> (blob IS NULL)))
      """,
      """
      CREATE TABLE checkpoint (
        size int8 PRIMARY KEY CHECK (size >= 0),
        note text NOT NULL,
        -- Sizes are no series: without the one before, a checkpoint could be taken away unseen.
        previous int8 NOT NULL)
      """,
      """
      CREATE TABLE log (
        one int8 PRIMARY KEY CHECK (one = 1),
        origin text NOT NULL,
        key text NOT NULL)
      """,
      """
      CREATE TABLE remnant (
        erasure int8 NOT NULL,
        sort text COLLATE "C" NOT NULL,
        name text COLLATE "C" NOT NULL,
        PRIMARY KEY (erasure, sort, name))
      """,
    ] + additions + index)
}
