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
    return migrator
  }
}
