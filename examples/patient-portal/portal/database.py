"""Connections to PostgreSQL, and the schema, which numbered migrations build."""

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2

from portal import logs

MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_LOCK = 712_404_001  # any number, the same in every instance


class Unavailable(Exception):
    """The database cannot be reached now, or every connection is busy."""


class Pool:
    """At most `size` connections, opened when they are first needed."""

    def __init__(self, url: str, size: int, wait: float = 1.0, connect=psycopg2.connect):
        self._url = url
        self._wait = wait
        self._connect = connect
        self.size = size
        self._free: queue.LifoQueue = queue.LifoQueue()
        for _ in range(size):
            self._free.put(None)

    def take(self):
        try:
            connection = self._free.get(timeout=self._wait)
        except queue.Empty:
            raise Unavailable("every database connection is busy") from None
        if connection is not None:
            return connection
        try:
            return self._connect(
                self._url,
                connect_timeout=2,
                application_name="patient-portal",
                options="-c statement_timeout=5000",
            )
        except psycopg2.Error:
            self._free.put(None)
            raise Unavailable("the database does not answer") from None

    def give_back(self, connection) -> None:
        if connection.closed:
            connection = None
        self._free.put(connection)

    @contextmanager
    def transaction(self) -> Iterator:
        """A cursor; what it did is committed at the end, or undone when anything is raised."""
        connection = self.take()
        try:
            with connection, connection.cursor() as cursor:
                yield cursor
        except (psycopg2.OperationalError, psycopg2.InterfaceError):
            connection.close()
            raise Unavailable("the database broke off") from None
        finally:
            self.give_back(connection)


class Database:
    def __init__(self, pool: Pool):
        self.pool = pool
        self.transaction = pool.transaction
        self._stop = threading.Event()

    @staticmethod
    def migrations() -> list[tuple[int, str, str]]:
        """Number, name and SQL of each migration, in order."""
        return [(int(path.name[:4]), path.stem, path.read_text()) for path in sorted(MIGRATIONS.glob("[0-9]*.sql"))]

    def migrate(self) -> list[str]:
        """Applies what is missing. Several instances may start at once: the lock lets one work and the others wait."""
        applied = []
        with self.transaction() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (MIGRATION_LOCK,))
            cursor.execute(
                "CREATE TABLE IF NOT EXISTS schema_migration"
                " (number integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())"
            )
            cursor.execute("SELECT number FROM schema_migration")
            there = {row[0] for row in cursor.fetchall()}
            for number, name, sql in self.migrations():
                if number not in there:
                    cursor.execute(sql)
                    cursor.execute("INSERT INTO schema_migration (number, name) VALUES (%s, %s)", (number, name))
                    applied.append(name)
        return applied

    def ready(self) -> str | None:
        """Why the database cannot be used now, or nothing. A newer schema is fine: migrations only add."""
        try:
            with self.transaction() as cursor:
                cursor.execute("SELECT number FROM schema_migration")
                there = {row[0] for row in cursor.fetchall()}
        except Unavailable:
            return "database not reachable"
        except psycopg2.Error:
            return "database schema not there"
        missing = [name for number, name, _ in self.migrations() if number not in there]
        return "database schema not up to date" if missing else None

    def migrate_in_background(self) -> None:
        """So that the process is alive, though not ready, while the database is not there yet."""

        def work() -> None:
            while not self._stop.is_set():
                try:
                    for name in self.migrate():
                        logs.write("info", "migration applied", migration=name)
                    return
                except Unavailable:
                    self._stop.wait(0.5)
                except psycopg2.Error as error:
                    logs.write("error", "migration failed", code=error.pgcode)
                    self._stop.wait(5)

        threading.Thread(target=work, name="migrate", daemon=True).start()
