"""What tests share: synthetic resources, a database that remembers its questions, and a portal on a real socket."""

import http.client
import json
import threading
from contextlib import contextmanager

from portal.app import Application, Request
from portal.appointments import Appointments
from portal.config import Config
from portal.patients import Patients
from portal.server import Portal

TOKEN = "token-of-the-tests-only"


def patient(**changes) -> dict:
    """A person who does not exist."""
    resource = {
        "resourceType": "Patient",
        "identifier": [{"system": "urn:example:mrn", "value": "EX-0001"}],
        "name": [{"family": "Exemplar", "given": ["Ada", "Test"]}],
        "gender": "female",
        "birthDate": "1990-02-01",
    }
    return {**resource, **changes}


def appointment(patient_id: str, **changes) -> dict:
    resource = {
        "resourceType": "Appointment",
        "status": "booked",
        "start": "2026-03-01T09:00:00Z",
        "end": "2026-03-01T09:30:00Z",
        "participant": [{"actor": {"reference": "Patient/" + patient_id}, "status": "accepted"}],
    }
    return {**resource, **changes}


class Cursor:
    """Writes down each statement and its values, and answers with rows that were laid out before."""

    def __init__(self, rows: list):
        self.statements: list[tuple[str, tuple]] = []
        self.rows = rows

    def execute(self, sql: str, values=()) -> None:
        self.statements.append((sql, tuple(values)))

    def fetchone(self):
        return self.rows.pop(0) if self.rows else None

    def fetchall(self) -> list:
        rows, self.rows = self.rows, []
        return rows


class FakeDatabase:
    def __init__(self, rows: list | None = None, reason: str | None = None):
        self.cursor = Cursor(rows or [])
        self.reason = reason

    @contextmanager
    def transaction(self):
        yield self.cursor

    def ready(self) -> str | None:
        return self.reason


def config(**changes) -> Config:
    settings = {"database_url": "postgresql://none.invalid/portal", "token": TOKEN, "port": 0, "version": "1.2.3"}
    return Config(**{**settings, "drain_seconds": 0.2, **changes})


def application(database=None, **changes) -> Application:
    database = database or FakeDatabase()
    return Application(config(**changes), database, Patients(database), Appointments(database))


def ask(app: Application, method: str, target: str, body: dict | bytes = b"", **headers: str):
    """One request past the socket, with the right token unless another `authorization` is given."""
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {"authorization": "Bearer " + TOKEN, "content-type": "application/fhir+json", **headers}
    return app.answer(Request(method, target, {name.replace("_", "-"): value for name, value in given.items()}, body))


@contextmanager
def running(app: Application, **changes):
    """A portal on a loopback port; it is drained at the end."""
    portal = Portal(config(**changes), app, host="127.0.0.1")
    thread = threading.Thread(target=portal.serve)
    thread.start()
    try:
        yield portal
    finally:
        portal.begin_drain()
        thread.join(timeout=10)
        assert not thread.is_alive(), "the portal did not stop"


def http_ask(connection: http.client.HTTPConnection, method: str, target: str, body=None, **headers: str):
    """Status, headers and JSON of one request over an open connection."""
    given = {"Authorization": "Bearer " + TOKEN, "Content-Type": "application/fhir+json"}
    given.update({name.replace("_", "-"): value for name, value in headers.items()})
    connection.request(method, target, body if body is None or isinstance(body, bytes) else json.dumps(body), given)
    response = connection.getresponse()
    raw = response.read()
    return response.status, response.headers, json.loads(raw) if raw else None
