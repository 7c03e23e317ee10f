import GRDB

/// The store's tables. Migrations are named and only ever appended.
enum Schema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("v1") { db in
      try db.execute(
        sql: """
          CREATE TABLE entry (
            "index" INTEGER PRIMARY KEY CHECK ("index" >= 0),
            entry_id BLOB NOT NULL UNIQUE CHECK (length(entry_id) = 16),
            leaf BLOB NOT NULL
          ) STRICT;
          CREATE TABLE node (
            level INTEGER NOT NULL CHECK (level >= 0),
            place INTEGER NOT NULL CHECK (place >= 0),
            hash BLOB NOT NULL CHECK (length(hash) = 32),
            PRIMARY KEY (level, place)
          ) STRICT, WITHOUT ROWID;
          CREATE TABLE payload (
            entry INTEGER PRIMARY KEY REFERENCES entry ("index"),
            salt BLOB NOT NULL CHECK (length(salt) = 32),
            envelope BLOB,
            blob TEXT,
            CHECK ((envelope IS NULL) <> (blob IS NULL))
          ) STRICT;
          CREATE TABLE checkpoint (
            size INTEGER PRIMARY KEY CHECK (size >= 0),
            note TEXT NOT NULL
          ) STRICT;
          CREATE TABLE log (
            only INTEGER PRIMARY KEY CHECK (only = 1),
            origin TEXT NOT NULL,
            key TEXT NOT NULL
          ) STRICT;
          -- From here on all can be dropped and built again from the leaves.
          CREATE TABLE entry_index (
            entry INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            actor TEXT NOT NULL,
            time INTEGER NOT NULL
          ) STRICT;
          CREATE INDEX entry_by_kind ON entry_index (kind, entry);
          CREATE TABLE subject_index (
            digest TEXT NOT NULL,
            entry INTEGER NOT NULL,
            PRIMARY KEY (digest, entry)
          ) STRICT, WITHOUT ROWID;
          """)
    }
    migrator.registerMigration("facts") { db in
      try db.execute(
        sql: """
          ALTER TABLE entry_index ADD COLUMN subjects INTEGER NOT NULL DEFAULT 0;
          ALTER TABLE entry_index ADD COLUMN application TEXT;
          ALTER TABLE entry_index ADD COLUMN environment TEXT;
          ALTER TABLE entry_index ADD COLUMN run TEXT;
          ALTER TABLE entry_index ADD COLUMN controls TEXT;
          DROP INDEX entry_by_kind;
          """)
      try db.execute(sql: index)
    }
    migrator.registerMigration("remnants") { db in
      try db.execute(
        sql: """
          CREATE TABLE IF NOT EXISTS remnant (
            erasure INTEGER NOT NULL,
            sort TEXT NOT NULL,
            name TEXT NOT NULL,
            PRIMARY KEY (erasure, sort, name)
          ) STRICT, WITHOUT ROWID;
          """)
    }
    migrator.registerMigration("checkpoint additions") { try $0.execute(sql: additions) }
    migrator.registerMigration("checkpoint-chain") { db in
      // Sizes are no series: without the one before, a checkpoint could be taken away unseen.
      try db.execute(
        sql: """
          ALTER TABLE checkpoint ADD COLUMN previous INTEGER;
          UPDATE checkpoint SET previous = COALESCE(
            (SELECT MAX(earlier.size) FROM checkpoint earlier WHERE earlier.size < checkpoint.size),
            0);
          CREATE TRIGGER checkpoint_chain AFTER INSERT ON checkpoint BEGIN
            UPDATE checkpoint SET previous = COALESCE(
              (SELECT MAX(earlier.size) FROM checkpoint earlier WHERE earlier.size < NEW.size), 0)
            WHERE size = NEW.size;
          END;
          """)
    }
    return migrator
  }

  /// All that can be dropped and built again from leaves and payloads: made where it is missing.
  ///
  /// One index serves actor, kind and period: there are few actors, and few kinds of each, so that
  /// a query without an actor looks into each in turn. An entry more costs one page less that way.
  static let index = """
    CREATE TABLE IF NOT EXISTS entry_index (
      entry INTEGER PRIMARY KEY,
      kind TEXT NOT NULL,
      actor TEXT NOT NULL,
      time INTEGER NOT NULL,
      subjects INTEGER NOT NULL DEFAULT 0,
      application TEXT,
      environment TEXT,
      run TEXT,
      controls TEXT
    ) STRICT;
    CREATE TABLE IF NOT EXISTS subject_index (
      digest TEXT NOT NULL,
      entry INTEGER NOT NULL,
      PRIMARY KEY (digest, entry)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS entry_by_actor ON entry_index (actor, kind, time);
    CREATE INDEX IF NOT EXISTS entry_by_application ON entry_index (application, time)
      WHERE application IS NOT NULL;
    CREATE INDEX IF NOT EXISTS entry_by_environment ON entry_index (environment, time)
      WHERE environment IS NOT NULL;
    CREATE INDEX IF NOT EXISTS entry_by_control ON entry_index (time) WHERE controls IS NOT NULL;
    CREATE TABLE IF NOT EXISTS index_form (
      only INTEGER PRIMARY KEY CHECK (only = 1),
      form INTEGER NOT NULL
    ) STRICT;
    """
}
