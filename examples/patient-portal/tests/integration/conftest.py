"""A portal on a real PostgreSQL, whose address is in DATABASE_URL. Without one these tests fail: they never skip."""

import http.client
import os
import time
from dataclasses import replace

import psycopg2
import pytest

from portal.app import Application
from portal.appointments import Appointments
from portal.database import Database, Pool
from portal.patients import Patients
from support import config, http_ask, running


@pytest.fixture(scope="session")
def database_url() -> str:
    url = os.environ.get("DATABASE_URL")
    if not url:
        pytest.fail("DATABASE_URL is not set: the integration tests need a PostgreSQL", pytrace=False)
    deadline = time.monotonic() + 20
    while True:
        try:
            psycopg2.connect(url, connect_timeout=2).close()
            return url
        except psycopg2.OperationalError:
            if time.monotonic() > deadline:
                pytest.fail("the PostgreSQL in DATABASE_URL does not answer", pytrace=False)
            time.sleep(0.2)


@pytest.fixture
def clean(database_url) -> str:
    """The database with nothing in it: no tables, no migrations."""
    connection = psycopg2.connect(database_url)
    with connection, connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS appointment, patient, schema_migration")
    connection.close()
    return database_url


@pytest.fixture
def database(clean):
    database = Database(Pool(clean, 4))
    database.migrate()
    yield database
    for _ in range(database.pool.size):
        connection = database.pool.take()
        connection.close()


@pytest.fixture
def client(database, clean):
    """Asks a running portal over one connection: client(method, target, body) gives status, headers and JSON."""
    settings = replace(config(), database_url=clean)
    app = Application(settings, database, Patients(database), Appointments(database))
    with running(app) as portal:
        connection = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=10)
        yield lambda *arguments, **headers: http_ask(connection, *arguments, **headers)
        connection.close()
